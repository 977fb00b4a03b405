"""Drop what the database itself refuses, in the database of a negative control."""

import copy
import datetime as dt

from django.db import connection, models

from outbox.models import OutboundMail
from treatments.models import LedgerEntry, SessionPass

EFFECT_KEYS: list[tuple[type[models.Model], str]] = [
    (SessionPass, "grant_reference"),
    (LedgerEntry, "reference"),
    (OutboundMail, "effect_key"),
]


def drop_keys(*, at: dt.datetime) -> int:
    """Let the same grant and the same mail be written any number of times."""
    for model, name in EFFECT_KEYS:
        unique = model._meta.get_field(name)
        free = copy.copy(unique)
        free._unique = False
        with connection.schema_editor() as editor:
            editor.alter_field(model, unique, free)
    return len(EFFECT_KEYS)
