"""The public texts of a row: its fields, their blocks, and the rows that are part of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from claims.block_texts import plain, texts_of_block

# Text by its type, but never read as one.
_CODES = (models.SlugField, models.URLField, models.EmailField, models.UUIDField)
# Fields of Wagtail's own page that no customer reads.
LEFT_OUT_OF_PAGES = {
    "path": "where the page stands in the tree",
    "url_path": "an address",
    "draft_title": "the title of a draft",
}
# Wagtail's own rows beside a page are notes for editors.
_NOT_PARTS = {"wagtailcore", "wagtailadmin"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a row: which field it is of, and what it says."""

    field: str
    label: str
    text: str


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a model that hold words which somebody wrote."""
    return [field for field in model._meta.concrete_fields if _holds_words(field)]


def left_out(model: type[models.Model]) -> Mapping[str, str]:
    """Fields of a model that are no public text, each with its reason."""
    own: Mapping[str, str] = getattr(model, "words_left_out", {})
    return {**LEFT_OUT_OF_PAGES, **own} if issubclass(model, Page) else own


def pieces_of(row: models.Model, parts: Iterable[models.Model] | None = None) -> Iterator[Piece]:
    """Yield every public text of a row, and of the rows that are part of it.

    :param parts: the rows that are part of it, where a form holds newer ones than it does.
    """
    left = left_out(type(row))
    for field in text_fields(type(row)):
        if field.name not in left:
            label = str(field.verbose_name).capitalize()
            for text in _texts_of(field, getattr(row, field.name)):
                yield Piece(field.name, label, text)
    for part in _parts_of(row) if parts is None else parts:
        kind = str(part._meta.verbose_name)
        for piece in pieces_of(part, ()):
            yield Piece(piece.field, f"{kind}: {piece.label}".capitalize(), piece.text)


def part_models(model: type[models.Model]) -> list[type[models.Model]]:
    """The models of rows that are part of a page."""
    return [
        relation.related_model
        for relation in get_all_child_relations(model)
        if relation.related_model._meta.app_label not in _NOT_PARTS
    ]


def _holds_words(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, StreamField):
        return True
    is_text = isinstance(field, models.CharField | models.TextField)
    return is_text and not isinstance(field, _CODES) and not field.choices


def _texts_of(field: models.Field[Any, Any], value: Any) -> Iterator[str]:
    if isinstance(field, StreamField):
        yield from texts_of_block(field.stream_block, value)
    elif value:
        yield plain(str(value)) if isinstance(field, RichTextField) else str(value)


def _parts_of(row: models.Model) -> Iterator[models.Model]:
    if not isinstance(row, Page):
        return
    for relation in get_all_child_relations(type(row)):
        if relation.related_model._meta.app_label not in _NOT_PARTS:
            yield from getattr(row, relation.get_accessor_name()).all()
