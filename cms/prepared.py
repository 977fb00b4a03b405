"""Queries whose SQL is worked out once: pages ask the same few, only with other values.

Django builds the SQL of a queryset anew each time, which for a page of the shop takes several
times as long as the database's answer.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable

Value = int | str | dt.datetime
Argument = Value | Sequence[int] | Sequence[str]

# Stand-ins by which values are found again in the SQL's parameters; no row is asked for these.
_NUMBER = 1_900_000_000
_WORD = "galea:stand-in:"
_MOMENT = dt.datetime(1971, 3, 7, tzinfo=dt.UTC)


class CannotBePrepared(TypeError):
    """A value does not reach the SQL as it was given, so it could not be filled in later."""


class Prepared:
    """Runs the queryset that `build` returns, with its SQL kept from the first time.

    `build` takes what varies as positional values: numbers, texts, moments, or lists of numbers
    or texts, and uses each as it is, in exact, `in` or order lookups. Lists are filled up to a
    power of two, so that few lengths are kept. Nothing but the values may differ between calls.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._kept: dict[tuple[Any, ...], _Compiled] = {}

    def __call__(self, *arguments: Argument) -> list[Any]:
        """Return the rows for these values; none for an empty list."""
        filled = [_filled(argument) for argument in arguments]
        if [] in filled:
            return []
        shape = tuple(len(each) if isinstance(each, list) else None for each in filled)
        connection = connections[DEFAULT_DB_ALIAS]
        key = (connection.vendor, *shape)
        compiled = self._kept.get(key)
        if compiled is None:
            compiled = self._kept[key] = _Compiled(self._build, filled)
        return compiled.rows(_flat(filled))


class _Compiled:
    """One shape of a prepared query: its SQL, and where in its parameters each value goes."""

    def __init__(self, build: Callable[..., QuerySet[Any]], filled: list[Any]) -> None:
        stand_ins = _stand_ins(filled)
        self._queryset = build(*stand_ins)
        self._compiler = self._queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self._sql, parameters = self._compiler.as_sql()
        adapt = connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value
        places = {_adapted(value, adapt): place for place, value in enumerate(_flat(stand_ins))}
        self._parts = [(places.get(_hashable(value)), value) for value in parameters]
        if set(places.values()) - {place for place, _ in self._parts}:
            raise CannotBePrepared(f"A value is lost in {self._sql}")

    def rows(self, values: list[Value]) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        adapt = connection.ops.adapt_datetimefield_value
        adapted = [_adapted(value, adapt) for value in values]
        filled = tuple(
            constant if place is None else adapted[place] for place, constant in self._parts
        )
        compiler = copy(self._compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (self._sql, filled)
        standing: Any = _Standing(self._queryset, compiler)
        found: list[Any] = list(ModelIterable(standing))
        if lookups := self._queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            prefetch_related_objects(found, *lookups)
        return found


class _Standing:
    """A queryset to whoever reads rows from it; its SQL stands already."""

    def __init__(self, queryset: QuerySet[Any], compiler: Any) -> None:
        self._queryset = queryset
        self._compiler = compiler
        self.query = self

    def get_compiler(self, using: str | None = None) -> Any:  # noqa: ARG002 (Django's signature)
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queryset, name)


def _filled(argument: Argument) -> Any:
    """Repeat a list's last value up to the next power of two."""
    if isinstance(argument, int | str | dt.datetime):
        return argument
    values = list(argument)
    if not values:
        return values
    return values + [values[-1]] * ((1 << (len(values) - 1).bit_length()) - len(values))


def _flat(filled: list[Any]) -> list[Value]:
    return [value for each in filled for value in (each if isinstance(each, list) else [each])]


def _stand_ins(filled: list[Any]) -> list[Any]:
    number = 0

    def stand_in(value: Value) -> Value:
        nonlocal number
        number += 1
        if isinstance(value, dt.datetime):
            return _MOMENT + dt.timedelta(days=number)
        return f"{_WORD}{number}" if isinstance(value, str) else _NUMBER + number

    return [
        [stand_in(value) for value in each] if isinstance(each, list) else stand_in(each)
        for each in filled
    ]


def _adapted(value: Any, adapt: Callable[[Any], Any]) -> Any:
    return adapt(value) if isinstance(value, dt.datetime) else value


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return None
    return value
