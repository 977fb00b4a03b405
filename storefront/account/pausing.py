"""Pause one's own pass, and end the pause."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from checkout.views.leaving import SeeOther
from storefront.account.home import own_pass
from storefront.account.personal import customer, personal
from treatments import ledger, own_pauses


class PauseForm(forms.Form):
    """From which day until which, and a token that stands for one press of the button."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z")
    from_on = forms.DateField()
    until_on = forms.DateField()


@personal
@require_POST
def pause(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let one's own pass rest."""
    row = own_pass(request, public_id)
    back = SeeOther(reverse("my:pass", args=[row.public_id]))
    form = PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed. Please say from which day until which.")
        return back
    try:
        own_pauses.pause(
            pass_id=row.pk,
            from_on=form.cleaned_data["from_on"],
            until_on=form.cleaned_data["until_on"],
            reference=f"{own_pauses.PAUSE}:{form.cleaned_data['token']}",
            by=customer(request),
            at=timezone.now(),
        )
    except (ledger.PassRefused, ledger.ReferenceTaken) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Your pass is paused; the days are added to its end.")
    return back


@personal
@require_POST
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End one's own pause today, or call it off."""
    row = own_pass(request, public_id)
    at = timezone.now()
    ending = own_pauses.own_pauses(row, list(row.entries.order_by("pk")), at=at).ending
    if ending is None:
        messages.info(request, "There is no pause of yours to end.")
        return SeeOther(reverse("my:pass", args=[row.public_id]))
    try:
        reference = f"own-resume:{ending.pk}"
        own_pauses.resume(pause=ending, reference=reference, by=customer(request), at=at)
    except ledger.PassRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The pause is over; your pass can be used again.")
    return SeeOther(reverse("my:pass", args=[row.public_id]))
