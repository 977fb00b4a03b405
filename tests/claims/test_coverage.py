"""Every field of every model that holds words is read by the claims check, or says why not."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page
import pytest

from claims.block_texts import UnknownBlock, blocks_within, reader_of, texts_of_block
from claims.live_texts import OTHERS, checked_models
from claims.models import CheckedWords
from claims.texts import left_out, part_models, pieces_of, text_fields
from cms.models import BasePage
from cms.page_forms import CheckedPageForm
from storefront import visible_rows
from storefront.public_texts import SHOWN_BUT_NO_TEXT, reason_to_leave_out

PAGES = [model for model in apps.get_models() if issubclass(model, BasePage)]
PARTS = {part for page in PAGES for part in part_models(page)}


def is_read(model: type[models.Model]) -> bool:
    """Whether the rows of a model are read: as pages, as parts of one, or by their own form."""
    return model in PARTS or issubclass(model, BasePage) or model in checked_models()


def fields_unaccounted_for(model: type[models.Model]) -> list[str]:
    if reason_to_leave_out(model._meta.label) or is_read(model):
        return []
    return [f"{model._meta.label}.{field.name}" for field in text_fields(model)]


def test_every_field_with_words_is_read_or_its_model_says_why_not() -> None:
    assert [name for model in apps.get_models() for name in fields_unaccounted_for(model)] == []


def test_a_model_that_nobody_thought_of_would_be_found() -> None:
    class Leaflet(models.Model):
        words = models.TextField()

        class Meta:
            app_label = "catalog"

        def __str__(self) -> str:
            return self.words

    try:
        assert fields_unaccounted_for(Leaflet) == ["catalog.Leaflet.words"]
    finally:
        del apps.all_models["catalog"]["leaflet"]
        apps.clear_cache()


def test_what_is_left_out_exists_and_has_a_reason() -> None:
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        own = getattr(model, "words_left_out", {})
        assert set(own) - names == set(), model
        assert all(left_out(model).values())


def test_the_tables_name_only_models_that_exist() -> None:
    known = {model._meta.label for model in apps.get_models()}
    known |= {"wagtailsearch.SQLiteFTSIndexEntry"}

    assert {*SHOWN_BUT_NO_TEXT, *OTHERS} - known == set()


def test_no_model_that_is_read_is_said_to_be_shown_nowhere() -> None:
    never = [model._meta.label for model in checked_models()]

    # Tags are shown by name, where an article carries them.
    assert set(never) & visible_rows.NEVER <= {"taggit.Tag"}


def _streams() -> Iterator[tuple[str, StreamField]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, StreamField):
                yield f"{model._meta.label}.{field.name}", field


def test_every_kind_of_block_is_known_as_text_or_as_none() -> None:
    streams = dict(_streams())

    assert streams
    for field in streams.values():
        for block in blocks_within(field.stream_block):
            reader_of(block)


def test_a_kind_of_block_that_nobody_thought_of_is_refused() -> None:
    class PoemBlock(blocks.FieldBlock):
        pass

    with pytest.raises(UnknownBlock, match="PoemBlock"):
        list(texts_of_block(PoemBlock(), "Roses are red"))


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model._meta.label)
def test_every_page_is_published_through_the_form_that_reads_it(model: type[BasePage]) -> None:
    assert issubclass(model.get_edit_handler().get_form_class(), CheckedPageForm)


@pytest.mark.django_db
def test_every_text_of_a_page_reaches_the_check() -> None:
    page = PAGES[0]()
    wanted = set()
    for field in text_fields(type(page)):
        if field.name not in left_out(type(page)) and not isinstance(field, StreamField):
            setattr(page, field.name, f"The words of {field.name}")
            wanted.add(field.name)

    found = {piece.field for piece in pieces_of(page, ())}

    assert {"title", "seo_title", "search_description"} <= wanted
    assert found == wanted


def test_only_rows_with_words_of_their_own_are_checked_words() -> None:
    ours = [model for model in apps.get_models() if issubclass(model, CheckedWords)]

    assert [model for model in ours if not text_fields(model) or issubclass(model, Page)] == []
