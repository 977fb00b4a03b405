"""Ask every address of the shop as everybody by every method, and write down the answers."""

import csv
import io
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from wagtail.models import Page

from accounts.models import User
from storefront.models import KeptRole
from storefront.roles import keeping
from storefront.roles.table import ROLES
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at
from tests.fuzz.addresses import FURTHER, NOT_PUBLIC, everything
from tests.fuzz.conftest import ORIGIN, Target

FILE: Final = Path(__file__).with_name("who_may.csv")
METHODS: Final = ("GET", "POST", "PUT", "DELETE")
STAFF: Final = tuple(role.key for role in ROLES)
WHO: Final = ("nobody", "customer", "other customer", *STAFF, "superuser")
# There is nothing of this number.
NONE: Final = 999_999_999
_PARAMETER: Final = re.compile(r"<(?:(\w+):)?(\w+)>")
_GROUP: Final = re.compile(r"\((?:\?P<(\w+)>)?[^()]*(?:\([^()]*\)[^()]*)*\)")
_WORDS: Final = {"app_label": "catalog", "app_name": "catalog", "model_name": "concern"}


@dataclass(frozen=True)
class Place:
    """One address by its pattern, and where it was asked.

    :ivar path: an example of it, with rows that are there where the view says of which model.
    """

    pattern: str
    path: str


def patterns() -> list[str]:
    """Return every address as the resolver knows it, and the kinds of pages below the last."""
    known = dict.fromkeys(pattern for pattern, _ in _walk(get_resolver(), "", ()))
    return [*known, *(f"page tree: {each.path}" for each in FURTHER)]


def places(target: Target) -> list[Place]:
    """Return each address with an example; outside the admin, those that others fire at too."""
    public = {name: target.fill(address.path) for name, address in everything().items()}
    found: dict[str, Place] = {}
    for pattern, parts in _walk(get_resolver(), "", ()):
        path = public.get(pattern) or _example(parts, target)
        found.setdefault(pattern, Place(pattern, path))
    for name, path in public.items():
        found.setdefault(name, Place(name, path))
    return list(found.values())


Parts = tuple[URLPattern | URLResolver, ...]


def _walk(resolver: URLResolver, above: str, parts: Parts) -> Iterator[tuple[str, Parts]]:
    for each in resolver.url_patterns:
        pattern = f"{above}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _walk(each, pattern, (*parts, each))
        else:
            yield pattern, (*parts, each)


def _example(parts: Parts, target: Target) -> str:
    view = parts[-1]
    assert isinstance(view, URLPattern)
    row = _row_of(view, target)
    return "/" + "".join(_filled(part.pattern, row) for part in parts)


def _filled(pattern: Any, row: Any) -> str:
    if isinstance(pattern, RoutePattern):
        return _PARAMETER.sub(lambda each: _value(each[2], each[1] or "str", row), str(pattern))
    assert isinstance(pattern, RegexPattern)
    plain = str(pattern).removeprefix("^").removesuffix("$").replace("\\", "")
    return _GROUP.sub(lambda each: _value(each[1] or "", "str", row), plain)


def _value(name: str, converter: str, row: Any) -> str:
    if name in _WORDS:
        return _WORDS[name]
    if converter == "uuid":
        return "0" * 8 + "-0000-4000-8000-" + "0" * 12
    return str(row if name == "pk" or name.endswith(("page_id", "page_pk", "move_id")) else NONE)


def _row_of(view: URLPattern, target: Target) -> Any:
    """Return the number of a row that a view can show; of a page where it says nothing."""
    made_by = getattr(view.callback, "view_class", None)
    given: Mapping[str, Any] = getattr(view.callback, "view_initkwargs", {})
    model = given.get("model") or getattr(made_by, "model", None)
    if not isinstance(model, type) or issubclass(model, Page):
        return target.article.pk
    first = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
    return NONE if first is None else first


def people(target: Target) -> dict[str, User | None]:
    """Return who asks: somebody unknown, two customers, one of each role, and a superuser."""
    keeping.keep_roles()
    found: dict[str, User | None] = {"nobody": None, "customer": target.customer}
    found["other customer"] = UserFactory.create(email="other@example.com", verified=True)
    for key in STAFF:
        user = UserFactory.create(email=f"{key}@example.com", verified=True, is_staff=True)
        user.groups.add(KeptRole.objects.get(key=key).group)
        found[key] = user
    found["superuser"] = UserFactory.create(email="root@example.com", manager=True, verified=True)
    return found


def ask_everywhere(target: Target) -> dict[str, list[str]]:
    """Return each address with its answers to everybody: what GET, POST, PUT and DELETE got.

    Everybody gets and posts. PUT and DELETE come to the same views through the same gate, so they
    are tried by those who may least and most, and by nobody where a superuser is told that the
    address has no such method (405). In the admin, one customer stands for all.
    """
    # One for all: each new one would build the whole chain of middleware again.
    client = Client(raise_request_exception=False, headers={"Origin": ORIGIN})
    keys = {who: _session_of(user) for who, user in people(target).items()}
    answers = {}
    for place in places(target):
        most = {method: _ask(client, keys["superuser"], method, place.path) for method in METHODS}
        ways = [way for way in METHODS if way in {"GET", "POST"} or most[way] != "405"]
        others = [
            [_ask(client, keys[who], way, place.path) for way in ways if _is_asked(who, way, place)]
            for who in WHO[:-1]
        ]
        every = [*others, [most[way] for way in ways]]
        answers[place.pattern] = ["+".join(ways), *("/".join(cells) for cells in every)]
    return answers


def _is_asked(who: str, way: str, place: Place) -> bool:
    is_admin = place.pattern.startswith(NOT_PUBLIC)
    if is_admin and who == "other customer":
        return False
    return way in {"GET", "POST"} or who not in STAFF


def _session_of(user: User | None) -> str:
    if user is None:
        return ""
    client = Client()
    client.force_login(user)
    sign_in_at(client, user, time.time())
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _ask(client: Client, session: str, method: str, path: str) -> str:
    """Ask once, and let nothing of it stay."""
    cache.clear()
    block: Any = transaction.atomic()
    # As tests mark theirs: what the shop does in a transaction of its own may go on.
    block._from_testcase = True
    client.cookies.clear()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with block:
        status = client.generic(method, path).status_code
        transaction.set_rollback(True)
    return str(status)


def written(answers: Mapping[str, Sequence[str]]) -> str:
    """Return the table as it is kept in the repository."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(["address", "asked by", *WHO])
    lines.writerows([address, *cells] for address, cells in answers.items())
    return out.getvalue()


def read() -> dict[str, list[str]]:
    """Return the table that is kept; empty before it was first written."""
    if not FILE.exists():
        return {}
    with FILE.open(newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return {address: cells for address, *cells in rows}
