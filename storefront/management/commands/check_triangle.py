"""Say which treatments, packages, kits and articles do not lead to one another."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from storefront import triangle


class Command(BaseCommand):
    """Names every missing side; fails while a live package lacks a reviewed article."""

    help = (
        "Name the missing sides between treatments, packages, aftercare kits and articles."
        " Exits with an error while a live package has no clinically reviewed article."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print a line for each missing side.

        :raises CommandError: if a live package has no clinically reviewed article.
        """
        for each in triangle.missing_sides():
            self.stdout.write(f"{each.kind} “{each.page.title}” lacks {each.lacks}.")
        unexplained = triangle.packages_without_reviewed_article()
        if unexplained:
            titles = ", ".join(f"“{page.title}”" for page in unexplained)
            message = f"No reviewed article can be read about: {titles}."
            raise CommandError(message)
        self.stdout.write("Every live package has a reviewed article.")
