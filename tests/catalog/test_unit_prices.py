"""What 100 ml, a litre, 100 g, a kilogram or a piece costs."""

from decimal import Decimal

from django.core.exceptions import ValidationError
import pytest

from catalog.barcodes import validate_barcode
from catalog.models import ContentUnit, Offer
from catalog.unit_prices import unit_price
from money.money import Money


@pytest.mark.parametrize(
    ("minor", "amount", "unit", "words"),
    [
        (2400, "250", ContentUnit.ML, "€9.60 per 100 ml"),
        (1999, "30", ContentUnit.ML, "€66.63 per 100 ml"),
        (1, "200", ContentUnit.ML, "€0.01 per 100 ml"),
        (3000, "1000", ContentUnit.ML, "€3.00 per 100 ml"),
        (3000, "1500", ContentUnit.ML, "€20.00 per litre"),
        (1800, "75.5", ContentUnit.G, "€23.84 per 100 g"),
        (5000, "2000", ContentUnit.G, "€25.00 per kg"),
        (900, "3", ContentUnit.PIECE, "€3.00 per piece"),
        (900, "1", ContentUnit.PIECE, ""),
    ],
)
def test_unit_price(minor: int, amount: str, unit: ContentUnit, words: str) -> None:
    assert unit_price(Money(minor), Decimal(amount), unit) == words


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("250.00", ContentUnit.ML, "250 ml"),
        ("7.50", ContentUnit.G, "7.5 g"),
        ("1.00", ContentUnit.PIECE, "1 piece"),
        ("100", ContentUnit.PIECE, "100 pieces"),
    ],
)
def test_content_reads_as_on_the_box(amount: str, unit: ContentUnit, words: str) -> None:
    assert Offer(content_amount=Decimal(amount), content_unit=unit).content_text == words


@pytest.mark.parametrize("barcode", ["4006381333931", "96385074", "036000291452"])
def test_barcode_with_its_check_digit_is_taken(barcode: str) -> None:
    validate_barcode(barcode)


@pytest.mark.parametrize("barcode", ["4006381333932", "123", "40063813339３1", "abcdefgh"])  # noqa: RUF001
def test_barcode_that_cannot_be_is_refused(barcode: str) -> None:
    with pytest.raises(ValidationError):
        validate_barcode(barcode)
