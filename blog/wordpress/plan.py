"""Decide where everything goes before anything is written: addresses, and what is left alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from wagtail.models import Page

from blog.models import ArticlePage, ImportedPost
from blog.wordpress.addresses import OldSite
from blog.wordpress.items import Item, PostPlace, SiteFacts
from blog.wordpress.posts import slug_of


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where items of one kind go: beneath which page, and as which kind of page."""

    parent: Page
    model: type[Page]

    @property
    def holds_articles(self) -> bool:
        return issubclass(self.model, ArticlePage)


@dataclass(frozen=True, slots=True)
class Known:
    """A post that an earlier run brought."""

    page_id: int | None
    fingerprint: str
    revision: int | None


@dataclass
class Plan:
    """Where each post of an export goes.

    :ivar slugs: the last part of each post's new address, by its number.
    :ivar renamed: the slugs that had to differ from the old ones, by number.
    """

    facts: SiteFacts
    shelves: Mapping[str, Shelf]
    known: dict[int, Known]
    slugs: dict[int, str] = field(default_factory=dict)
    renamed: dict[int, str] = field(default_factory=dict)
    site: OldSite = field(init=False)

    def __post_init__(self) -> None:
        self.site = OldSite(self.facts.address)

    def shelf_of(self, item: Item | PostPlace) -> Shelf | None:
        return self.shelves.get(item.kind)

    def address_of(self, item: Item | PostPlace) -> str:
        """The path of a post's page here."""
        shelf = self.shelves[item.kind]
        return f"{(shelf.parent.url or '/').rstrip('/')}/{self.slugs[item.number]}/"


def make_plan(facts: SiteFacts, shelves: Mapping[str, Shelf]) -> Plan:
    """Give every post its new address; those that were imported before keep theirs."""
    plan = Plan(facts, shelves, _known(facts.address))
    posts = [place for place in facts.posts if place.kind in shelves]
    kept = _slugs_of(known.page_id for known in plan.known.values())
    taken = {shelf.parent.pk: _taken(shelf.parent) for shelf in shelves.values()}
    for place in posts:
        known = plan.known.get(place.number)
        if known is not None and known.page_id in kept:
            plan.slugs[place.number] = kept[known.page_id]
            continue
        wanted = slug_of(Item(place.number, place.kind, "", title=place.title, slug=place.slug))
        slug = _free(wanted, taken[shelves[place.kind].parent.pk])
        plan.slugs[place.number] = slug
        if slug != wanted:
            plan.renamed[place.number] = wanted
    paths = {_path(place.link): plan.address_of(place) for place in posts if _path(place.link)}
    numbers = {place.number: plan.address_of(place) for place in posts}
    plan.site = OldSite(facts.address, paths, numbers)
    return plan


def _known(site: str) -> dict[int, Known]:
    rows = ImportedPost.objects.filter(site=site).values_list(
        "number", "page_id", "fingerprint", "revision"
    )
    return {number: Known(page_id, digest, revision) for number, page_id, digest, revision in rows}


def _slugs_of(page_ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = [pk for pk in page_ids if pk is not None]
    found: dict[int | None, str] = {}
    for start in range(0, len(wanted), 500):
        some = Page.objects.filter(pk__in=wanted[start : start + 500])
        found |= dict(some.values_list("pk", "slug"))
    return found


def _taken(parent: Page) -> set[str]:
    return set(parent.get_children().values_list("slug", flat=True))


def _free(wanted: str, taken: set[str]) -> str:
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    taken.add(slug)
    return slug


def _path(link: str) -> str:
    """The path of an old address, if it alone tells which post is meant."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return "" if parts.query else unquote(parts.path).rstrip("/")
