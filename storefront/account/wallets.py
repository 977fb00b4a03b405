"""One's own pass for the wallet of a phone, where the shop has the keys for it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from storefront.account import apple_wallet, google_wallet, wallet_keys
from storefront.account.home import own_pass
from storefront.account.personal import personal


@personal
@require_safe
def apple(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand out the file that Apple's wallet takes."""
    row = own_pass(request, public_id)
    if not wallet_keys.has_apple():
        raise Http404("The shop signs no passes for Apple's wallet.")
    response = HttpResponse(apple_wallet.drawn(row), content_type=apple_wallet.CONTENT_TYPE)
    name = f"pass-{str(row.public_id)[:8]}.pkpass"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@personal
@require_safe
def google(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Lead to Google, with all that its wallet takes in the address."""
    row = own_pass(request, public_id)
    if not wallet_keys.has_google():
        raise Http404("The shop signs no passes for Google's wallet.")
    return HttpResponseRedirect(google_wallet.link(row, at=timezone.now()))
