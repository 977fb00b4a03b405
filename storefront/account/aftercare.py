"""The customer's page of the days after one session."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from storefront.account.own_shelf import own_products, suggestions
from storefront.account.personal import customer, personal
from storefront.account.timeline import timeline_of
from treatments.aftercare import LAST_DAY
from treatments.models import SessionPass
from treatments.sessions_had import SessionHad, sessions_had
from treatments.spacing import clinic_day


@personal
@require_safe
def aftercare(request: HttpRequest, public_id: UUID, entry_id: int) -> HttpResponse:
    """Show what is gentle enough today, what has to wait, and what to watch for."""
    at, user = timezone.now(), customer(request)
    had = own_session(request, public_id, entry_id)
    own = own_products(user, request=request)
    told = timeline_of(had, own, on=clinic_day(at))
    fitting = suggestions(
        had.rules,
        day=told.day,
        leaving_out=[each.page_id for each in own],
        at=at,
        request=request,
    )
    context = {
        "had": had,
        "told": told,
        "signs": list(had.protocol.warning_signs.all()),
        "suggestions": [] if told.is_over else fitting,
        "last_day": LAST_DAY,
    }
    return render(request, "storefront/account/aftercare.html", context)


def own_session(request: HttpRequest, public_id: UUID, entry_id: int) -> SessionHad:
    """Return a session of whoever is signed in.

    :raises Http404: if there is none, it was put back, it is somebody else's, or no protocol says
        anything of the days after it.
    """
    passes = SessionPass.objects.owned_by(customer(request)).filter(public_id=public_id)
    found = [each for each in sessions_had(passes) if each.entry.pk == entry_id and each.windows]
    if not found:
        raise Http404("No session is found here.")
    return found[0]
