"""Reports for marketers: what articles do, and what is looked for in vain."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry
from django_filters import ChoiceFilter

from blog.models import ArticlePage
from cms.charts import bar_chart
from cms.inert_export import InertExport
from money.money import Money
from storefront.models import UnansweredTerm
from storefront.readers import numbers
from storefront.readers.numbers import Days
from storefront.readers.ranking import RankedArticles

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}
USUAL = "30"


class PeriodFilterSet(WagtailFilterSet):
    """Chooses the days that end today; without a choice, thirty."""

    days = ChoiceFilter(
        label="Until today",
        choices=list(PERIODS.items()),
        method="keep_all",
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def keep_all(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """The figures are of the chosen days already; no row is left out."""
        return rows


class ArticleFilterSet(PeriodFilterSet):
    class Meta:
        model = ArticlePage
        fields: ClassVar = ["days"]


class TermFilterSet(PeriodFilterSet):
    class Meta:
        model = UnansweredTerm
        fields: ClassVar = ["days"]


class PeriodReport(InertExport, ReportView):
    """A report about the days that the reader chose; who may edit articles may read it."""

    any_permission_required: ClassVar = ["add", "change", "publish"]
    is_searchable = False
    list_export: ClassVar[list[str]] = []

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(ArticlePage)

    @cached_property
    def days(self) -> Days:
        """The days that are reported on."""
        chosen = self.request.GET.get("days", USUAL)
        many = int(chosen) if chosen in PERIODS else int(USUAL)
        today = timezone.localdate()
        return Days(today - dt.timedelta(days=many - 1), today)


class SoldColumn(Column):
    """What was sold, as money."""

    def get_value(self, instance: Any) -> str:
        return str(Money(instance.sold_minor, settings.SHOP_CURRENCY))


class ArticlesReport(PeriodReport):
    """Views of each article, and what was put into baskets and bought from its cards."""

    page_title = "Articles and what they lead to"
    header_icon = "doc-full"
    filterset_class = ArticleFilterSet
    results_template_name = "storefront/admin/articles_report_results.html"
    index_url_name = "articles_report"
    index_results_url_name = "articles_report_results"
    default_ordering = "-views"
    columns: ClassVar = [
        TitleColumn(
            "title",
            label="Article",
            sort_key="title",
            get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
        ),
        NumberColumn("views", label="Views", sort_key="views"),
        NumberColumn("additions", label="Put into baskets", sort_key="additions"),
        NumberColumn("orders", label="Paid orders", sort_key="orders"),
        SoldColumn("sold_minor", label="Sold", sort_key="sold_minor"),
    ]
    export_headings: ClassVar = {
        "title": "Article",
        "views": "Views",
        "additions": "Put into baskets",
        "orders": "Paid orders",
        "sold": "Sold",
    }
    list_export: ClassVar = list(export_headings)
    exported: ClassVar = {
        "title": lambda page: page.title,
        "views": lambda page: page.views,
        "additions": lambda page: page.additions,
        "orders": lambda page: page.orders,
        "sold": lambda page: str(Money(page.sold_minor, settings.SHOP_CURRENCY)),
    }

    def get_queryset(self) -> RankedArticles:
        return RankedArticles(self.days, order=self.ordering)

    def filter_queryset(self, rows: RankedArticles) -> RankedArticles:
        """The figures are of the chosen days already; no article is left out."""
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if not self.is_export:
            context["chart"] = bar_chart(
                "Views of all articles",
                "Views",
                numbers.views_by_day(self.days),
                tell=lambda views: f"{views:,} views",
            )
        return context


class UnansweredTermsReport(PeriodReport):
    """What customers looked for and the shop has nothing for."""

    page_title = "Searches that found nothing"
    header_icon = "search"
    filterset_class = TermFilterSet
    index_url_name = "unanswered_terms_report"
    index_results_url_name = "unanswered_terms_report_results"
    default_ordering = "-asked"
    columns: ClassVar = [
        Column("term", label="Looked for", accessor="term", sort_key="term"),
        NumberColumn("asked", label="Times", accessor="asked", sort_key="asked"),
    ]
    export_headings: ClassVar = {"term": "Looked for", "asked": "Times"}
    list_export: ClassVar = list(export_headings)
    exported: ClassVar = {"term": lambda row: row["term"], "asked": lambda row: row["asked"]}

    def get_base_queryset(self) -> QuerySet[UnansweredTerm, dict[str, Any]]:
        return numbers.unanswered_terms(self.days)
