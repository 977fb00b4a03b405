"""R40: whatever is asked in whatever order, nobody ever gets somebody else's bytes."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.pages.front import Answer, Front, Visitor

REQUESTS = 10_000
THREADS = 8
PERSONAL = ("/account/", "/account/orders/", "/basket/", "/basket/drawer/", "/checkout/")
POISON = {
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Server": "evil.example",
    "X_Host": "evil.example",
    "X_Original_URL": "/account/",
    "X_Rewrite_URL": "/account/",
    "X_Forwarded_Prefix": "/evil.example",
    "X_HTTP_Method_Override": "POST",
    "Forwarded": "host=evil.example;proto=http",
    "Accept_Language": "de-evil.example",
    "User_Agent": "evil.example",
    "Referer": "https://evil.example/",
    "Origin": "https://evil.example",
    "HX_Request": "true",
    "HX_Current_URL": "https://evil.example/",
    "Cookie": "evil.example=evil.example; galea_basket_count=66",
    "Range": "bytes=0-99",
    "Via": "evil.example",
}


@dataclass(frozen=True)
class Person:
    """Somebody whose name must be seen by nobody else."""

    name: str
    cookie: str


@pytest.fixture(scope="module")
def people(front: Front) -> list[Person]:
    names = ("Canary-Ada-Quetzal", "Canary-Ben-Xolotl")
    return [
        Person(name, front.do("sign_in", name=name, email=f"{name.lower()}@example.com"))
        for name in names
    ]


def leaks_in(answer: Answer, asked_by: Person | None, people: list[Person]) -> list[str]:
    """Name what an answer shows that is not for who asked."""
    said = answer.text + repr(answer.headers)
    found = [each.name for each in people if each is not asked_by and each.name in said]
    found += ["poison"] if asked_by is None and "evil.example" in said else []
    found += ["cookie"] if answer.cache == "HIT" and "set-cookie" in answer.headers else []
    is_kept = answer.cache in {"HIT", "STALE", "UPDATING"}
    found += ["kept for somebody"] if asked_by is not None and is_kept else []
    return found


def test_ten_thousand_mixed_requests_leak_nothing(front: Front, people: list[Person]) -> None:
    public = [*front.do("public_urls"), "/search/?q=wash", "/shop/?sort=name"]
    clean = {path: front.visitor().get(path).body for path in public}
    for path in public:
        # An address with no poison is kept as it should be.
        assert front.visitor().get(path).body == clean[path]

    def ask(number: int) -> tuple[list[str], int, int]:
        chance = random.Random(number)
        visitor: Visitor = front.visitor()
        leaks: list[str] = []
        hits = seen = 0
        for _ in range(REQUESTS // THREADS):
            person = chance.choice(people) if chance.random() < 0.1 else None
            headers = {"Cookie": person.cookie} if person else {}
            if person is None and chance.random() < 0.3:
                name = chance.choice(sorted(POISON))
                headers = {name: POISON[name]}
            is_about_them = chance.random() < 0.5
            path = chance.choice(PERSONAL if person and is_about_them else public)
            answer = visitor.get(path, **headers)
            leaks += leaks_in(answer, person, people)
            if person is None and answer.status == 200 and answer.body != clean[path]:
                leaks.append(f"other bytes at {path}")
            hits += answer.cache == "HIT"
            seen += person is not None and person.name in answer.text
        return leaks, hits, seen

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(ask, range(THREADS)))

    assert [leak for leaks, _, _ in results for leak in leaks] == []
    # The cache was really asked, and the names were really there to be leaked.
    assert sum(hits for _, hits, _ in results) > REQUESTS // 2
    assert sum(seen for _, _, seen in results) > 50


def test_personal_pages_say_that_nobody_may_keep_them(front: Front, people: list[Person]) -> None:
    visitor = front.visitor()

    for path in (*PERSONAL, "/", "/shop/"):
        answer = visitor.get(path, Cookie=people[0].cookie)
        assert "private" in answer.headers.get("cache-control", ""), path
        assert "no-store" in answer.headers["cache-control"], path


def test_a_leak_would_be_seen(people: list[Person]) -> None:
    """The negative control: an answer of Ada's in front of Ben, and one that was kept."""
    ada, ben = people
    hers = Answer(200, {"x-cache": "HIT", "set-cookie": "x"}, f"Hello, {ada.name}".encode())

    assert leaks_in(hers, ben, people) == [ada.name, "cookie", "kept for somebody"]
    assert leaks_in(Answer(200, {}, b"evil.example"), None, people) == ["poison"]
    assert leaks_in(hers, None, people) == [ada.name, "cookie"]
