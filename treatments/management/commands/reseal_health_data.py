"""Seal all health data with the newest key, after which older keys can be dropped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.sealing import Unreadable
from treatments import health_data


class Command(BaseCommand):
    help = (
        "Seal answers, words and notes with the first of HEALTH_DATA_KEYS. Afterwards the others"
        " can be dropped. Exits with an error, and changes nothing, if a key is missing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Reseal everything and say how much it was.

        :raises CommandError: if something was sealed with a key that is not named any more.
        """
        try:
            done = health_data.reseal_all()
        except Unreadable as refusal:
            message = "Something was sealed with a key that HEALTH_DATA_KEYS does not name."
            raise CommandError(message) from refusal
        self.stdout.write(f"{done} rows are sealed with the newest key.")
