"""Articles in one list, and the shortest way to a new one."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.permissions import policy_registry
from django_filters import BooleanFilter

from blog.models import ArticlePage
from cms.capped_lists import CappedPaginator
from cms.columns import WhenColumn


class ArticlePaginator(CappedPaginator):
    called = "articles"


class ArticleFilterSet(WagtailFilterSet):
    live = BooleanFilter(
        label="Public",
        widget=forms.RadioSelect(choices=[("", "Any"), ("true", "Yes"), ("false", "No")]),
    )

    class Meta:
        model = ArticlePage
        fields: ClassVar = ["live", "author", "reviewer", "topics"]


class ArticleIndexView(IndexView):
    """Every article the person may explore, the newest work first."""

    page_title = "Articles"
    default_ordering = "-latest_revision_created_at"
    paginator_class = ArticlePaginator

    def annotate_queryset(self, pages: Any) -> Any:
        """Read along whom the columns name."""
        return super().annotate_queryset(pages).prefetch_related("author", "reviewer")


class ArticleMenuItem(MenuItem):
    """For those who may write articles; everybody in the admin may list pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(ArticlePage)
        wanted = ["add", "change", "publish"]
        return bool(policy.user_has_any_permission(request.user, wanted))


class ArticleViewSet(PageListingViewSet):
    model = ArticlePage
    name = "articles"
    icon = "doc-full"
    menu_label = "Articles"
    menu_item_class = ArticleMenuItem
    index_view_class = ArticleIndexView
    filterset_class = ArticleFilterSet
    columns: ClassVar = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Article", sort_key="title", classname="title"),
        Column("author", label="Written by"),
        Column("reviewer", label="Reviewed by"),
        WhenColumn("next_review_on", label="Next review", sort_key="next_review_on"),
        DateColumn(
            "latest_revision_created_at", label="Edited", sort_key="latest_revision_created_at"
        ),
        PageStatusColumn("status", label="Status", sort_key="live"),
    ]
