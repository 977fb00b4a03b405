"""A kept page costs nothing and is never an old one: what changes, the next request shows."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
import pytest

from accounts.models import User
from catalog import prices, stock
from catalog.models import (
    Concern,
    MovementKind,
    Offer,
    PackagePage,
    ProductPage,
    ProductPageImage,
)
from catalog.models.product_page import ProductPageRecommendation
from cms.models import CustomImage
from freshness import catching_up, head
from freshness.changes import SITE, changed
from freshness.models import Change
from storefront import kept_pages, navigation
from storefront.models import HomePage, SiteSettings
from tests.catalog.factories import (
    CatalogPageFactory,
    CategoryPageFactory,
    ImageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from tests.storefront.page_cache import forget_process, page_cache  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("page_cache"),
]


class Shop:
    """One product, one package, and what lists them."""

    def __init__(self) -> None:
        self.category = CategoryPageFactory(title="Washes", slug="washes")
        self.product = ProductPageFactory(parent=self.category, title="Low-foam wash", slug="wash")
        self.offer = OfferFactory(page=self.product, sku="WASH", on_hand=20)
        treatment = TreatmentFactory()
        self.package = PackagePageFactory(treatment=treatment, slug="sessions", title="Sessions")
        OfferFactory(page=self.package, package=True, treatment=treatment, sku="PACK")
        self.shop = CatalogPageFactory()

    @property
    def url(self) -> str:
        return str(self.product.url)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def queries_of(act: Callable[[], Any]) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    return answer, len(captured)


# --- A hit ----------------------------------------------------------------------------------


def test_the_second_visitor_costs_no_query_and_gets_the_same_bytes(shop: Shop) -> None:
    client = Client()

    first = client.get(shop.url)
    second, queries = queries_of(lambda: client.get(shop.url))

    assert (first["X-Page-Cache"], second["X-Page-Cache"]) == ("built", "hit")
    assert queries == 0
    assert first.content == second.content
    # All that the other middleware says is kept with the page.
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Content-Type"):
        assert second[name] == first[name]


def test_others_may_keep_it_for_moments_and_must_ask_with_its_tag(shop: Shop) -> None:
    client = Client()
    page = client.get(shop.url)

    assert page["Cache-Control"] == "public, max-age=0, s-maxage=5, stale-while-revalidate=10"
    assert page["Vary"] == "Accept-Encoding"
    assert page["X-Accel-Expires"] == "3600"
    unchanged = client.get(shop.url, headers={"If-None-Match": f'"other", {page["ETag"]}'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["ETag"] == page["ETag"]
    assert client.get(shop.url, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, deflate, br", "br"), ("gzip", "gzip")])
def test_it_is_compressed_once_and_each_form_has_a_tag_of_its_own(
    shop: Shop, accepted: str, encoding: str
) -> None:
    client = Client()
    plain = client.get(shop.url)
    packed = client.get(shop.url, headers={"Accept-Encoding": accepted})

    assert packed["Content-Encoding"] == encoding
    assert len(packed.content) < len(plain.content) / 2
    assert packed["ETag"] != plain["ETag"]
    assert int(packed["Content-Length"]) == len(packed.content)
    assert not client.get(shop.url, headers={"Accept-Encoding": f"{encoding};q=0"}).has_header(
        "Content-Encoding"
    )


def test_a_head_request_is_answered_from_what_was_kept(shop: Shop) -> None:
    client = Client()
    page = client.get(shop.url)

    answer, queries = queries_of(lambda: client.head(shop.url))

    assert (queries, answer.content) == (0, b"")
    assert answer["Content-Length"] == str(len(page.content))


# --- Whatever is shown, the next request shows it -----------------------------------------------

At = dict[str, Any]


def _now() -> At:
    return {"by": None, "at": timezone.now()}


def _new_price(shop: Shop) -> None:
    prices.change(offer_id=shop.offer.pk, price_minor=1789, reason="Spring", **_now())


def _few_left(shop: Shop) -> None:
    stock.adjust(
        offer_id=shop.offer.pk, change=-17, kind=MovementKind.COUNTED, reason="Count", **_now()
    )


def _reserved(shop: Shop) -> None:
    with transaction.atomic():
        at = timezone.now()
        later = at + dt.timedelta(minutes=30)
        stock.reserve(items=[(shop.offer.pk, 17)], reference="o", expires_at=later, at=at)


def _new_size(shop: Shop) -> None:
    OfferFactory(page=shop.product, sku="WASH-XL", label="Family size", price_minor=4900)


def _renamed_size(shop: Shop) -> None:
    offer = Offer.objects.get(pk=shop.offer.pk)
    offer.label = "A large bottle"
    offer.save()
    OfferFactory(page=shop.product, sku="WASH-XL", label="Family size", price_minor=4900)


def _published(shop: Shop) -> None:
    page = ProductPage.objects.get(pk=shop.product.pk)
    page.benefit = "Lifts what three washes leave"
    page.save_revision().publish()


def _retitled_category(shop: Shop) -> None:
    shop.category.title = "Gentle washes"
    shop.category.save()


def _announcement(_shop: Shop) -> None:
    settings = SiteSettings.load()
    settings.announcement = "Closed on Monday"
    settings.save()


def _menu(shop: Shop) -> None:
    settings = SiteSettings.load()
    settings.main_navigation = [("link", {"title": "To the washes", "page": shop.category})]
    settings.save()


def _picture(shop: Shop) -> None:
    image = ImageFactory(alt="A grey bottle")
    page = ProductPage.objects.get(pk=shop.product.pk)
    ProductPageImage.objects.create(page=page, image=image)


def _goes_well_with(shop: Shop) -> None:
    other = ProductPageFactory(parent=shop.category, title="Night serum", slug="serum")
    page = ProductPage.objects.get(pk=shop.product.pk)
    ProductPageRecommendation.objects.create(page=page, related_page=other)


SHOWN: dict[str, tuple[Callable[[Shop], object], str]] = {
    "a price": (_new_price, "17.89"),
    "the last few": (_few_left, "3 left"),
    "a reservation": (_reserved, "3 left"),
    "another size": (_new_size, "Family size"),
    "the name of a size": (_renamed_size, "A large bottle"),
    "a published text": (_published, "Lifts what three washes leave"),
    "the title of the category above": (_retitled_category, "Gentle washes"),
    "a setting": (_announcement, "Closed on Monday"),
    "a menu": (_menu, "To the washes"),
    "a picture": (_picture, "A grey bottle"),
    "what goes well with it": (_goes_well_with, "Night serum"),
}


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_the_next_request_shows(kind: str, shop: Shop) -> None:
    change, wanted = SHOWN[kind]
    client = Client()
    before = client.get(shop.url)
    assert wanted not in text_of(before)
    assert client.get(shop.url)["X-Page-Cache"] == "hit"

    change(shop)

    after = client.get(shop.url)
    assert wanted in text_of(after)
    assert after["ETag"] != before["ETag"]
    assert client.get(shop.url)["X-Page-Cache"] == "hit"


def test_a_word_a_treatment_and_a_pictures_text_show_where_they_stand(shop: Shop) -> None:
    concern = Concern.objects.create(name="Dry and tight", slug="dry")
    image = ImageFactory(alt="A grey bottle")
    page = ProductPage.objects.get(pk=shop.product.pk)
    page.concerns.add(concern)
    page.save()
    ProductPageImage.objects.create(page=page, image=image)
    client = Client()
    lists, package = shop.shop.url, shop.package.url
    assert "Dry and tight" in text_of(client.get(lists))
    assert "A grey bottle" in text_of(client.get(shop.url))
    client.get(package)

    concern.name = "Flaky"
    concern.save()
    CustomImage.objects.get(pk=image.pk).save()
    CustomImage.objects.filter(pk=image.pk).update(alt="A green bottle")
    CustomImage.objects.get(pk=image.pk).save()
    treatment = PackagePage.objects.get(pk=shop.package.pk).treatment
    treatment.duration_minutes = 77
    treatment.save()

    assert "Flaky" in text_of(client.get(lists))
    assert "A green bottle" in text_of(client.get(shop.url))
    assert "One session takes 77 minutes" in text_of(client.get(package))


def test_a_page_that_is_taken_back_hidden_moved_or_deleted_is_gone_at_once(shop: Shop) -> None:
    client = Client()
    other = CategoryPageFactory(title="Care", slug="care")
    old = shop.url
    assert client.get(old).status_code == 200

    Page.objects.get(pk=shop.product.pk).unpublish()
    assert client.get(old).status_code == 404
    ProductPage.objects.get(pk=shop.product.pk).save_revision().publish()
    assert client.get(old).status_code == 200
    restriction = PageViewRestriction.objects.create(page=shop.product, restriction_type="login")
    assert client.get(old).status_code == 302
    restriction.delete()
    assert client.get(old).status_code == 200
    Page.objects.get(pk=shop.product.pk).move(other, pos="last-child")
    assert client.get(old).status_code == 301  # Wagtail leads on from where it was.
    moved = Page.objects.get(pk=shop.product.pk).url
    assert client.get(moved).status_code == 200
    Page.objects.get(pk=shop.product.pk).delete()
    assert client.get(moved).status_code == 404


def test_another_slug_of_a_category_moves_what_is_beneath_it(shop: Shop) -> None:
    client = Client()
    old = shop.url
    assert old in text_of(client.get(shop.shop.url))

    category = Page.objects.get(pk=shop.category.pk).specific
    category.slug = "gentle"
    category.save()

    new = Page.objects.get(pk=shop.product.pk).url
    assert new != old
    listed = text_of(client.get(shop.shop.url))
    assert new in listed
    assert old not in listed
    assert (client.get(old).status_code, client.get(new).status_code) == (301, 200)


def test_what_shows_nothing_of_a_change_is_kept(shop: Shop) -> None:
    other = ProductPageFactory(parent=shop.category, title="Night serum", slug="serum")
    offer = OfferFactory(page=other, sku="SERUM")
    client = Client()
    client.get(shop.url)
    client.get(shop.category.url)

    prices.change(offer_id=offer.pk, price_minor=990, reason="Spring", **_now())

    kept, queries = queries_of(lambda: client.get(shop.url))
    assert (kept["X-Page-Cache"], queries) == ("hit", 1)  # The one that asks what changed.
    assert queries_of(lambda: client.get(shop.url))[1] == 0
    assert client.get(shop.category.url)["X-Page-Cache"] == "built"


def test_selling_one_of_many_drops_nothing(shop: Shop) -> None:
    client = Client()
    client.get(shop.url)
    name = head.current()

    with transaction.atomic():
        at = timezone.now()
        stock.reserve(items=[(shop.offer.pk, 1)], reference="o", expires_at=at, at=at)

    assert head.current() == name
    assert client.get(shop.url)["X-Page-Cache"] == "hit"


def test_a_change_that_is_rolled_back_drops_nothing(shop: Shop) -> None:
    client = Client()
    client.get(shop.url)
    name = head.current()

    with transaction.atomic():
        _new_price(shop)
        transaction.set_rollback(True)

    assert head.current() == name
    assert client.get(shop.url)["X-Page-Cache"] == "hit"


# --- Time -----------------------------------------------------------------------------------


def test_an_offer_that_begins_by_itself_is_shown_from_that_moment(shop: Shop) -> None:
    begins = timezone.now() + dt.timedelta(seconds=4)
    OfferFactory(page=shop.product, sku="XL", label="Family size", active_from=begins)
    client = Client()

    before = client.get(shop.url)

    assert "Family size" not in text_of(before)
    assert before["Cache-Control"] in {f"public, max-age=0, s-maxage={n}" for n in (2, 3)}
    assert int(before["X-Accel-Expires"]) <= 2
    assert client.get(shop.url)["X-Page-Cache"] == "hit"
    time.sleep(max(0.0, (begins - timezone.now()).total_seconds()))
    assert "Family size" in text_of(client.get(shop.url))
    assert client.get(shop.url)["X-Accel-Expires"] == "3600"


# --- Who gets what --------------------------------------------------------------------------


def test_whoever_is_signed_in_is_answered_apart_and_kept_nowhere(shop: Shop) -> None:
    client, ada = Client(), Client()
    ada.force_login(User.objects.create_user("ada@example.com"))
    client.get(shop.url)

    hers = ada.get(shop.url)

    assert hers["Cache-Control"] == "private, no-store"
    assert not hers.has_header("X-Page-Cache")
    assert not hers.has_header("X-Accel-Expires")


def test_a_basket_is_no_reason_to_build_a_page_again(shop: Shop) -> None:
    client = Client()
    empty = client.get(shop.url)
    client.post("/basket/add/", {"sku": "WASH", "quantity": "2"})

    filled = client.get(shop.url)

    assert (filled["X-Page-Cache"], filled.content) == ("hit", empty.content)


@pytest.mark.parametrize("path", ["/basket/", "/checkout/", "/account/login/", "/nothing/"])
def test_what_is_not_public_is_never_kept(shop: Shop, path: str) -> None:
    client = Client()

    answers = [client.get(path), client.get(path)]

    assert [answer.has_header("X-Page-Cache") for answer in answers] == [False, False]
    assert not any(answer.has_header("X-Accel-Expires") for answer in answers)


POISON = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Scheme": "nothttps",
    "X-Original-URL": "/admin/",
    "X-Rewrite-URL": "/admin/",
    "X-HTTP-Method-Override": "POST",
    "Accept-Language": "de",
    "User-Agent": "canary-agent",
    "Referer": "https://evil.example/canary",
    "HX-Request": "true",
    "HX-Current-URL": "https://evil.example/",
    "Forwarded": "host=evil.example",
    "Cookie": "galea_basket_count=77; galea_canary=canary",
    "Range": "bytes=0-10",
    "Origin": "https://evil.example",
}


def test_no_header_gets_into_what_everybody_is_shown(shop: Shop) -> None:
    clean = Client().get(shop.url).content

    for name, value in POISON.items():
        changed(SITE)
        poisoned = Client().get(shop.url, headers={name: value})

        assert poisoned["X-Page-Cache"] == "built", name
        assert poisoned.content == clean, name
        assert Client().get(shop.url).content == clean, name


def test_unknown_parameters_are_left_out_and_known_ones_put_in_order(shop: Shop) -> None:
    client = Client()
    Concern.objects.create(name="Dry", slug="dry")
    plain = client.get(shop.category.url)

    for question in ("?utm_source=x", "?b=2&a=1", "?sort="):
        asked = client.get(shop.category.url + question)
        assert (asked["X-Page-Cache"], asked.content) == ("hit", plain.content)
        assert asked["X-Accel-Expires"] == "0"  # nginx would keep one for each.
    for question in (f"?{'x=1&' * 40}", f"?x={'y' * 3000}"):
        assert not client.get(shop.category.url + question).has_header("X-Page-Cache")
    first = client.get(f"{shop.category.url}?sort=name&concern=dry")
    second = client.get(f"{shop.category.url}?concern=dry&x=1&sort=name")
    assert (first["X-Page-Cache"], second["X-Page-Cache"]) == ("built", "hit")
    assert first.content == second.content != plain.content


def test_questions_never_drive_out_plain_pages(shop: Shop) -> None:
    client = Client()
    plain = client.get(shop.category.url)

    for number in range(80):
        client.get(f"{shop.category.url}?page={number}")

    assert client.get(shop.category.url)["X-Page-Cache"] == "hit"
    assert client.get(shop.category.url).content == plain.content


def test_ports_that_nobody_serves_cannot_fill_the_memory(shop: Shop) -> None:
    client = Client()
    answers = [client.get(shop.url, headers={"Host": f"testserver:{8000 + n}"}) for n in range(20)]

    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.has_header("X-Page-Cache") for answer in answers) <= 9


def test_the_memory_is_bounded_in_bytes() -> None:
    shelf = kept_pages.Shelf(1_000_000)
    for number in range(500):
        page = kept_pages.Page({}, b"x" * 10_000, frozenset(), kept_pages.FOREVER, moment())
        shelf.put(kept_pages.Address("http", "h", f"/{number}/"), page)

    assert 900_000 < shelf.bytes_held <= 1_000_000
    assert shelf.get(kept_pages.Address("http", "h", "/499/")) is not None
    assert shelf.get(kept_pages.Address("http", "h", "/0/")) is None


def moment() -> Any:
    return kept_pages.log.moment()


# --- Many at once, other processes, and things that break ---------------------------------------


def test_sixty_four_at_once_build_a_page_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    serve = ProductPage.serve

    def slow(page: ProductPage, *args: Any, **kwargs: Any) -> HttpResponse:
        built.append(page.slug)
        time.sleep(0.3)
        response: HttpResponse = serve(page, *args, **kwargs)
        return response

    monkeypatch.setattr(ProductPage, "serve", slow)
    # Eight processes' middleware, eight threads each.
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.get("/nothing/")
    start = threading.Barrier(64)

    def ask(number: int) -> bytes:
        start.wait()
        try:
            return bytes(clients[number % 8].get(shop.url).content)
        finally:
            connection.close()

    with ThreadPoolExecutor(64) as pool:
        bodies = set(pool.map(ask, range(64)))

    assert len(bodies) == 1
    assert built == ["wash"]


def test_another_process_finds_what_one_has_built(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Client().get(shop.url)
    forget_process(monkeypatch)

    found = Client().get(shop.url)

    assert (found["X-Page-Cache"], found.content) == ("shared", first.content)
    _new_price(shop)
    forget_process(monkeypatch)
    assert Client().get(shop.url)["X-Page-Cache"] == "built"


def test_the_worker_tells_of_a_change_whose_process_died_before_it_could(shop: Shop) -> None:
    client, watch = Client(), catching_up.Watch()
    watch.look()
    client.get(shop.url)
    assert watch.look() is False

    Offer.objects.filter(pk=shop.offer.pk).update(price_minor=1789)
    Change.objects.create(tag=f"offers:{shop.product.pk}")  # Committed, and nobody told.
    assert "17.89" not in text_of(client.get(shop.url))

    assert watch.look() is True
    assert "17.89" in text_of(client.get(shop.url))
    assert watch.look() is False
    _new_price_of(shop, 1890)
    assert watch.look() is False  # The process that made this change told of it.


def _new_price_of(shop: Shop, minor: int) -> None:
    prices.change(offer_id=shop.offer.pk, price_minor=minor, reason="Spring", **_now())


def test_a_page_built_while_a_fact_changes_is_not_kept_as_new(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = ProductPage.serve

    def slow(page: ProductPage, *args: Any, **kwargs: Any) -> HttpResponse:
        response = serve(page, *args, **kwargs)
        rendered: HttpResponse = response.render()
        if not Offer.objects.filter(price_minor=1789).exists():
            _new_price(shop)
        return rendered

    monkeypatch.setattr(ProductPage, "serve", slow)
    client = Client()

    assert "17.89" not in text_of(client.get(shop.url))
    assert "17.89" in text_of(client.get(shop.url))


def test_without_a_folder_to_write_to_pages_are_built_each_time(
    shop: Shop, settings, tmp_path
) -> None:
    (tmp_path / "file").write_text("")
    settings.PAGES_DIR = tmp_path / "file" / "pages"
    client = Client()

    assert client.get(shop.url).status_code == 200
    _new_price(shop)
    answer = client.get(shop.url)
    assert "17.89" in text_of(answer)
    assert not answer.has_header("X-Accel-Expires")


def test_another_release_finds_nothing_of_the_one_before(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Client()
    old.get(shop.url)
    name = head.current()
    monkeypatch.setattr("storefront.release.name", lambda: "next")

    new = Client()

    assert new.get(shop.url)["X-Page-Cache"] == "built"
    assert head.current() != name
    # A process of the old release goes on, but nginx does not keep what it says.
    assert old.get(shop.url)["X-Accel-Expires"] == "0"


def test_old_heads_are_cleared_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "KEPT_SECONDS", 0)
    for _ in range(3):
        changed(SITE)

    head.drop_old()

    assert [folder.name for folder in head._heads()] == [head.current()]


def test_menus_are_as_new_as_the_pages(shop: Shop) -> None:
    navigation.forget()
    home = HomePage.objects.first() or Page.objects.get(depth=2)
    _menu(shop)
    client = Client()
    assert "To the washes" in text_of(client.get(shop.url))

    Page.objects.get(pk=shop.category.pk).unpublish()

    assert "To the washes" not in text_of(client.get(home.url))
