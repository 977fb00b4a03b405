"""How a `stripe.params` TypedDict becomes a strict pydantic schema."""

import sys
import typing
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import typing_extensions
from pydantic import ConfigDict, TypeAdapter
from stripe import RequestOptions, StripeObject

CLIENT_OPTIONS = frozenset(RequestOptions.__annotations__)


@cache
def adapter_for(params_class: type) -> TypeAdapter[Any]:
    """Return the strict validator of one parameters class."""
    return TypeAdapter(rebuilt(params_class))


@cache
def rebuilt(params_class: Any) -> Any:
    """Return a TypedDict like this one that forbids unknown names on every level."""
    fields = {
        name: _field(_strict(hint), required=name in params_class.__required_keys__)
        for name, hint in _hints(params_class).items()
    }
    make: Any = typing_extensions.TypedDict  # made at run time, which mypy does not follow
    twin: Any = make(params_class.__name__, fields)
    twin.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    return twin


def members(hint: Any) -> tuple[Any, ...]:
    """Return the alternatives of a union, or the hint alone."""
    return get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)


def bare(hint: Any) -> Any:
    """Return a hint without its Required or NotRequired."""
    if get_origin(hint) in {typing_extensions.NotRequired, typing_extensions.Required}:
        return get_args(hint)[0]
    return hint


def _field(hint: Any, *, required: bool) -> Any:
    wrapper: Any = typing_extensions.Required if required else typing_extensions.NotRequired
    return wrapper[hint]


def _hints(params_class: Any) -> dict[str, Any]:
    """Resolve the hints; the client's own options are no parameters of the API."""
    module = sys.modules[params_class.__module__]
    names = {**vars(typing), "StripeContext": object, **vars(module)}
    hints: dict[str, Any] = typing_extensions.get_type_hints(params_class, globalns=names)
    if RequestOptions in getattr(params_class, "__orig_bases__", ()):
        hints = {name: hint for name, hint in hints.items() if name not in CLIENT_OPTIONS}
    return hints


def _strict(hint: Any) -> Any:
    if typing_extensions.is_typeddict(hint):
        return rebuilt(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _strict_union(arguments)
    if origin in {list, typing.List}:  # noqa: UP006 - the package spells it so
        return list[_strict(arguments[0])]  # type: ignore[misc]
    if origin in {dict, typing.Dict}:  # noqa: UP006 - the package spells it so
        return dict[str, _strict(arguments[1])]  # type: ignore[misc]
    return hint


def _is_answer_type(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, StripeObject)


def _strict_union(arguments: tuple[Any, ...]) -> Any:
    """Drop `str` beside a choice of words; `Literal[""]` alone only means "or unset"."""
    words = any(
        get_origin(argument) is Literal and get_args(argument) != ("",) for argument in arguments
    )
    kept = [
        _strict(argument)
        for argument in arguments
        if not _is_answer_type(get_origin(argument))
        and argument is not NoneType
        and not (words and argument is str)
    ]
    return Union[tuple(kept)]  # noqa: UP007 - built at run time
