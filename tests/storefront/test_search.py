"""What a search finds, shows and never shows; the same on both databases."""

import datetime as dt
import time
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion
from wagtail.models import PageViewRestriction
from wagtail.search.index import insert_or_update_object
import pytest

from accounts.models import User
from blog.models import ArticleIndexPage, ArticlePage
from catalog.models import CategoryPage, ProductPage
from freshness.answers import collecting
from storefront.models import ContentPage, SearchWord, Synonym, VocabularyMark
from storefront.search import looking, vocabulary, wording
from storefront.search.looking import Match
from tests.blog.factories import PersonFactory
from tests.catalog.factories import (
    CategoryPageFactory,
    ConcernFactory,
    HomePageFactory,
    ImageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from treatments.models import TreatmentIndexPage, TreatmentPage

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_words_of_another_test() -> None:
    vocabulary.forget()


@pytest.fixture
def shelf() -> CategoryPage:
    page: CategoryPage = CategoryPageFactory.create()
    return page


def product(title: str, slug: str, **fields: Any) -> ProductPage:
    page: ProductPage = ProductPageFactory.create(title=title, slug=slug, **fields)
    return page


def read_the_shop(at: dt.datetime = NOW) -> None:
    while vocabulary.read_on(at=at):
        pass


def titles(client: Client, q: str, **further: str) -> list[str]:
    answer = client.get("/search/", {"q": q, **further})
    assert answer.status_code == 200
    return [result.plain_title for result in answer.context.get("results", [])]


def everything_of_everybody(shelf: CategoryPage) -> None:
    """A product, a package, a treatment, an article and a page of help, all on calm scalps."""
    product("Calm serum", "calm-serum", benefit="For a dry scalp.")
    PackagePageFactory.create(title="Calm sessions", slug="calm-sessions", parent=shelf)
    home = HomePageFactory.create()
    treatments = home.add_child(instance=TreatmentIndexPage(title="Treatments", slug="treatments"))
    treatments.add_child(
        instance=TreatmentPage(
            title="Calm treatment", slug="calm", intro="Slow.", treatment=TreatmentFactory.create()
        )
    )
    guide = home.add_child(instance=ArticleIndexPage(title="Guide", slug="guide"))
    guide.add_child(
        instance=ArticlePage(
            title="A calm scalp", slug="calm", intro="What helps.", author=PersonFactory()
        )
    )
    home.add_child(instance=ContentPage(title="Calm delivery", slug="delivery"))


# --- What is found ---------------------------------------------------------------------------


def test_every_kind_of_page_is_found_and_help_comes_last(
    client: Client, shelf: CategoryPage
) -> None:
    everything_of_everybody(shelf)

    found = titles(client, "calm")

    assert sorted(found) == [
        "A calm scalp",
        "Calm delivery",
        "Calm serum",
        "Calm sessions",
        "Calm treatment",
    ]
    assert found[-1] == "Calm delivery"


def test_results_can_be_narrowed_to_a_kind_and_are_counted(
    client: Client, shelf: CategoryPage
) -> None:
    everything_of_everybody(shelf)

    answer = client.get("/search/", {"q": "calm", "type": "article"})

    assert [result.plain_title for result in answer.context["results"]] == ["A calm scalp"]
    assert [(tab.title, tab.count, tab.is_chosen) for tab in answer.context["tabs"]] == [
        ("Everything", 5, False),
        ("Products", 1, False),
        ("Sessions", 1, False),
        ("Treatments", 1, False),
        ("Articles", 1, True),
        ("Help", 1, False),
    ]


def test_all_words_must_be_there_wherever_they_stand(client: Client) -> None:
    product("Quiet serum", "one", benefit="For a dry scalp.")
    product("Quiet balm", "two", benefit="For an oily scalp.")

    assert titles(client, "dry quiet") == ["Quiet serum"]
    assert titles(client, "the quiet serum for my scalp") == ["Quiet serum"]


def test_a_title_counts_more_than_a_text(client: Client) -> None:
    product("Scalp oil", "oil", benefit="Goes well with a serum, before the serum.")
    product("Serum", "serum", benefit="For the night.")

    assert titles(client, "serum") == ["Serum", "Scalp oil"]


@pytest.mark.parametrize("typed", ["wash", "washes", "WASH", "Wäsh"])
def test_singular_plural_capitals_and_accents_are_one(client: Client, typed: str) -> None:
    product("Daily wash", "daily-wash")
    read_the_shop()

    assert titles(client, typed) == ["Daily wash"]


def test_the_beginning_of_a_word_is_enough(client: Client) -> None:
    product("Featherweight conditioner", "conditioner")

    assert titles(client, "feather cond") == []
    assert titles(client, "featherweight cond") == ["Featherweight conditioner"]


def test_concerns_lead_to_their_products(client: Client) -> None:
    page = product("Plain balm", "balm")
    page.concerns = [ConcernFactory.create(name="Flaky", slug="flaky")]
    page.save()
    insert_or_update_object(page)  # As the worker does, once all of the page is stored.

    assert titles(client, "flaky") == ["Plain balm"]


def test_more_than_a_page_of_results_has_pages_with_addresses(
    client: Client, shelf: CategoryPage
) -> None:
    for number in range(26):
        product(f"Serum {number:02}", f"serum-{number:02}", parent=shelf)

    first = client.get("/search/", {"q": "serum"})
    second = client.get("/search/", {"q": "serum", "page": "2"})

    assert len(first.context["results"]) == 24
    assert len(second.context["results"]) == 2
    assert first.context["count"] == 26
    assert "?q=serum&amp;page=2" in first.content.decode()
    assert titles(client, "serum", page="99") == [
        result.plain_title for result in second.context["results"]
    ]


# --- What must never be found ----------------------------------------------------------------


def test_drafts_and_private_pages_never_appear(client: Client, shelf: CategoryPage) -> None:
    """Neither among results nor suggestions, nor as a word that somebody may have meant."""
    product("Secretive serum", "draft", live=False)
    members = CategoryPageFactory.create(title="Members", slug="members")
    restriction = PageViewRestriction.objects.create(page=members, restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Members"))
    hidden = product("Secretive balm", "hidden", parent=members)
    OfferFactory.create(page=hidden, sku="HID-1", barcode="4006381333931")
    query = Query.objects.create(query_string="secretive")
    SearchPromotion.objects.create(query=query, page=hidden)
    read_the_shop()

    for q in ("secretive", "secretiv", "sekretive", "balm", "HID-1", "4006381333931"):
        for path in ("/search/", "/search/suggest/"):
            answer = client.get(path, {"q": q})
            assert answer.status_code == 200
            assert "ecretive balm" not in answer.content.decode()
            assert "ecretive serum" not in answer.content.decode()
    assert not SearchWord.objects.filter(word="secretive").exists()


# --- Typing slips ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("conditoner", "conditioner"),
        ("featherwieght", "featherweight"),
        ("featherweight condtioner", "featherweight conditioner"),
        ("feather weight", "featherweight"),
        ("featherweightconditioner", "featherweight conditioner"),
    ],
)
def test_slips_are_corrected_and_said(client: Client, typed: str, meant: str) -> None:
    product("Featherweight conditioner", "conditioner")
    read_the_shop()

    answer = client.get("/search/", {"q": typed})

    assert [one.plain_title for one in answer.context["results"]] == ["Featherweight conditioner"]
    assert answer.context["found"].text == meant
    assert answer.context["is_corrected"]
    text = answer.content.decode()
    assert f"results for <strong>“{meant}”</strong>" in text
    assert answer.context["exact_url"].endswith("&exact=1")
    exact = client.get(answer.context["exact_url"])
    assert not exact.context.get("is_corrected")


def test_what_is_found_as_typed_is_not_corrected(client: Client) -> None:
    product("Serum", "serum")
    product("Serim", "serim")
    read_the_shop()

    assert titles(client, "serim") == ["Serim"]


def test_some_of_the_words_are_better_than_nothing(client: Client) -> None:
    product("Quiet serum", "serum")

    answer = client.get("/search/", {"q": "quiet xylophone"})

    assert [result.plain_title for result in answer.context["results"]] == ["Quiet serum"]
    assert answer.context["is_some"]
    assert "some of them" in answer.content.decode()


def test_the_worker_reads_what_was_published_since_and_forgets_what_is_gone() -> None:
    first = product("Quiet serum", "serum")
    read_the_shop()
    assert set(vocabulary.current().uses) >= {"quiet", "serum", "stripping"}
    first.delete()
    product("Loud balm", "balm", last_published_at=NOW)

    read_the_shop()
    assert {"loud", "quiet"} <= set(vocabulary.current().uses)

    read_the_shop(NOW + dt.timedelta(days=2))
    assert "quiet" not in vocabulary.current().uses
    assert vocabulary.current().uses["loud"] == 1
    assert VocabularyMark.objects.get().reading == 2


# --- Words of the staff ----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["shampoo", "shampoos", "cleansing milk", "dry shampoo"])
def test_synonyms_find_the_other_words_too(client: Client, typed: str) -> None:
    product("Daily wash", "wash", benefit="For a dry scalp.")
    Synonym.objects.create(words="shampoo, wash, cleansing milk")

    assert titles(client, typed) == ["Daily wash"]
    assert "<mark>wash</mark>" in client.get("/search/", {"q": typed}).content.decode()


@pytest.mark.parametrize("words", ["", "wash", "wash, Wash", ", ,"])
def test_a_synonym_of_nothing_is_refused(admin: Client, words: str) -> None:
    answer = admin.post("/admin/synonym/new/", {"words": words})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Synonym.objects.exists()


def test_staff_write_synonyms(admin: Client) -> None:
    answer = admin.post("/admin/synonym/new/", {"words": "wash, shampoo"})

    assert answer.status_code == 302
    assert Synonym.objects.get().phrases == [("wash",), ("shampoo",)]
    assert "wash, shampoo" in admin.get("/admin/synonym/").content.decode()


@pytest.fixture
def admin() -> Client:
    client = Client(headers={"Origin": "http://testserver"})
    client.force_login(User.objects.create_superuser("boss@example.com"))
    return client


def test_what_staff_have_pinned_comes_first(client: Client) -> None:
    product("Serum", "serum")
    other = product("Balm", "balm")
    query = Query.objects.create(query_string="serums")
    SearchPromotion.objects.create(
        query=query, page=other, description="Our <answer> to dry serum days.", sort_order=1
    )
    SearchPromotion.objects.create(
        query=query,
        external_link_url="https://example.com/advice",
        external_link_text="Advice",
        sort_order=0,
    )

    answer = client.get("/search/", {"q": "Serum"})

    assert [(one.plain_title, one.is_pinned) for one in answer.context["results"]] == [
        ("Advice", True),
        ("Balm", True),
        ("Serum", False),
    ]
    assert "Our &lt;answer&gt; to dry <mark>serum</mark> days." in answer.content.decode()


# --- Why it was found ------------------------------------------------------------------------


def test_it_is_shown_why_something_was_found_and_nothing_gets_into_the_page(
    client: Client,
) -> None:
    product("Serum <b>now</b>", "serum", benefit="A <i>serum</i> & more.")

    text = client.get("/search/", {"q": "serum <script>alert(1)</script>"}).content.decode()

    assert "<mark>Serum</mark> &lt;b&gt;now&lt;/b&gt;" in text
    assert "A &lt;i&gt;<mark>serum</mark>&lt;/i&gt; &amp; more." in text
    assert "<script>alert" not in text


def test_a_word_deep_in_the_text_is_shown_where_it_stands(client: Client) -> None:
    product("Mask", "mask", ingredients_inci=f"{'Aqua, Glycerin, ' * 30}Squalane, Urea")

    text = client.get("/search/", {"q": "squalane"}).content.decode()

    assert "<mark>Squalane</mark>, Urea" in text


def test_no_answer_is_kept_longer_than_the_index_may_lag(client: Client) -> None:
    product("Quiet serum", "serum")
    before = timezone.now()

    for path in ("/search/", "/search/suggest/"):
        with collecting() as shown:
            client.get(path, {"q": "serum"})
        assert shown.until is not None
        assert before < shown.until <= timezone.now() + dt.timedelta(minutes=1)


# --- Codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["SERUM-30", "serum-30", " 4006381333931", "4 006381 333931"])
def test_a_code_leads_straight_to_its_product(client: Client, typed: str) -> None:
    offer = OfferFactory.create(sku="SERUM-30", barcode="4006381333931")

    answer = client.get("/search/", {"q": typed})

    assert answer.status_code == 302
    assert answer["Location"] == offer.page.specific.url


def test_a_code_that_is_not_sold_any_more_finds_nothing(client: Client) -> None:
    OfferFactory.create(sku="OLD-1", active_until=timezone.now() - dt.timedelta(days=1))

    assert client.get("/search/", {"q": "OLD-1"}).status_code == 200


# --- Nothing ---------------------------------------------------------------------------------


def test_nothing_found_leads_on(client: Client, shelf: CategoryPage) -> None:
    answer = client.get("/search/", {"q": "xylophone"})

    text = answer.content.decode()
    assert "Nothing found for “xylophone”" in text
    assert shelf.url in text


@pytest.mark.parametrize("q", ["", "   ", "\x00", "%", "'\"*():&|!<->", "\u202e", "-", "_", "."])
def test_what_is_no_word_shows_the_search(client: Client, q: str) -> None:
    answer = client.get("/search/", {"q": q})

    assert answer.status_code == 200
    assert client.get("/search/suggest/", {"q": q}).status_code == 200


def test_search_pages_are_not_for_other_search_engines(client: Client) -> None:
    answer = client.get("/search/", {"q": "wash"})

    assert '<meta name="robots" content="noindex, follow">' in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex, follow"
    assert client.get("/search/suggest/", {"q": "wash"})["X-Robots-Tag"] == "noindex, follow"


@pytest.mark.parametrize(
    "q",
    ["a" * 100_000, "a " * 50_000, "é" * 100_000, "(" * 100_000, "5." * 50_000, "a-1" * 33_000],
    ids=["letters", "words", "accents", "brackets", "numbers", "codes"],
)
def test_a_hundred_thousand_characters_are_answered_at_once(client: Client, q: str) -> None:
    product("Daily wash", "wash")
    read_the_shop()
    looking.look_up(wording.read("warm up"))

    began = time.perf_counter()
    asked = wording.read(q)
    took = time.perf_counter() - began

    assert took < 0.05
    assert len(asked.text) <= wording.LONGEST_QUERY * 4
    assert len(asked.words) <= wording.MOST_WORDS
    assert looking.look_up(asked).match in set(Match) if asked else True


# --- Suggestions -----------------------------------------------------------------------------


def test_suggestions_are_eight_at_most_products_first(client: Client, shelf: CategoryPage) -> None:
    everything_of_everybody(shelf)
    for number in range(9):
        product(f"Calm wash {number}", f"wash-{number}", parent=shelf)

    answer = client.get("/search/suggest/", {"q": "cal"})

    kinds = [result.kind_slug for result in answer.context["suggestions"]]
    assert kinds == ["product"] * 5 + ["package", "treatment", "article"]
    assert answer.content.decode().count('role="option"') == 9
    assert "See all results for “cal”" in answer.content.decode()


def test_suggestions_forgive_slips_and_say_what_it_costs(client: Client) -> None:
    OfferFactory.create(page=product("Quiet serum", "serum"), price_minor=2400)
    read_the_shop()

    text = client.get("/search/suggest/", {"q": "quiet serrum"}).content.decode()

    assert "<mark>Quiet</mark> <mark>serum</mark>" in text
    assert "€24.00" in text


@pytest.mark.parametrize("q", ["", "q", "xylophone"])
def test_nothing_to_suggest_is_an_empty_list(client: Client, q: str) -> None:
    product("Quiet serum", "serum")

    assert client.get("/search/suggest/", {"q": q}).content.strip() == b""


# --- What was looked for ---------------------------------------------------------------------


def ask(client: Client, q: str, times: int = 1) -> None:
    for _ in range(times):
        answer = client.post("/search/asked/", {"q": q}, HTTP_ORIGIN="http://testserver")
        assert answer.status_code == 204
    assert client.get("/search/", {"q": q}).status_code in {200, 302}


def test_terms_are_counted_and_reading_writes_nothing(client: Client) -> None:
    product("Quiet serum", "serum")
    read_the_shop()

    client.get("/search/", {"q": "quiet serums"})
    assert not Query.objects.exists()

    ask(client, "Quiet serums", times=2)
    assert [(day.query.query_string, day.hits) for day in QueryDailyHits.objects.all()] == [
        ("quiet serums", 2)
    ]


def test_what_one_person_types_is_not_kept(client: Client) -> None:
    """A name, an address or a number may be somebody's; what several ask for is no secret."""
    ask(client, "Ada Lindqvist", times=2)
    ask(client, "ada@example.com", times=5)
    ask(client, "004930123456", times=5)
    assert not Query.objects.exists()

    ask(client, "xylophone", times=3)
    assert QueryDailyHits.objects.get().hits == 3
    assert Query.objects.get().query_string == "xylophone"


# --- What it costs ---------------------------------------------------------------------------


def test_a_cold_search_asks_at_most_twelve_times(client: Client, shelf: CategoryPage) -> None:
    everything_of_everybody(shelf)
    for number in range(24):
        page = product(f"Calm wash {number}", f"wash-{number}", parent=shelf)
        page.gallery_images.create(image=ImageFactory.create())
        OfferFactory.create(page=page)
    Synonym.objects.create(words="calm, quiet")
    read_the_shop()
    for path in ("/search/", "/search/suggest/"):
        client.get(path, {"q": "calm"})
        for q in ("calm", "quiet", "clam wash"):
            vocabulary.forget()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path, {"q": q}).status_code == 200
            assert len(queries) <= 12, [query["sql"][:120] for query in queries]
