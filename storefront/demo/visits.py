"""What the clinic has done with its passes: practitioners, protocols and past sessions."""

import datetime as dt

from storefront.demo import content, people
from treatments import ledger, symptom_reports
from treatments.models import (
    AftercareWindow,
    CareTag,
    LedgerEntry,
    Practitioner,
    Protocol,
    SessionPass,
    Treatment,
    WarningSign,
)
from treatments.symptom_reports import About, Told
from treatments.symptoms import Felt, Sign, advise


def add_protocols() -> None:
    """Add who gives sessions, and the first version of every treatment's rules."""
    facts = content.facts("protocols")
    for one in facts["practitioner"]:
        gives = Treatment.objects.filter(slug__in=one.pop("gives"))
        Practitioner.objects.create(**one).treatments.set(gives)
    for protocol in facts["protocol"]:
        _add_protocol(protocol, facts)


def add_sessions(at: dt.datetime) -> None:
    """Let customers have had the sessions that the data file tells of, oldest first."""
    visits = content.facts("protocols")["visit"]
    givers = {one.name: one.pk for one in Practitioner.objects.all()}
    for number, visit in enumerate(sorted(visits, key=lambda visit: -visit["days_ago"])):
        row = _pass_of(visit)
        if row is None:
            continue
        moment = at - dt.timedelta(days=visit["days_ago"])
        if moment <= row.created_at:
            continue
        entry = ledger.redeem(
            pass_id=row.pk,
            reference=f"demo:visit:{number}",
            by=people.desk(),
            at=moment,
            practitioner_id=givers[visit["by"]],
            note=visit.get("note", ""),
        )
        if "report" in visit:
            _add_report(entry, visit["report"])


def _add_report(entry: LedgerEntry, facts: content.Facts) -> None:
    """Let a customer have told the clinic what they noticed."""
    signs = WarningSign.objects.filter(
        protocol__treatment=entry.session_pass.treatment_id, sign__in=facts["signs"]
    )
    felt = Felt(
        signs=[Sign(sign.usual_hours, sign.beyond) for sign in signs],
        is_something_else=False,
        strength=facts["strength"],
        lasting=facts["lasting"],
        hours_since=facts["hours_after"],
    )
    symptom_reports.report(
        entry=entry,
        told=Told(
            signs=tuple(facts["signs"]),
            strength=facts["strength"],
            lasting=facts["lasting"],
            words=facts["words"],
            advice=advise(felt).name,
        ),
        about=About(facts["product"], facts["batch"]),
        submission_key="demo",
        at=entry.happened_at + dt.timedelta(hours=facts["hours_after"]),
    )


def _add_protocol(facts: content.Facts, all_facts: content.Facts) -> None:
    rules = {name: facts[name] for name in ("min_days", "recommended_days", "preparation")}
    protocol = Protocol(
        treatment=Treatment.objects.get(slug=facts["treatment"]),
        version=1,
        what_is_new="The first version",
        most_in_course=facts.get("most_in_course"),
        rest_days=facts.get("rest_days"),
        sources=all_facts["sources"],
        reviewed_by=all_facts["reviewed_by"],
        reviewed_on=all_facts["reviewed_on"],
        **rules,
    )
    tags = [(tag, tag.gentle_from_day) for tag in CareTag.objects.all()]
    protocol.aftercare_windows = [
        *(AftercareWindow(**window) for window in facts["habit"]),
        *(AftercareWindow(care_tag=tag, from_day=day) for tag, day in tags if day is not None),
    ]
    protocol.warning_signs = [WarningSign(**sign) for sign in all_facts["sign"]]
    protocol.save()


def _pass_of(visit: content.Facts) -> SessionPass | None:
    """Return a pass with something left, of the customer and treatment that a visit was for."""
    passes = SessionPass.objects.filter(
        holder_email=visit["customer"], treatment__slug=visit["treatment"]
    )
    return passes.with_sessions_left().order_by("pk").first()
