"""What every page of the shop shares."""

from collections.abc import Mapping
from copy import copy
from functools import cache
from itertools import takewhile
from types import MappingProxyType
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists
from django.http import HttpRequest
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, PageViewRestriction, Revision
from wagtail.url_routing import RouteResult

from claims.checking import ClaimsRefused, refuse_claims, refuse_new_claims
from cms.companions import sides_of
from cms.models.images import CustomImage
from cms.models.social_pictures import SocialPicture
from cms.page_forms import CheckedPageForm
from cms.prepared import Prepared
from cms.schedule import BY_SCHEDULE, take_off_schedule
from cms.structured_data import absolute, breadcrumbs, script
from cms.visible import hidden_pages
from freshness.keeping import as_of, keep_each

# Deeper addresses are left to Wagtail, which answers them step by step.
_DEEPEST = 8


@cache
def _own_kinds() -> "dict[type[BasePage], str]":
    """Name, for every kind of page of ours, the way from Wagtail's page to it."""
    kinds = (model for model in apps.get_models() if issubclass(model, BasePage))
    return {
        kind: kind._meta.get_field("page_ptr").remote_field.get_accessor_name() for kind in kinds
    }


def _read_along() -> list[str]:
    """Name the rows that kinds of pages want read with them."""
    return [f"{way}__{name}" for kind, way in _own_kinds().items() for name in kind.read_along]


def _lists_along() -> dict[str, models.Subquery]:
    """Gather the lists that kinds of pages want read with them, each under its kind's name."""
    return {
        _names_along()[kind][name]: rows
        for kind in _own_kinds()
        for name, rows in kind.lists_along().items()
    }


@cache
def _names_along() -> "dict[type[BasePage], dict[str, str]]":
    """Name the lists of every kind, and how the query that finds pages calls each."""
    return {
        kind: {name: f"{way}_{name}" for name in kind.lists_along()}
        for kind, way in _own_kinds().items()
    }


# Wagtail has an index on what an address ends with, and none on the whole of it.
_pages_at = Prepared(
    lambda url_paths, slugs: (
        Page.objects.filter(url_path__in=url_paths, slug__in=slugs)
        .select_related("social_picture", *_own_kinds().values(), *_read_along())
        .annotate(is_hidden=Exists(hidden_pages()), **_lists_along())
        .order_by("path")
    )
)
_restrictions_of = Prepared(
    lambda paths: PageViewRestriction.objects.filter(page__path__in=paths).order_by("pk")
)


def _read_at(url_paths: list[str]) -> dict[str, Page]:
    slugs = [path.rstrip("/").rpartition("/")[2] for path in url_paths]
    return {page.url_path: page for page in _pages_at(url_paths, slugs)}


def _answers(kinds: dict[Any, str], kind: type[Page] | None, rest: list[str]) -> bool:
    """Tell whether a page of a kind of ours may answer for this rest of an address."""
    if kind is None or kind not in kinds:
        return False
    return not rest or issubclass(kind, RoutablePageMixin)


class BasePage(Page):
    """A page with the facts that search engines and shared links show."""

    social_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown when somebody shares the page; without it the page's first picture is.",
    )

    # What of an address's query the page depends on. All else is left out before the page is
    # built, so that nobody can fill the cache with addresses that show the same.
    public_parameters: ClassVar[frozenset[str]] = frozenset()
    # Single rows that the page shows, read in the query that finds it by its address.
    read_along: ClassVar[tuple[str, ...]] = ()

    base_form_class = CheckedPageForm
    promote_panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            "For search engines",
        ),
        MultiFieldPanel([FieldPanel("social_image")], "For shared links"),
        MultiFieldPanel([FieldPanel("show_in_menus")], "For site menus"),
    ]

    settings_panels: ClassVar = [
        PublishingPanel(help_text=f"Times are in the shop's zone, {settings.TIME_ZONE}."),
        CommentPanel(),
    ]

    # Set while the page is routed to: the pages between the site's root and this one.
    _way: "list[Page] | None" = None
    _shared_picture: SocialPicture | None = None
    # Whether nothing restricts it or a page above, if that was read with it.
    _is_open = False
    # What `lists_along` names, as far as it was read with the page.
    along: Mapping[str, Any] = MappingProxyType({})
    # How far the log of changes was read before the page was; none for drafts.
    as_of: int | None = None

    class Meta:
        abstract = True

    @property
    def shared_picture_url(self) -> str:
        """Where the picture is that shared links show; empty until the worker has drawn it."""
        if self._shared_picture is None:
            return ""
        return absolute(self._shared_picture.file.url)

    def picture_to_share(self) -> CustomImage | None:
        """The photo for shared links: the editor's choice, or else the page's own."""
        own = (getattr(self, name, None) for name in ("social_image", "hero_image", "image"))
        return next((image for image in own if image is not None), None)

    def words_to_share(self) -> str:
        """One line for shared links."""
        own = (getattr(self, name, "") for name in ("benefit", "search_description", "intro"))
        return str(next((words for words in own if words), ""))

    @property
    def meta_title(self) -> str:
        """The title for the browser's tab and for search results."""
        return str(self.seo_title or self.title)

    @property
    def meta_description(self) -> str:
        """What search results and shared links say of it; the page's own words unless told."""
        return str(self.search_description or self.words_to_share())

    @classmethod
    def lists_along(cls) -> dict[str, models.Subquery]:
        """Name lists that the page shows, read in the query that finds it by its address.

        Each is a `row_list`; what was read is left in `along`.
        """
        return {}

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a page however deep with one query for it and the whole way.

        Wagtail's own way costs two queries per level; it still answers for what this one does
        not find. A routable page answers for what stands behind its own address.
        """
        if not 0 < len(path_components) <= _DEEPEST:
            return super().route(request, path_components)
        paths, path = [], self.url_path
        for component in path_components:
            path = f"{path}{component}/"
            paths.append(path)
        kinds = _own_kinds()
        since = as_of()
        found = keep_each("page at", paths, _read_at, since=since)
        way = [found[path] for path in takewhile(found.__contains__, paths)]
        rest = path_components[len(way) :]
        if not way or not _answers(kinds, way[-1].specific_class, rest):
            return super().route(request, path_components)
        # A page of this request, which may note on it what it likes.
        page = copy(getattr(way[-1], kinds[way[-1].specific_class]))
        page.as_of = since
        page._way = [self, *way[:-1]]
        page._cached_parent_obj = page._way[-1]
        page._shared_picture = getattr(way[-1], "social_picture", None)
        page._is_open = not way[-1].is_hidden
        page.along = {
            name: getattr(way[-1], called) for name, called in _names_along()[type(page)].items()
        }
        return page.route(request, rest)

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """Ask for the restrictions of this page and those above in one query, or in none."""
        restrictions: models.QuerySet[PageViewRestriction]
        if self._way is None or any(page.alias_of_id for page in (*self._way, self)):
            restrictions = super().get_view_restrictions()
            return restrictions
        steps = range(self.steplen, len(self.path) + 1, self.steplen)
        above = [self.path[:length] for length in steps]
        restrictions = PageViewRestriction.objects.filter(page__path__in=above)
        restrictions._result_cache = [] if self._is_open else _restrictions_of(above)
        return restrictions

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the page, unless it would show a claim that nobody has allowed.

        Every way of publishing comes here: the editor, a workflow, a schedule, a copy, an alias.

        :raises ClaimsRefused: naming the sentences.
        """
        refuse_new_claims(self, kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish or schedule a revision.

        The schedule's own run takes one that is refused off the schedule and says so in the
        page's history, so that the others still go live.

        :raises ClaimsRefused: if it says what nobody has allowed.
        """
        try:
            refuse_claims(revision.as_object())
        except ClaimsRefused as refusal:
            if kwargs.get("log_action") != BY_SCHEDULE:
                raise
            take_off_schedule(revision, why=str(refusal))
        else:
            super().publish(revision, *args, **kwargs)

    def crumbs(self, request: HttpRequest | None = None) -> list[tuple[str, str]]:
        """Titles and addresses of the pages above, from the home page down."""
        way = self._way
        if way is None:
            above = self.get_ancestors().filter(depth__gt=1) if self.path else []
            way = list(above)
        return [(page.title, page.get_url(request) or "") for page in way if page.live]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``crumbs``, the way to this page, the same in ``structured_data``, and ``sides``."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["crumbs"] = self.crumbs(request)
        way = breadcrumbs(context["crumbs"], self.title, self.get_url(request) or "")
        context["structured_data"] = script([way])
        context["sides"] = sides_of(self, request, since=self.as_of)
        return context
