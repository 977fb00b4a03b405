"""How the text values of a request become the numbers, flags and lists the schema asks for.

A value that does not fit is left as text, for the strict validation to name it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args, get_origin

import typing_extensions

from stripe_standin.param_schema import bare, members

INTEGER = re.compile(r"-?[0-9]{1,18}")
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
FLAGS = {"true": True, "false": False}


def typed(value: Any, hint: Any) -> Any:
    """Read a raw value (text, or a mapping of raw values) as this type, where it can be."""
    alternatives = members(bare(hint))
    if isinstance(value, str):
        return _typed_text(value, alternatives)
    for alternative in alternatives:
        if typing_extensions.is_typeddict(alternative):
            return _typed_hash(value, alternative)
        origin, arguments = get_origin(alternative), get_args(alternative)
        if origin is dict:
            return {name: typed(item, arguments[1]) for name, item in value.items()}
        if origin is list and _is_list(value):
            return [typed(value[key], arguments[0]) for key in sorted(value, key=int)]
    return value


def _typed_hash(value: Mapping[str, Any], params_class: Any) -> dict[str, Any]:
    hints = params_class.__annotations__
    return {name: typed(item, hints.get(name, str)) for name, item in value.items()}


def _is_list(value: Mapping[str, Any]) -> bool:
    return all(re.fullmatch(r"[0-9]{1,6}", key) for key in value)


def _typed_text(value: str, alternatives: tuple[Any, ...]) -> Any:
    for alternative in alternatives:
        if get_origin(alternative) is Literal and value in get_args(alternative):
            return value
        read = _scalar(value, alternative)
        if read is not None:
            return read
    return value


def _scalar(value: str, alternative: Any) -> bool | int | float | Decimal | None:
    if alternative is bool:
        return FLAGS.get(value)
    if alternative is int and INTEGER.fullmatch(value):
        return int(value)
    if alternative is float and NUMBER.fullmatch(value):
        return float(value)
    if alternative is Decimal and NUMBER.fullmatch(value):
        try:
            return Decimal(value)
        except InvalidOperation:
            return None
    return None


def first_empty(sent: Any, hint: Any) -> str:
    """Return the name of the first empty text that unsets nothing, `""` when there is none.

    Only a member whose type allows `""` can be unset; a hash of metadata unsets by key.
    """
    for alternative in members(bare(hint)):
        if isinstance(sent, dict) and typing_extensions.is_typeddict(alternative):
            hints = alternative.__annotations__
            return next(filter(None, (_empty(name, sent[name], hints[name]) for name in sent)), "")
        if isinstance(sent, list) and get_origin(alternative) is list:
            inner = get_args(alternative)[0]
            pairs = enumerate(sent)
            return next(filter(None, (_empty(str(n), item, inner) for n, item in pairs)), "")
    return ""


def _empty(name: str, sent: Any, hint: Any) -> str:
    if sent == "":
        words = [get_args(one) for one in members(bare(hint)) if get_origin(one) is Literal]
        return "" if any("" in choice for choice in words) else name
    inner = first_empty(sent, hint)
    head, bracket, rest = inner.partition("[")
    return f"{name}[{head}]{bracket}{rest}" if inner else ""
