"""Where somebody is signed in, and a button that ends it: one browser, or all others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import sessions
from checkout.views.leaving import SeeOther
from storefront.account.personal import customer, personal


@personal
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Show each browser with the day on which it signed in."""
    found = sessions.sign_ins(
        of_id=customer(request).pk, this=request.session.session_key, at=timezone.now()
    )
    return render(request, "storefront/account/sign_ins.html", {"sign_ins": found})


@personal
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign out in the browser that was named, or in all but this one."""
    owner_id, this = customer(request).pk, request.session.session_key
    if "others" in request.POST:
        ended = sessions.end_all(of_id=owner_id, but=this)
        others = "1 other browser" if ended == 1 else f"{ended} other browsers"
        messages.success(request, f"Signed out in {others}.")
    elif sessions.end(of_id=owner_id, name=request.POST.get("browser", "")):
        messages.success(request, "Signed out there.")
    else:
        messages.info(request, "That browser was signed out already.")
    return SeeOther(reverse("my:sign_ins"))
