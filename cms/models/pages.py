"""What every page of the shop shares."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

# Deeper addresses are left to Wagtail, which answers them step by step.
_DEEPEST = 8


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

    promote_panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            "For search engines",
        ),
        MultiFieldPanel([FieldPanel("social_image")], "For shared links"),
        MultiFieldPanel([FieldPanel("show_in_menus")], "For site menus"),
    ]

    # Set while the page is routed to: the pages between the site's root and this one.
    _way: "list[Page] | None" = None

    class Meta:
        abstract = True

    @property
    def meta_title(self) -> str:
        """The title for the browser's tab and for search results."""
        return str(self.seo_title or self.title)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a page however deep with one query for the whole way, then one for the page.

        Wagtail's own way costs two queries per level; it still answers for what this one does
        not find, such as the further addresses of a routable page.
        """
        if not 0 < len(path_components) <= _DEEPEST:
            return super().route(request, path_components)
        paths, path = [], self.url_path
        for component in path_components:
            path = f"{path}{component}/"
            paths.append(path)
        way = list(Page.objects.filter(url_path__in=paths).order_by("path"))
        if len(way) != len(paths):
            return super().route(request, path_components)
        page = way[-1].specific
        page._way = [self, *way[:-1]]
        page._cached_parent_obj = page._way[-1]
        return page.route(request, [])

    def crumbs(self, request: HttpRequest | None = None) -> list[tuple[str, str]]:
        """Titles and addresses of the pages above, from the home page down."""
        way = self._way
        if way is None:
            above = self.get_ancestors().filter(depth__gt=1) if self.path else []
            way = list(above)
        return [(page.title, page.get_url(request) or "") for page in way if page.live]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``crumbs``, the way to this page."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["crumbs"] = self.crumbs(request)
        return context
