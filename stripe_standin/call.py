"""What a resource is given to answer one API call with."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stripe_standin.errors import ApiRefusal, missing_resource
from stripe_standin.store import Record, Transaction

MAX_METADATA_KEYS = 50
MAX_METADATA_KEY = 40
MAX_METADATA_VALUE = 500
EMPTY_METADATA: dict[str, str] = {}


@dataclass(frozen=True)
class Site:
    """What stays the same for the whole life of the process.

    settle_after: seconds until a delayed payment that settles by itself is settled.
    """

    public_url: str = "http://127.0.0.1:12111"
    merchant: str = "Demo shop"
    settle_after: int = 15


@dataclass(frozen=True)
class Call:
    """One API call, or one act on the pay page or control page, inside its transaction."""

    tx: Transaction
    now: int
    site: Site
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    request_id: str | None = None
    idempotency_key: str | None = None

    def find(self, kind: str, noun: str) -> Record:
        """Return the object named in the path.

        :raises ApiRefusal: 404, when there is none.
        """
        record = self.tx.find(kind, self.key)
        if record is None:
            raise missing_resource(noun, self.key)
        return record


def new_id(prefix: str, *, size: int = 12) -> str:
    """Return a fresh id such as `re_5f0c...`."""
    return f"{prefix}_{secrets.token_hex(size)}"


def checked_metadata(sent: Any, *, param: str = "metadata") -> dict[str, str]:
    """Return metadata for a new object; empty values set nothing.

    :raises ApiRefusal: when it has too many keys or too long ones (docs.stripe.com/api/metadata).
    """
    metadata: dict[str, str] = dict(sent or EMPTY_METADATA)
    if len(metadata) > MAX_METADATA_KEYS:
        raise ApiRefusal(
            f"You can only have {MAX_METADATA_KEYS} metadata keys on an object.", param=param
        )
    for key, value in metadata.items():
        if len(key) > MAX_METADATA_KEY:
            raise ApiRefusal(
                f"Metadata keys must have at most {MAX_METADATA_KEY} characters: {key[:60]!r}.",
                param=param,
            )
        if len(value) > MAX_METADATA_VALUE:
            raise ApiRefusal(
                f"Metadata values can have up to {MAX_METADATA_VALUE} characters, but you passed "
                f"in a value that is {len(value)} characters. Invalid value: {value[:60]}",
                param=f"{param}[{key}]",
            )
    return {key: value for key, value in metadata.items() if value}


def merged_metadata(stored: dict[str, str], sent: Any) -> dict[str, str]:
    """Return metadata after an update: an empty value unsets a key, `""` unsets all.

    :raises ApiRefusal: when the outcome has too many keys or too long ones.
    """
    if sent == "":
        return {}
    return checked_metadata({**stored, **dict(sent or EMPTY_METADATA)})
