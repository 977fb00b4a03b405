"""What staff type to change many offers at once, and to plan or add prices."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from catalog.price_law import PricePoint
from catalog.price_rules import PERCENT_STEPS, PriceEnding, PriceRule, PriceStep
from money.money import Money, NotAnAmount

# So many offers a person can still look through before they agree.
MOST_OFFERS = 1_000
_HIGHEST_PERCENT = 1_000


def moment_field(label: str, help_text: str) -> forms.DateTimeField:
    """Return an optional moment in the browser's own picker, in the shop's time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget, help_text=help_text)


class ChosenOffersField(forms.CharField):
    """Numbers of offers, carried along unseen from the list to the change."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> Any:
        """:raises ValidationError: if that is not a list of numbers, or too long a one."""
        numbers = re.findall(r"[0-9]{1,18}", str(value or ""))
        if len(numbers) > MOST_OFFERS:
            raise forms.ValidationError(
                f"That is {len(numbers)} offers. Narrow the list to {MOST_OFFERS} or fewer."
            )
        return sorted({int(number) for number in numbers})


class PriceRuleForm(forms.Form):
    """One rule for the prices of many offers."""

    step = forms.ChoiceField(label="What to do", choices=PriceStep.choices)
    value = forms.CharField(
        label="By or to how much", max_length=20, help_text="A percentage or an amount, such as 10."
    )
    ending = forms.ChoiceField(label="Round", choices=PriceEnding.choices)
    is_reduction = forms.BooleanField(
        label="Announce as a reduction",
        required=False,
        help_text="Pages then show the lowest price of the 30 days before, as the law asks.",
    )
    starts_at = moment_field("From", "Empty: at once.")
    ends_at = moment_field("Until", "Empty: for good. The price from before comes back then.")
    reason = forms.CharField(max_length=120, help_text="Stands in the history of every price.")
    offers = ChosenOffersField()
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    token = forms.CharField(max_length=43, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and starts <= timezone.now():
            self.add_error("starts_at", "That moment has passed: leave it empty for at once.")
        if ends and ends <= (starts or timezone.now()):
            self.add_error("ends_at", "It must end after it begins.")
        if "value" in cleaned and "step" in cleaned:
            cleaned["minor"] = self._read_value(cleaned["value"], PriceStep(cleaned["step"]))
        return cleaned

    def rule(self) -> PriceRule:
        """Return the rule that a valid form asks for."""
        return PriceRule(
            step=PriceStep(self.cleaned_data["step"]),
            value=self.cleaned_data["minor"],
            ending=PriceEnding(self.cleaned_data["ending"]),
            is_reduction=self.cleaned_data["is_reduction"],
            starts_at=self.cleaned_data["starts_at"],
            ends_at=self.cleaned_data["ends_at"],
        )

    def _read_value(self, text: str, step: PriceStep) -> int:
        try:
            if step not in PERCENT_STEPS:
                return self._positive(Money.parse(text, settings.SHOP_CURRENCY).minor)
            percent = Decimal(text.replace("%", "").replace(",", ".").strip())
            if not percent.is_finite() or percent > _HIGHEST_PERCENT:
                raise InvalidOperation
            return self._positive(int(percent * 100))
        except NotAnAmount as refusal:
            self.add_error("value", str(refusal))
        except InvalidOperation:
            self.add_error("value", "Type a percentage such as 10 or 7.5.")
        return 0

    def _positive(self, value: int) -> int:
        if value < 0:
            self.add_error("value", "Choose to lower or to raise instead of a minus.")
        return value


class EarlierPricesForm(forms.Form):
    """Prices from before the history begins, one in a line."""

    lines = forms.CharField(
        label="Earlier prices",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One in a line: since when, the price, and “reduced” where it was announced as a "
        "reduction. For instance: 2025-11-03 09:00; 24.00 or 2025-11-20; 19.90; reduced.",
    )
    reason = forms.CharField(max_length=150, help_text="Where these prices are known from.")

    def clean_lines(self) -> list[PricePoint]:
        """:raises ValidationError: naming every line that cannot be read."""
        points, wrong = [], []
        for number, line in self._filled_lines():
            try:
                points.append(_read_line(line))
            except (ValueError, NotAnAmount) as refusal:
                wrong.append(f"Line {number}: {refusal}")
        if wrong:
            raise forms.ValidationError(wrong)
        return points

    def _filled_lines(self) -> Iterator[tuple[int, str]]:
        lines = self.cleaned_data["lines"].splitlines()
        return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _read_line(line: str) -> PricePoint:
    """Read one earlier price.

    :raises ValueError: if the line does not say since when and how much.
    :raises NotAnAmount: if the price is no amount.
    """
    since, *rest = [part.strip() for part in re.split(r"[;\t]", line) if part.strip()]
    if not rest or len(rest) > 2:
        raise ValueError("Write since when, then the price, with a semicolon between them.")
    if rest[1:] not in ([], ["reduced"]):
        raise ValueError("The third part can only be “reduced”.")
    price = Money.parse(rest[0], settings.SHOP_CURRENCY)
    return PricePoint(price.minor, rest[1:] == ["reduced"], _read_moment(since))


def _read_moment(text: str) -> dt.datetime:
    """:raises ValueError: if the text is neither a day nor a moment."""
    moment = parse_datetime(text)
    if moment is None:
        day = parse_date(text)
        here = timezone.get_current_timezone()
        moment = dt.datetime.combine(day, dt.time(), tzinfo=here) if day else None
    if moment is None:
        raise ValueError(f"“{text}” is no moment: write it like 2025-11-03 09:00.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class StockSheetForm(forms.Form):
    """What happened to many stock levels, with a number for each; empty ones stay."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[
            ("COUNTED", "Counted: the number is what is there now"),
            ("RECEIVED", "Received: the number came in"),
            ("RETURNED", "Returned: the number came back"),
            ("DAMAGED", "Damaged: the number is gone"),
        ],
    )
    for_all = forms.IntegerField(
        label="The same number for all",
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text="Fills the rows that you leave empty.",
    )
    reason = forms.CharField(max_length=200)
    offers = ChosenOffersField()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def numbers(self) -> dict[int, int | None]:
        """Return the number typed for each chosen offer."""
        for_all = self.cleaned_data.get("for_all")
        typed = {
            offer_id: self.data.get(f"n-{offer_id}", "").strip()
            for offer_id in self.cleaned_data["offers"]
        }
        return {
            offer_id: int(text) if re.fullmatch(r"[0-9]{1,6}", text) else for_all
            for offer_id, text in typed.items()
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for offer_id in cleaned.get("offers", []):
            text = self.data.get(f"n-{offer_id}", "").strip()
            if text and not re.fullmatch(r"[0-9]{1,6}", text):
                self.add_error(None, f"“{text[:20]}” is no number of things.")
        return cleaned
