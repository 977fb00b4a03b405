"""How a form body with Stripe's bracket syntax becomes nested parameters."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from stripe_standin.errors import ApiRefusal

MAX_BODY_BYTES = 1_000_000
MAX_FIELDS = 5_000
MAX_DEPTH = 12
FORM_TYPE = "application/x-www-form-urlencoded"
KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)", re.DOTALL)
PART = re.compile(r"\[([^\[\]]*)\]", re.DOTALL)


def _refuse(message: str, *, status: int = 400) -> ApiRefusal:
    return ApiRefusal(message, status=status, executed=False)


def _text(encoded: str) -> str:
    try:
        text = unquote_to_bytes(encoded.replace("+", " ")).decode()
    except UnicodeError:
        raise _refuse("Invalid UTF-8 in the request's parameters.") from None
    if "\x00" in text:
        raise _refuse("Invalid string: parameters must not contain null bytes.")
    return text


def pairs(encoded: bytes | str) -> list[tuple[str, str]]:
    """Split an encoded form into its fields, in order.

    :raises ApiRefusal: when it is too large, is not UTF-8 or holds null bytes.
    """
    if len(encoded) > MAX_BODY_BYTES:
        raise _refuse("Request entity too large.", status=413)
    if isinstance(encoded, bytes):
        try:
            encoded = encoded.decode("ascii")
        except UnicodeDecodeError:
            raise _refuse("Invalid bytes in the request's form body.") from None
    fields = [chunk for chunk in encoded.split("&") if chunk]
    if len(fields) > MAX_FIELDS:
        raise _refuse(f"Too many parameters: at most {MAX_FIELDS} are read.")
    split = [chunk.partition("=") for chunk in fields]
    return [(_text(name), _text(value)) for name, _, value in split]


def flat(encoded: bytes | str) -> dict[str, str]:
    """Read a plain HTML form; the last of repeated fields wins.

    :raises ApiRefusal: when it cannot be read.
    """
    return dict(pairs(encoded))


def path_of(name: str) -> list[str]:
    """Return the steps of a bracketed name: `a[b][]` is `["a", "b", ""]`.

    :raises ApiRefusal: when the brackets do not match.
    """
    match = KEY.fullmatch(name)
    if match is None:
        raise _refuse(f"Invalid parameter name: {name[:80]!r}.")
    steps = [match[1], *PART.findall(match[2])]
    if len(steps) > MAX_DEPTH:
        raise _refuse(f"Parameter nested too deeply: {name[:80]!r}.")
    return steps


def _place(tree: dict[str, Any], name: str, value: str) -> None:
    """Put one value in the tree; the steps of lists stay as text keys until typed."""
    steps = path_of(name)
    for step in steps[:-1]:
        key = step or str(len(tree))
        branch = tree.setdefault(key, {})
        if not isinstance(branch, dict):
            raise _refuse(f"Invalid parameters: {name[:80]!r} is both a value and a hash.")
        tree = branch
    key = steps[-1] or str(len(tree))
    if isinstance(tree.get(key), dict):
        raise _refuse(f"Invalid parameters: {name[:80]!r} is both a value and a hash.")
    tree[key] = value


def nested(encoded: bytes | str) -> dict[str, Any]:
    """Read a body as Stripe does; lists come back as mappings with keys `"0"`, `"1"`, ...

    :raises ApiRefusal: when it cannot be read.
    """
    tree: dict[str, Any] = {}
    for name, value in pairs(encoded):
        _place(tree, name, value)
    return tree
