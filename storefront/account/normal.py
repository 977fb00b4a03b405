"""“Is this normal?”: say at once what to do, and tell the clinic if somebody wishes so."""

import datetime as dt
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sealing import Unreadable
from blog.spam import networks, rates, tries
from checkout.views.leaving import SeeOther
from storefront.account.aftercare import own_session
from storefront.account.own_shelf import own_products
from storefront.account.personal import customer, personal
from storefront.account.symptom_form import SOMETHING_ELSE, SymptomForm
from treatments import symptom_reports
from treatments.models import SymptomReport
from treatments.sessions_had import SessionHad
from treatments.symptom_reports import About, Told
from treatments.symptoms import Advice, Felt, Sign, advise


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, public_id: UUID, entry_id: int) -> HttpResponse:
    """Show the form; or compare what was chosen with the protocol, and say what to do."""
    had = own_session(request, public_id, entry_id)
    form = SymptomForm(
        request.POST if request.method == "POST" else None,
        initial={"key": uuid4().hex},
        signs=list(had.protocol.warning_signs.all()),
        products=own_products(customer(request), request=request),
    )
    if not form.is_valid():
        context = {"form": form, "had": had}
        status = 422 if form.is_bound else 200
        return render(request, "storefront/account/normal.html", context, status=status)
    at = timezone.now()
    advice = advise(_felt(form, had, at=at))
    if not form.cleaned_data["tells_clinic"]:
        return _advice_page(request, had, advice, kept="not")
    try:
        row = _report(request, form, had, advice, at=at)
    except rates.TooMany:
        # What to do does not wait for anything; only the clinic is not told.
        return _advice_page(request, had, advice, kept="too many", status=429)
    return SeeOther(reverse("my:report", args=[row.pk]))


@personal
@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show what to do once more, and whether the clinic has answered."""
    owned = SymptomReport.objects.filter(entry__session_pass__owner=customer(request))
    row = owned.select_related("entry__session_pass").filter(pk=report_id).first()
    if row is None:
        raise Http404("No report is found here.")
    had = own_session(request, row.entry.session_pass.public_id, row.entry_id)
    try:
        advice = Advice[symptom_reports.told_in(row).advice]
    except Unreadable:
        advice = Advice.CALL_US
    return _advice_page(request, had, advice, kept="kept", report=row)


def _felt(form: SymptomForm, had: SessionHad, *, at: dt.datetime) -> Felt:
    since = at - had.entry.happened_at
    return Felt(
        signs=[Sign(sign.usual_hours, sign.beyond) for sign in form.felt_signs],
        is_something_else=form.is_something_else,
        strength=form.cleaned_data["strength"],
        lasting=form.cleaned_data["lasting"],
        hours_since=since.total_seconds() / 3600,
    )


def _report(
    request: HttpRequest, form: SymptomForm, had: SessionHad, advice: Advice, *, at: dt.datetime
) -> SymptomReport:
    """Pass a report on to the clinic.

    :raises TooMany: if somebody sent too much lately.
    """
    chosen = form.cleaned_data
    tries.count(networks.origin_of(request, at=at), email=customer(request).email, at=at)
    named = [sign.sign for sign in form.felt_signs]
    told = Told(
        signs=(*named, "Something else") if SOMETHING_ELSE in chosen["signs"] else tuple(named),
        strength=chosen["strength"],
        lasting=chosen["lasting"],
        words=chosen["words"],
        advice=advice.name,
    )
    return symptom_reports.report(
        entry=had.entry,
        told=told,
        about=About(chosen["product"], chosen["batch"]),
        submission_key=chosen["key"],
        at=at,
    )


def _advice_page(
    request: HttpRequest,
    had: SessionHad,
    advice: Advice,
    *,
    kept: str,
    report: SymptomReport | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"had": had, "advice": advice.name, "kept": kept, "report": report}
    return render(request, "storefront/account/advice.html", context, status=status)
