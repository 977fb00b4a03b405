"""Files on an order: kept and deleted by whoever writes notes, saved by whoever sees the order."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from accounts.models import User
from checkout import order_files
from checkout.models import Order, OrderFile
from checkout.returns.files import FileRefused
from checkout.views.order import private
from checkout.viewsets.order_buttons import OrderButtonView


class AddFileView(OrderButtonView):
    """Keep a file with an order."""

    permission_required = "note"
    log_action = "checkout.add_file"

    def press(self, request: HttpRequest, order: Order) -> None:
        by, at = cast(User, request.user), timezone.now()
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, "Choose a file first.")
            return
        try:
            kept = order_files.add(order_id=order.pk, file=file, by=by, at=at)
        except (FileRefused, order_files.TooManyFiles) as refusal:
            messages.error(request, str(refusal))
        else:
            self.say_done(request, order, f"{kept.name} is kept with the order.")


class DropFileView(OrderButtonView):
    """Delete a file of an order."""

    permission_required = "note"
    log_action = "checkout.drop_file"

    def press(self, request: HttpRequest, order: Order, file_id: int = 0) -> None:
        by, at = cast(User, request.user), timezone.now()
        if order_files.drop(order_id=order.pk, file_id=file_id, by=by, at=at):
            self.say_done(request, order, "The file is deleted.")
        else:
            messages.warning(request, "The file was deleted before.")


class OrderFileView(PermissionCheckedMixin, View):
    """A file of an order: saved, never shown by a browser in our name."""

    model = Order
    permission_required = "view"

    def get(self, _request: HttpRequest, pk: int, file_id: int, **_kwargs: Any) -> HttpResponse:
        file = get_object_or_404(OrderFile, pk=file_id, order=pk)
        response = HttpResponse(bytes(file.data), content_type=file.content_type)
        header = content_disposition_header(as_attachment=True, filename=file.name)
        response["Content-Disposition"] = header
        response["X-Content-Type-Options"] = "nosniff"
        return private(response)
