"""What the buttons on a mail's screen do."""

from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from outbox import mail
from outbox.models import OutboundMail


class ResendView(PermissionCheckedMixin, View):
    """Send a mail again, for those who may."""

    http_method_names: tuple[str, ...] = ("post",)
    model = OutboundMail
    permission_required = "resend"
    inspect_url_name = ""

    def post(self, request: HttpRequest, pk: int, **_kwargs: Any) -> HttpResponseBase:
        original = get_object_or_404(OutboundMail, pk=pk)
        shown = original
        try:
            by = cast(AbstractBaseUser, request.user)
            shown = mail.resend(mail_id=original.pk, by=by, at=timezone.now())
        except mail.AlreadyOnItsWay as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "A copy is on its way.")
        return redirect(self.inspect_url_name, shown.pk)
