"""Lock all that people have of sessions at once, in the one order: gifts, appointments, passes."""

from collections.abc import Iterable

from accounts.person import Person
from treatments.models import Appointment, Gift, SessionPass


def lock_all_of(people: Iterable[Person]) -> None:
    """Lock what people have, what they could claim, and the passes that their gifts are of.

    Each kind is locked by its ids, as the desk locks the passes of whoever comes. The caller is
    inside a transaction, and has locked their orders.
    """
    found = list(people)
    users = [person.user.pk for person in found]
    emails = [email for person in found for email in person.emails]
    theirs = SessionPass.objects.of_holders(owner_ids=users, emails=emails)
    gifts = Gift.objects.waiting_with(users, emails)
    given = gifts.order_by("pk").select_for_update().values_list("session_pass_id", flat=True)
    wanted = {*given, *theirs.values_list("pk", flat=True)}
    visits = Appointment.objects.open().filter(session_pass__in=wanted).order_by("pk")
    list(visits.select_for_update().values_list("pk"))
    passes = SessionPass.objects.filter(pk__in=wanted).order_by("pk")
    list(passes.select_for_update().values_list("pk"))
