"""Check a signed statement of a pass without the shop.

`python -m tools.verify_statement FILE KEYS`: FILE is the statement, KEYS what the shop publishes at
`/.well-known/galea-statement-keys.json`. Only this file, Python and the package `cryptography` are
needed; it shares no code with the shop.
"""

import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "galea-statement/1"
NOTHING_BEFORE = "0" * 64


class NotGenuine(ValueError):
    """The statement is not what the shop has signed, or does not fit together."""


def canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def verify(statement: Mapping[str, Any], keys: Sequence[Mapping[str, str]]) -> str:
    """Return a sentence about a genuine statement.

    :raises NotGenuine: if the signature, the chain or a sum is wrong.
    """
    if statement.get("format") != FORMAT:
        raise NotGenuine(f"This is not a statement of the format {FORMAT}.")
    _check_signature(statement, keys)
    _check_chain(statement)
    count = len(statement["entries"])
    return (
        f"Genuine: pass {statement['pass']}, {count} entries, {statement['left']} sessions left,"
        f" made at {statement['made_at']} by {statement['shop']}, key {statement['key']}."
    )


def _check_signature(statement: Mapping[str, Any], keys: Sequence[Mapping[str, str]]) -> None:
    known = {key["id"]: key["public_key"] for key in keys}
    if statement.get("key") not in known:
        raise NotGenuine("The shop publishes no such key.")
    raw = base64.b64decode(known[statement["key"]])
    if hashlib.sha256(raw).hexdigest()[:16] != statement["key"]:
        raise NotGenuine("The published key has another name than its own.")
    said = {name: value for name, value in statement.items() if name != "signature"}
    try:
        signature = base64.b64decode(str(statement.get("signature", "")), validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, canonical(said))
    except (InvalidSignature, binascii.Error) as refusal:
        raise NotGenuine("The signature is not of this statement.") from refusal


def _check_chain(statement: Mapping[str, Any]) -> None:
    before, left, held = NOTHING_BEFORE, 0, 0
    for number, entry in enumerate(statement["entries"], start=1):
        facts = entry["facts"]
        left, held = left + facts["sessions"], held + facts.get("held", 0)
        if facts["pass"] != statement["pass"] or facts["previous"] != before:
            raise NotGenuine(f"Entry {number} does not follow the one before it.")
        if hashlib.sha256(canonical(facts)).hexdigest() != entry["hash"]:
            raise NotGenuine(f"Entry {number} does not match its own hash.")
        if facts.get("balance_after", left) != left or left < 0:
            raise NotGenuine(f"Entry {number} does not leave what the entries sum up to.")
        before = entry["hash"]
    if (left, held) != (statement["left"], statement["held"]):
        raise NotGenuine("The entries do not sum up to what is left.")


def main() -> int:
    if len(sys.argv) != 3:
        print("Usage: python -m tools.verify_statement STATEMENT.json KEYS.json")
        return 2
    try:
        statement, published = (json.loads(Path(each).read_text()) for each in sys.argv[1:])
        print(verify(statement, published["keys"]))
    except (NotGenuine, OSError) as refusal:
        print(f"NOT GENUINE: {refusal}")
        return 1
    except (ValueError, KeyError, TypeError, AttributeError):
        print("NOT GENUINE: one of the two files is not what it should be.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
