"""Check that no entry of the session ledger was changed behind the shop's back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from treatments import ledger
from treatments.models import SessionPass


class Command(BaseCommand):
    """Names the first bad row and exits with an error; says how much it checked otherwise."""

    help = "Recompute the hash chain of every session pass."

    def handle(self, *_args: Any, **_options: Any) -> None:
        checked = 0
        for session_pass in (
            SessionPass.objects.order_by("pk")
            .prefetch_related("entries__note")
            .iterator(chunk_size=500)
        ):
            broken = ledger.verify(session_pass)
            if broken is not None:
                message = (
                    f"{session_pass}: entry {broken.entry_id} ({broken.reference})"
                    f" {broken.problem}."
                )
                raise CommandError(message)
            checked += 1
        self.stdout.write(f"{checked} passes checked, every entry is as it was written.")
