"""One word for all that a reader is told by an article: the same words, the same hash."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from cms import renditions
from cms.models import CustomImage

if TYPE_CHECKING:
    from blog.models import ArticlePage

# What is no part of what a reader is told. Everything else counts, so that a field that is added
# to articles is bound to their approval until somebody says here why it is not.
NOT_TOLD = frozenset({
    # Where the page stands, and in which state.
    "pk", "page_ptr", "path", "depth", "numchild", "url_path", "content_type", "slug", "locale",
    "translation_key", "alias_of", "owner", "show_in_menus", "live", "has_unpublished_changes",
    "live_revision", "latest_revision", "latest_revision_created_at", "first_published_at",
    "last_published_at", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by",
    "draft_title",
    # Notes between editors.
    "wagtail_admin_comments",
    # The review itself, written by `publishing` alone.
    "approval", "reviewer", "last_reviewed_on", "next_review_on",
    # Worked out from the text.
    "reading_minutes",
    # Whether readers may answer.
    "takes_comments",
    # Where it is filed, not what it says.
    "topics", "tags", "tagged_items",
})  # fmt: skip

# Names of rows and blocks inside the page: they differ although the words are the same.
_ROW_NAMES = frozenset({"pk", "id", "article", "page_ptr", "sort_order", "translation_key"})
# Parts of blocks that were added later: an approval from before stands for blocks without them.
_ADDED_LATER = frozenset({"has_captions", "transcript"})
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


def content_hash(page: "ArticlePage") -> str:
    """Return 64 hexadecimal digits that stand for what this page, or draft of one, says.

    A field that is empty says nothing, so a field added later changes no hash. One query for the
    pictures, whose files and words are part of what is said.
    """
    told = {
        name: plain
        for name, value in page.serializable_data().items()
        if name not in NOT_TOLD and (plain := _plain(value)) not in (None, "", [], {}, False)
    }
    told["pictures"] = _pictures(page)
    text = json.dumps(told, sort_keys=True, cls=DjangoJSONEncoder, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value without the names of rows and blocks; nested JSON is read first."""
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, dict):
        # A block's id is no words of it; a picture's is: it says which one is shown.
        inner = {name: each for name, each in value.items() if not _is_row_name(name, value)}
        return {name: _plain(each) for name, each in inner.items() if _says(name, each)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _says(name: str, value: Any) -> bool:
    return bool(value) or name not in _ADDED_LATER


def _plain_text(value: str) -> Any:
    if value.startswith(("[", "{")):
        try:
            return _plain(json.loads(value))
        except ValueError:
            pass
    return _BLOCK_KEY.sub("", value)


def _is_row_name(name: str, row: dict[str, Any]) -> bool:
    return name in _ROW_NAMES and ("pk" in row or {"type", "value"} <= row.keys())


def _pictures(page: "ArticlePage") -> list[tuple[int, str, str]]:
    shown = {image.pk for image in renditions.pictured_in(page.body)}
    shown |= {pk for pk in (page.hero_image_id, page.social_image_id) if pk}
    return sorted(_facts_of(CustomImage.objects.filter(pk__in=shown)))


def _facts_of(images: Iterable[CustomImage]) -> Iterable[tuple[int, str, str]]:
    for image in images:
        yield image.pk, image.file.name, image.default_alt_text
