"""Words that one stranger sends to another: on one line, and without anything to click on."""

import re
from typing import Final

from django.core.exceptions import ValidationError

# What mail programs turn into a link: a dot with letters right after it, or a scheme.
_LINK: Final = re.compile(r"://|\w\.[^\W\d_]{2,}")
_NO_LINKS: Final = "Please write it without web addresses, and with a space after every full stop."


def plain_name(name: str) -> str:
    """Return a name on one line.

    :raises ValidationError: if there is a link in it.
    """
    check_no_links(name)
    return " ".join(name.split())


def check_no_links(words: str) -> None:
    """Check what somebody wrote to somebody else.

    :raises ValidationError: if there is a link in it.
    """
    if _LINK.search(words):
        raise ValidationError(_NO_LINKS)
