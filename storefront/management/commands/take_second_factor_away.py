"""The way back in for an owner who lost phone and recovery codes, from the server itself."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from storefront.second_factor import resetting


class Command(BaseCommand):
    help = "Take somebody's second factor away and sign them out; they set up a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose it is")
        parser.add_argument("--reason", required=True, help="kept in the history of the account")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, or say why not."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("No account has this address.")
        try:
            resetting.take_away(of_id=user.pk, reason=options["reason"], by=None, at=timezone.now())
        except resetting.ResettingRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Done: {user.email} sets up a new one at the next sign-in.")
