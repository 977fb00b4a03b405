"""The facts of a product page as texts of a sheet, both ways."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField

from catalog.markets import Market
from catalog.models import ProductPage, ResponsiblePerson

# Typed where a value is to be taken away; an empty cell leaves it as it is.
NOTHING = "(none)"
YES, NO = ("yes", "true", "1", "x"), ("no", "false", "0")
# The columns of the sheet and the fields they fill.
FIELDS: dict[str, str] = {
    "title": "title",
    "benefit": "benefit",
    "intro": "intro",
    "function": "function",
    "application": "application",
    "how_to_use": "how_to_use",
    "suited_to": "suited_to",
    "not_for": "not_for",
    "ingredients": "ingredients_inci",
    "key_ingredients": "key_ingredients",
    "ph_from": "ph_from",
    "ph_to": "ph_to",
    "warnings": "warnings",
    "has_no_warnings": "has_no_warnings",
    "months_after_opening": "period_after_opening_months",
    "durability": "durability_note",
    "made_in": "made_in",
    "responsible_eu": "eu_responsible_person",
    "responsible_gb": "gb_responsible_person",
    "sold_in": "sold_in",
    "size_note": "scale_note",
    "concerns": "concerns",
    "skin_feels": "skin_feels",
    "free_from": "free_from",
    "care_tags": "care_tags",
    "seo_title": "seo_title",
    "search_description": "search_description",
}
_RESPONSIBLE = {
    "eu_responsible_person": Market.EU,
    "gb_responsible_person": Market.GB,
}


@dataclass
class Words:
    """Words and persons by the name that a sheet calls them, each kind read once."""

    _known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, name: str) -> Mapping[str, Any]:
        """Return what a field of the page may name."""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> dict[str, Any]:
        if name in _RESPONSIBLE:
            people = ResponsiblePerson.objects.filter(market=_RESPONSIBLE[name])
            return {person.name.casefold(): person for person in people}
        words: Any = ProductPage._meta.get_field(name).related_model
        return {word.slug: word for word in words._default_manager.all()}


def read(page: ProductPage, column: str) -> str:
    """Say what a page holds, as the sheet's cell would."""
    name = FIELDS[column]
    kind = ProductPage._meta.get_field(name)
    value = getattr(page, name)
    if isinstance(kind, ParentalManyToManyField):
        return ", ".join(sorted(word.slug for word in value.all()))
    if isinstance(kind, StreamField):
        return "\n".join(_ingredient_line(block.value) for block in value)
    if isinstance(kind, models.BooleanField):
        return "yes" if value else "no"
    if isinstance(kind, models.ForeignKey):
        return value.name if value else ""
    return _plain(value)


def write(page: ProductPage, column: str, text: str, words: Words) -> None:
    """Put what a cell says into a page that is not stored yet.

    :raises ValidationError: if the text does not fit.
    """
    name = FIELDS[column]
    kind = ProductPage._meta.get_field(name)
    wanted = "" if text == NOTHING else text
    if isinstance(kind, ParentalManyToManyField):
        setattr(page, name, _named(wanted.replace("|", ",").split(","), words.of(name)))
    elif isinstance(kind, StreamField):
        setattr(page, name, _ingredients(wanted))
    elif isinstance(kind, models.BooleanField):
        setattr(page, name, truth(wanted or "no"))
    elif isinstance(kind, models.ForeignKey):
        chosen = _named([wanted.casefold()], words.of(name))
        setattr(page, name, chosen[0] if chosen else None)
    else:
        setattr(page, name, _clean(kind, wanted))


def truth(text: str) -> bool:
    """Read yes or no.

    :raises ValidationError: if it is neither.
    """
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ValidationError("Type yes or no.")


def clean_value(kind: Any, text: str) -> Any:
    """Turn a text into a field's value by the field's own rules.

    :raises ValidationError: if it does not fit.
    """
    if text == "" and kind.null:
        return None
    if kind.choices:
        text = _chosen(kind, text)
    if isinstance(kind, models.DecimalField):
        text = text.replace(",", ".")
    return kind.clean(text, None)


def _clean(kind: Any, text: str) -> Any:
    if isinstance(kind, RichTextField):
        return text if not text or text.startswith("<") else _paragraphs(text)
    return clean_value(kind, text)


def _chosen(kind: Any, text: str) -> str:
    """Find a choice by its code or by its words."""
    for value, label in kind.flatchoices:
        if text.casefold() in (str(value).casefold(), str(label).casefold()):
            return str(value)
    if text == "" and kind.blank:
        return ""
    codes = ", ".join(str(value) for value, _ in kind.flatchoices)
    raise ValidationError(f"Choose one of: {codes}.")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _paragraphs(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{part.strip()}</p>" for part in escaped.split("\n") if part.strip())


def _named(names: Sequence[str], known: Mapping[str, Any]) -> list[Any]:
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    unknown = [name for name in wanted if name not in known]
    if unknown:
        some = ", ".join(sorted(known)[:12]) or "none yet"
        raise ValidationError(f"Unknown: {', '.join(unknown)[:80]}. There are: {some}.")
    return [known[name] for name in wanted]


def _ingredient_line(value: Mapping[str, Any]) -> str:
    percent = "" if value["percent"] is None else _plain(value["percent"])
    return f"{value['name']} | {percent} | {value['purpose']}"


def _ingredients(text: str) -> str:
    """Read lines such as “Panthenol | 5 | soothes” into the JSON of the page's blocks."""
    blocks = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not parts[0] or not parts[2]:
            raise ValidationError("Write each as: name | percent | purpose.")
        blocks.append({"type": "ingredient", "value": _ingredient(*parts)})
    return json.dumps(blocks)


def _ingredient(name: str, percent: str, purpose: str) -> dict[str, Any]:
    amount = percent.rstrip(" %").replace(",", ".")
    try:
        if amount and not 0 <= Decimal(amount) <= 100:
            raise InvalidOperation
    except InvalidOperation as error:
        raise ValidationError(f"{percent} is no percentage.") from error
    if len(name) > 80 or len(purpose) > 160:
        raise ValidationError("A name has at most 80 characters, a purpose 160.")
    return {"name": name, "percent": amount or None, "purpose": purpose}
