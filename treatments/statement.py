"""A signed statement of a pass: every entry with its hash, to be checked without us.

What is signed is the whole statement but the signature, as JSON with sorted keys and without
spaces. `tools/verify_statement.py` checks one apart from the shop's code.
"""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from treatments.ledger.writing import facts_of
from treatments.models import SessionPass
from treatments.standing import standing_of
from treatments.statement_keys import key_id, signing_keys

FORMAT: Final = "galea-statement/1"


def signed_statement(row: SessionPass, *, at: dt.datetime) -> dict[str, Any]:
    """Return the statement of a pass as it stands, signed with the shop's newest key.

    :raises NotAKey: if a configured key is none.
    """
    entries = list(row.entries.order_by("pk"))
    standing = standing_of(row, entries)
    key = signing_keys()[0]
    said = {
        "format": FORMAT,
        "shop": settings.WAGTAIL_SITE_NAME,
        "made_at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "pass": str(row.public_id),
        "treatment": row.treatment.name,
        "sold_as": row.package_name,
        "left": standing.balance,
        "held": standing.held,
        "last_day": str(standing.expires_on or ""),
        "entries": [
            {"facts": facts_of(entry, session_pass=row), "hash": entry.entry_hash}
            for entry in entries
        ],
        "key": key_id(key),
    }
    signature = key.sign(canonical(said))
    return said | {"signature": base64.b64encode(signature).decode()}


def canonical(said: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
