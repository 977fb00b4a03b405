"""What changes in one process, the next request shows: past nginx, and through it."""

import time
from html import unescape

import pytest

from tests.pages.front import Answer, Front, Visitor


@pytest.fixture
def product(front: Front) -> str:
    """A product that no other test of this module uses."""
    used: list[str] = front.__dict__.setdefault("used", [])
    sku = next(each for each in front.do("skus", count=20) if each not in used)
    used.append(sku)
    return str(sku)


class Doors:
    """The way to one address through nginx, and the way past it."""

    def __init__(self, front: Front, path: str) -> None:
        self.path, self._front = path, front
        self._through, self._past = front.visitor(), front.past_nginx()

    def warm(self) -> None:
        """Have the page kept on both layers."""
        self._front.do("catch_up")
        for _ in range(5):  # Each of the web processes has to have it.
            self._past.get(self.path, X_Forwarded_Proto="https")
        self._through.get(self.path)
        assert self._through.get(self.path).cache == "HIT"

    def both(self) -> list[Answer]:
        return [
            self._through.get(self.path),
            *(self._past.get(self.path, X_Forwarded_Proto="https") for _ in range(4)),
        ]


def shown(answers: list[Answer], text: str) -> list[bool]:
    return [text in unescape(answer.text) for answer in answers]


def test_a_page_comes_from_nginx_and_costs_the_shop_nothing(front: Front) -> None:
    visitor = front.visitor()
    first = visitor.get("/")

    second = visitor.get("/", If_None_Match=first.headers["etag"])

    assert second.cache == "HIT"
    assert second.status == 304
    assert visitor.get("/").body == first.body
    # What nginx goes by is not for visitors.
    assert "x-accel-expires" not in first.headers
    assert first.headers["cache-control"].startswith("public, max-age=0, s-maxage=")


def test_browsers_get_the_form_they_can_read(front: Front) -> None:
    visitor = front.visitor()
    plain = visitor.get("/")

    for accepted, encoding in (("gzip, deflate, br, zstd", "br"), ("gzip;q=0.8", "gzip")):
        packed = [visitor.get("/", Accept_Encoding=accepted) for _ in range(2)]
        assert {each.headers["content-encoding"] for each in packed} == {encoding}
        assert packed[1].cache == "HIT"
        assert len(packed[1].body) < len(plain.body) / 2
        assert packed[1].headers["etag"] != plain.headers["etag"]


def test_a_price_a_stock_level_a_text_and_a_setting_show_at_once(
    front: Front, product: str
) -> None:
    sold = front.do("sells", sku=product)
    doors = Doors(front, sold["url"])

    for act, details, text in (
        ("change_price", {"sku": product, "price_minor": 4321}, "43.21"),
        ("leave", {"sku": product, "free": 2}, "2 left"),
        ("publish", {"page": sold["page"], "benefit": "Lifts what three leave"}, "Lifts what"),
        ("announce", {"text": f"Closed on Monday {product}"}, f"Closed on Monday {product}"),
    ):
        doors.warm()
        assert not any(shown(doors.both(), text))
        front.do(act, **details)
        assert all(shown(doors.both(), text)), act


def test_each_kind_of_thing_shows_at_once_on_both_layers(front: Front) -> None:
    wrong = {}

    for name, (url, says) in front.do("kinds_of_things").items():
        doors = Doors(front, url)
        doors.warm()
        before = doors.both()
        front.do("change_kind", name=name)
        after = doors.both()
        said = shown(after, says)
        is_new = len({each.body for each in after}) == 1 and after[0].body != before[0].body
        if not (is_new and all(said) and (not says or not any(shown(before, says)))):
            wrong[name] = (url, said, [each.cache for each in after])

    assert wrong == {}


def test_lists_follow_what_they_show(front: Front, product: str) -> None:
    doors = Doors(front, "/shop/")
    doors.warm()

    front.do("change_price", sku=product, price_minor=98765)
    answers = doors.both()

    assert len({answer.body for answer in answers}) == 1
    assert answers[0].cache == "MISS"


def test_a_page_that_is_taken_back_is_gone_on_both_layers(front: Front, product: str) -> None:
    sold = front.do("sells", sku=product)
    doors = Doors(front, sold["url"])
    doors.warm()

    front.do("take_back", page=sold["page"])

    assert {answer.status for answer in doors.both()} == {404}


def test_a_reservation_by_a_buyer_shows_to_the_next_visitor(front: Front, product: str) -> None:
    """Selling the last pieces changes pages too, in whatever process it happens."""
    sold = front.do("sells", sku=product)
    front.do("leave", sku=product, free=9)
    doors = Doors(front, sold["url"])
    doors.warm()

    front.do("leave", sku=product, free=8)
    kept = doors.both()
    front.do("leave", sku=product, free=1)

    assert kept[0].cache == "HIT"  # “In stock” is still what it says.
    assert all(shown(doors.both(), "1 left"))


def test_the_worker_tells_nginx_when_nobody_else_could(front: Front) -> None:
    visitor = front.visitor()
    visitor.get("/")
    assert visitor.get("/").cache == "HIT"
    current = front.stand.var / "pages" / "current"
    current.unlink()

    while_gone = visitor.get("/")
    patience = time.monotonic() + 10
    while not current.is_symlink() and time.monotonic() < patience:
        time.sleep(0.05)

    assert (while_gone.status, while_gone.cache) == (200, "BYPASS")
    # The head is a new one: all is asked for again, and then kept again.
    assert visitor.get("/").cache == "MISS"
    visitor.get("/")
    assert visitor.get("/").cache == "HIT"


def test_unknown_parameters_do_not_fill_nginx_either(front: Front) -> None:
    visitor = front.visitor()
    plain = visitor.get("/")

    answers = [visitor.get("/?utm_source=mail") for _ in range(2)]

    assert [answer.cache for answer in answers] == ["MISS", "MISS"]
    assert {answer.body for answer in answers} == {plain.body}


def test_whoever_is_signed_in_or_awaits_a_message_is_let_through(front: Front) -> None:
    visitor: Visitor = front.visitor()
    visitor.get("/")

    for cookie in ("__Host-galea_session=x", "a=b; messages=x"):
        answer = visitor.get("/", Cookie=cookie)
        assert answer.cache == "BYPASS"
        assert answer.headers["cache-control"] == "private, no-store"
    assert visitor.get("/", Cookie="galea_basket_count=3").cache == "HIT"
