"""The customer's appointments: ask for one, accept a time, move it, cancel it."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkout.models import Holiday
from checkout.pass_cards import pass_cards
from checkout.views.leaving import SeeOther
from storefront.account import ics
from storefront.account.appointment_form import AppointmentForm
from storefront.account.appointment_mails import FILE_NAME, invitation_of
from storefront.account.home import own_pass
from storefront.account.personal import customer, personal
from treatments import appointments, ledger
from treatments.models import OPEN_STATUSES, Appointment, AppointmentStatus, SessionPass
from treatments.spacing import clinic_day

SHOWN_PAST = 20


@personal
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Show what is asked for and agreed, what is over, and the passes with a session free."""
    user, at = customer(request), timezone.now()
    rows = appointments.of_user(user)
    cards = pass_cards(SessionPass.objects.owned_by(user), at=at)
    context = {
        "coming": list(rows.open().order_by("starts_at", "pk")),
        "past": list(rows.exclude(status__in=OPEN_STATUSES)[:SHOWN_PAST]),
        "passes": [card for card in cards if card.is_ready],
    }
    return render(request, "storefront/account/appointments.html", context)


@personal
@require_safe
def one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one appointment with what can be done about it now."""
    row, at = _own(request, public_id), timezone.now()
    context = {
        "row": row,
        "pass": row.session_pass,
        "treatment": row.session_pass.treatment,
        "times": [day for day in row.days.all() if day.starts_at and day.starts_at > at],
        "is_open": row.status in OPEN_STATUSES,
        "counts": appointments.counts_by_now(row, at=at),
        "rules": appointments.rules_of(row.session_pass.treatment),
    }
    return render(request, "storefront/account/appointment.html", context)


@personal
@require_safe
def calendar_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand out a confirmed appointment for a calendar."""
    row = _own(request, public_id)
    visit = invitation_of(row) if row.status == AppointmentStatus.CONFIRMED else None
    if visit is None:
        raise Http404("There is no time that a calendar could take in.")
    answer = HttpResponse(ics.invitation(visit), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


@sensitive_post_parameters("words")
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for an appointment with a pass of one's own."""
    row, at = own_pass(request, public_id), timezone.now()

    def send(form: AppointmentForm) -> Appointment:
        return appointments.ask(
            pass_id=row.pk,
            asked=form.asked,
            closed_on=closed_days(at=at),
            reference=f"appointment:{form.cleaned_data['token']}",
            by=customer(request),
            at=at,
        )

    return _days_form(request, row, send, at=at, told="We have your request, and will answer it.")


@sensitive_post_parameters("words")
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for other days; a time that was agreed is given up."""
    row, at = _own(request, public_id), timezone.now()
    if row.status not in OPEN_STATUSES:
        messages.error(request, f"This appointment is {row.get_status_display()}.")
        return _back(row)

    def send(form: AppointmentForm) -> Appointment:
        return appointments.move(
            appointment_id=row.pk, asked=form.asked, closed_on=closed_days(at=at), at=at
        )

    told = "We have your new days, and will answer."
    return _days_form(request, row.session_pass, send, at=at, told=told, moved=row)


@personal
@require_POST
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Accept one of the times that the clinic suggests."""
    row, chosen = _own(request, public_id), request.POST.get("time", "")
    by_id = {str(day.pk): day.pk for day in row.days.all()}
    try:
        appointments.accept(appointment_id=row.pk, day_id=by_id.get(chosen, 0), at=timezone.now())
    except (appointments.AppointmentRefused, ledger.PassRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "It is agreed. You get a mail with a file for your calendar.")
    return _back(row)


@personal
@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Cancel one's own appointment, or take the request back."""
    row = _own(request, public_id)
    try:
        appointments.cancel(
            appointment_id=row.pk,
            knows_it_counts=request.POST.get("counts") == "1",
            by=customer(request),
            at=timezone.now(),
        )
    except appointments.AppointmentRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "It is cancelled.")
    return _back(row)


def closed_days(*, at: dt.datetime) -> set[dt.date]:
    """Return the days to come on which the shop, and so the clinic, is closed."""
    ahead = Holiday.objects.filter(country="", on__gte=clinic_day(at))
    return set(ahead.values_list("on", flat=True))


def _days_form(
    request: HttpRequest,
    row: SessionPass,
    send: Callable[[AppointmentForm], Appointment],
    *,
    at: dt.datetime,
    told: str,
    moved: Appointment | None = None,
) -> HttpResponse:
    """Show the form, or send it and lead to the appointment; what is refused is said beside it."""
    days = appointments.days_of(row, at=at, closed_on=closed_days(at=at), without=moved)
    form = AppointmentForm(request.POST or None, days=days, initial={"token": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            done = send(form)
        except (
            ledger.PassRefused,
            ledger.ReferenceTaken,
            appointments.AppointmentRefused,
        ) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, told)
            return _back(done)
    context = {
        "form": form,
        "pass": row,
        "treatment": row.treatment,
        "days": days,
        "moved": moved,
        "rules": appointments.rules_of(row.treatment),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "storefront/account/appointment_form.html", context, status=status)


def _own(request: HttpRequest, public_id: UUID) -> Appointment:
    """Return an appointment of whoever is signed in.

    :raises Http404: if there is none, or it is somebody else's.
    """
    found = appointments.of_user(customer(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404("No appointment is found here.")
    return found


def _back(row: Appointment) -> HttpResponse:
    return SeeOther(reverse("my:appointment", args=[row.public_id]))
