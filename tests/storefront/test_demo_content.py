"""What the demo's data files say must hold before a database has seen it."""

import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction

import pytest
from PIL import Image

from catalog.barcodes import validate_barcode
from money.money import Money
from storefront.demo import clinic, content

# Medicinal claims, and adjectives that stand where a number should.
BANNED = re.compile(
    r"regrow|\bcures\b|\bheals\b|miracle|clinically proven|anti-inflammatory|guarantee"
    r"|(prevents?|stops?|reverses?|treats?) (hair loss|hair fall|dandruff|eczema|psoriasis)"
    r"|makes? (your )?hair grow|grows? (new|your) hair|medical[- ]grade|dermatologist[- ]approved",
    re.IGNORECASE,
)
# The one place where the words stand, to say that it is not so.
DENIALS = (
    "There is no good evidence that it makes new hair grow",
    "You can read that massage makes hair grow. The studies so far are small",
)

PRODUCTS = list(content.each("products"))
TREATMENTS = list(content.each("treatments"))
ARTICLES = content.documents("articles")


def _texts() -> Iterator[tuple[str, str]]:
    for pattern in ("*.toml", "*/*.toml", "*/*.md"):
        for path in sorted(content.CONTENT.glob(pattern)):
            text = path.read_text()
            if path.name == "comments.toml":
                # What readers write is theirs; what the clinic answers is ours.
                replies = [row.get("reply", "") for row in tomllib.loads(text)["comment"]]
                text = "\n".join(replies)
            yield str(path.relative_to(content.CONTENT)), text


@pytest.mark.parametrize(("name", "text"), [pytest.param(*text, id=text[0]) for text in _texts()])
def test_no_text_makes_a_medicinal_claim(name: str, text: str) -> None:
    for denial in DENIALS:
        text = text.replace(denial, "")

    assert [found.group() for found in BANNED.finditer(text)] == []


def test_a_medicinal_claim_would_be_found() -> None:
    claims = "It regrows hair, prevents hair loss and treats dandruff."

    assert len(BANNED.findall(claims)) == 3


def test_barcodes_are_valid_different_and_from_the_range_for_internal_use() -> None:
    barcodes = [offer["barcode"] for product in PRODUCTS for offer in product["offers"]]

    for barcode in barcodes:
        validate_barcode(barcode)
        assert len(barcode) == 13
        assert 20 <= int(barcode[:2]) <= 29
    assert len(set(barcodes)) == len(barcodes)


def test_every_picture_exists_once_and_says_what_it_shows() -> None:
    photos = content.facts("photos")["photo"]

    assert sorted(photo["file"] for photo in photos) == sorted(
        path.name for path in content.PHOTOS.glob("*.jpg")
    )
    for photo in photos:
        assert len(photo["alt"]) > 20
        with Image.open(content.PHOTOS / photo["file"]) as image:
            assert min(image.size) >= 1000


def test_sets_name_the_true_sum_of_their_parts() -> None:
    regular = {product["title"]: Money.parse(product["offers"][0]["price"]) for product in PRODUCTS}

    for product in PRODUCTS:
        rows = re.findall(r"(?m)^\| (.+?) \|.*\| (€[\d.]+) \|$", product["body"])
        parts = [(name, price) for name, price in rows if name in regular]
        for name, price in parts:
            assert price == str(regular[name])
        if parts:
            sums = [price for name, price in rows if name == "Sum of the parts"]
            total = Money(sum(regular[name].minor for name, _ in parts))
            assert sums == [str(total)]
            assert regular[product["title"]] < total


def test_a_bigger_bundle_never_costs_more_per_session() -> None:
    for treatment in TREATMENTS:
        per_session = [
            Fraction(Money.parse(offer["price"]).minor, offer["sessions"])
            for offer in treatment["package"]["offers"]
        ]

        assert per_session == sorted(per_session, reverse=True)


def test_package_descriptions_quote_the_prices_of_their_offers() -> None:
    for treatment in TREATMENTS:
        package = treatment["package"]
        quoted = re.findall(r"€(\d+)", package["search_description"])

        assert quoted == [offer["price"].removesuffix(".00") for offer in package["offers"]]


def test_the_refund_rule_reckons_with_the_packages_own_prices() -> None:
    microdermabrasion = TREATMENTS[0]["package"]["offers"]

    rule = clinic.refund_rule(microdermabrasion)

    assert "6 sessions cost €420.00. You used 2, which is 2 × €79.00 = €158.00." in rule
    assert "You get €262.00 back." in rule
    assert "9 × €79.00 = €711.00. That is more than you paid" in rule
    assert "{" not in rule


def test_the_refund_rule_of_a_single_session_needs_no_example() -> None:
    consultation = TREATMENTS[-1]["package"]["offers"]

    assert "the full €25.00 back" in clinic.refund_rule(consultation)


def test_articles_are_long_enough_reviewed_by_somebody_else_and_name_their_sources() -> None:
    assert len(ARTICLES) == 8
    assert len(ARTICLES[0].text.split()) >= 600
    for article in ARTICLES:
        assert len(article.text.split()) >= 400
        assert article.facts["author"] != article.facts["reviewer"]
        assert len(article.facts["sources"]) >= 2
        assert article.facts["reviewed_days_ago"] <= article.facts["published_days_ago"]


def test_sentences_of_articles_are_short() -> None:
    for article in ARTICLES:
        prose = re.sub(r"(?m)^(\||:::|#).*$", "", article.text)
        sentences = [part.split() for part in re.split(r"[.?!:]\s", prose) if part.split()]

        assert sum(map(len, sentences)) / len(sentences) <= 14


def test_the_delivery_page_quotes_the_prices_of_the_basket() -> None:
    page = (content.CONTENT / "pages" / "delivery-and-returns.md").read_text()
    prices = {
        rate["price"]
        for zone in content.facts("delivery")["zone"]
        for method in zone["method"]
        for rate in method["rate"]
        if rate.get("up_to_grams") and rate["price"] != "0.00"
    }

    assert prices <= set(re.findall(r"€([\d.]+\d)", page))


def test_cosmetics_carry_their_ingredients_and_state_how_long_they_keep() -> None:
    for product in PRODUCTS:
        if product["category"] == "tools-and-kits":
            continue
        names = [name.strip() for name in product["ingredients"].rstrip(".").split(",")]

        assert names[0] == "Aqua"
        assert len(names) == len(set(names)) >= 12
        assert product["period_after_opening_months"] in range(3, 25)
        assert product["key_ingredients"]
        assert "Parfum" not in names
