"""Turn one post into the facts and blocks of an article; nothing is written and nothing fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.utils.text import slugify

from blog.html_tree import Element, is_too_deep, parse
from blog.wordpress.addresses import OldSite
from blog.wordpress.block_markup import SourceBlock, has_blocks, read_blocks
from blog.wordpress.items import Item, SiteFacts
from blog.wordpress.markup import Body, WantedPicture
from blog.wordpress.notes import Notes
from blog.wordpress.shortcodes import Shortcodes

LONGEST_TITLE = 255
LONGEST_INTRO = 400
_BEGINNING = 300
_DEEPEST = 5

_RUNS = re.compile(r"<(script|style|noscript)\b[^<>]{0,500}>?", re.IGNORECASE)
_NEXT_PAGE = re.compile(r"<!--nextpage-->")
# Blocks without any HTML of their own that mean nothing outside of WordPress's layout.
_SILENT = {"more", "spacer", "separator", "post-title", "read-more"}
_AS_WRITTEN = {"code", "preformatted", "syntaxhighlighter/code"}
# WordPress's own bookkeeping, and what is read elsewhere.
_META_READ = {
    "_edit_last", "_edit_lock", "_encloseme", "_pingme", "_thumbnail_id", "_wp_old_date",
    "_wp_old_slug", "_wp_page_template", "_wp_trash_meta_status", "_wp_trash_meta_time",
    "_wp_desired_post_slug", "_yoast_wpseo_metadesc", "_yoast_wpseo_title",
    "rank_math_description", "rank_math_title",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConvertedPost:
    """A post in the words of the guide; its pictures are still wanted."""

    title: str
    slug: str
    intro: str
    blocks: list[tuple[str, Any]]
    featured: WantedPicture | None
    seo_title: str
    description: str
    notes: Notes


def convert(item: Item, facts: SiteFacts, site: OldSite) -> ConvertedPost:
    """Return a post's title, intro and body, with notes on all that is not carried over."""
    notes = Notes()
    blocks = _body(item, facts, site, notes)
    return ConvertedPost(
        title=_title(item, notes),
        slug=slug_of(item),
        intro=_intro(item, blocks, notes),
        blocks=blocks,
        featured=_featured(item, facts, notes),
        seo_title=_search_words(item, ("_yoast_wpseo_title", "rank_math_title"), notes)[:255],
        description=_search_words(item, ("_yoast_wpseo_metadesc", "rank_math_description"), notes),
        notes=_with_meta(item, notes),
    )


def slug_of(item: Item) -> str:
    """The last part of a post's address: as it was, or made from its title."""
    wanted = slugify(unquote(item.slug), allow_unicode=True)
    made = slugify(plain(item.title), allow_unicode=True)
    return (wanted or made or f"post-{item.number}")[:200].strip("-") or f"post-{item.number}"


def plain(html: str) -> str:
    """The words of a short text that may hold markup, as one line."""
    return parse(html).text() if "<" in html else " ".join(unescape(html).split())


def _body(item: Item, facts: SiteFacts, site: OldSite, notes: Notes) -> list[tuple[str, Any]]:
    for found in _RUNS.finditer(item.content):
        notes.add(f"<{found[1].lower()}>", found[0])
    for _ in _NEXT_PAGE.findall(item.content):
        notes.add("page break inside a post")
    if is_too_deep(item.content):
        notes.add("markup that is nested too deeply: only its words were read")
    own = tuple(each.number for each in facts.attachments.values() if each.parent == item.number)
    reader = _Reader(facts, Shortcodes(facts.attachments, own, notes), Body(site, notes), notes)
    reader.read(item.content)
    return reader.body.finish()


@dataclass
class _Reader:
    """Reads the content of one post, block by block."""

    facts: SiteFacts
    shortcodes: Shortcodes
    body: Body
    notes: Notes

    def read(self, content: str) -> None:
        if not has_blocks(content):
            self._add(content, autop=True)
            return
        for block in read_blocks(content):
            is_plain = block.name in {"", "freeform"}
            html = "".join(self._html(block, 0))
            self._add(html, autop=is_plain, expand=block.name not in _AS_WRITTEN)

    def _add(self, html: str, *, autop: bool, expand: bool = True) -> None:
        text = self.shortcodes.expand(html) if expand else html
        self.body.add(parse(text), autop=autop)

    def _html(self, block: SourceBlock, depth: int) -> Iterator[str]:
        """Yield the HTML of a block, with something in place of blocks that have none."""
        if block.name == "block":
            yield from self._reusable(block, depth)
        elif not block.inner and not block.html.strip():
            yield self._without_html(block)
        else:
            yield self._background(block)
            for part in block.parts:
                if isinstance(part, str):
                    yield part
                else:
                    yield from self._html(part, depth)

    def _reusable(self, block: SourceBlock, depth: int) -> Iterator[str]:
        number = block.settings.get("ref")
        content = self.facts.reusable.get(number) if isinstance(number, int) else None
        if content is None or depth >= _DEEPEST:
            self.notes.add("reusable block that the export does not hold", str(number))
            return
        for part in read_blocks(content):
            yield from self._html(part, depth + 1)

    def _without_html(self, block: SourceBlock) -> str:
        if block.name == "separator":
            return "<hr>"
        url = block.settings.get("url")
        if block.name == "embed" and isinstance(url, str):
            return f'<figure class="wp-block-embed">{url}</figure>'
        if block.name not in _SILENT:
            settings = ", ".join(f"{key}: {value}" for key, value in block.settings.items())
            self.notes.add("block that is made anew on each page", f"{block.name} {settings}")
        return ""

    def _background(self, block: SourceBlock) -> str:
        """The picture behind a cover whose HTML names it in a style alone."""
        url = block.settings.get("url")
        if block.name != "cover" or not isinstance(url, str) or "<img" in block.html:
            return ""
        image = Element("img", {"src": url})
        number = block.settings.get("id")
        return f'<img src="{image.attributes["src"]}" data-id="{number or 0}">'


def _title(item: Item, notes: Notes) -> str:
    title = plain(item.title)
    if not title:
        notes.add("post without a title")
        return f"Untitled post {item.number}"
    if len(title) > LONGEST_TITLE:
        notes.add("title that is too long", title)
    return title[:LONGEST_TITLE].strip()


def _intro(item: Item, blocks: list[tuple[str, Any]], notes: Notes) -> str:
    excerpt = plain(item.excerpt)
    if len(excerpt) > LONGEST_INTRO:
        notes.add("excerpt that is too long", excerpt)
    if excerpt:
        return _shortened(excerpt, LONGEST_INTRO)
    notes.add("post without an excerpt: its first words were taken")
    first = next((plain(value) for kind, value in blocks if kind == "text"), "")
    return _shortened(first or plain(item.title) or f"Post {item.number}", _BEGINNING)


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[: longest - 2].rsplit(' ', 1)[0]} …"


def _featured(item: Item, facts: SiteFacts, notes: Notes) -> WantedPicture | None:
    number = item.meta.get("_thumbnail_id", "").strip()
    if not number.isdecimal() or number == "0":
        return None
    known = facts.attachments.get(int(number[:18]))
    if known is None:
        notes.add("picture that the export does not hold", f"attachment {number}")
        return None
    return WantedPicture(known.url, known.number, known.alt)


def _search_words(item: Item, names: tuple[str, ...], notes: Notes) -> str:
    """What a search engine was shown; templates such as `%%title%%` mean nothing here."""
    for name in names:
        words = plain(item.meta.get(name, ""))
        if "%%" in words or "%title%" in words:
            notes.add("title or description made by a template", words)
        elif words:
            return words
    return ""


def _with_meta(item: Item, notes: Notes) -> Notes:
    for name, value in item.meta.items():
        if name not in _META_READ and not name.startswith("_oembed_") and value.strip():
            notes.add("custom field", f"{name} = {value}")
    return notes
