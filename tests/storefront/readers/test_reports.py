"""What marketers are told of their articles equals what happened, on screen and in the sheet."""

import csv
import datetime as dt
import io
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
import pytest
import time_machine
from openpyxl import load_workbook

from blog import readership
from blog.models import ArticlePage, ArticleViews
from checkout.models import AdditionCount, Order, OrderStatus
from cms.charts import bar_chart
from storefront.models import UnansweredTerm
from storefront.readers import numbers
from storefront.readers.numbers import Days
from storefront.readers.ranking import RankedArticles
from storefront.search import asked_terms, vocabulary, wording
from tests.accounts.factories import UserFactory
from tests.blog.factories import ArticlePageFactory
from tests.checkout import buying

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
WEEK = Days(dt.date(2026, 11, 17), TODAY)
REPORT = "/admin/reports/articles/"


def article(slug: str = "sun", **fields: object) -> ArticlePage:
    page: ArticlePage = ArticlePageFactory(slug=slug, title=slug.title(), **fields)
    return page


def buy(page: ArticlePage, *, sku: str, paid_at: dt.datetime | None) -> Order:
    offer = buying.product(sku, price_minor=2400, at=NOW)
    basket = buying.basket_with((offer, 2), at=NOW)
    basket.lines.update(added_from=page)
    order = buying.place(basket, at=NOW)
    if paid_at is not None:
        Order.objects.filter(pk=order.pk).update(
            status=OrderStatus.PAID, paid_at=paid_at, paid_minor=order.total_minor
        )
    return order


def rows_of(sheet: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(sheet.decode())))
    workbook = load_workbook(io.BytesIO(sheet))
    return [[str(cell) for cell in row] for row in workbook.active.iter_rows(values_only=True)]


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(UserFactory(manager=True))
    return client


def test_views_are_counted_for_the_live_article_at_the_path() -> None:
    page = article()
    draft = article("draft", live=False)
    read = {(page.url, TODAY): 3, (draft.url or "/d/", TODAY): 9, ("/nowhere/", TODAY): 9}

    assert readership.note(read) == 3
    assert readership.note({(page.url, TODAY): 2}) == 2

    assert list(ArticleViews.objects.values_list("article", "on", "views")) == [(page.pk, TODAY, 5)]


def test_an_article_has_its_views_additions_orders_and_sales_of_the_days_asked_for() -> None:
    buying.courier()
    page, quiet = article(), article("quiet")
    for on, views in ((TODAY, 7), (WEEK.first, 2), (dt.date(2026, 11, 16), 100)):
        ArticleViews.objects.create(article=page, on=on, views=views)
    AdditionCount.objects.create(page=page, on=TODAY, times=4)
    AdditionCount.objects.create(page=page, on=dt.date(2026, 11, 1), times=100)
    buy(page, sku="WASH-250", paid_at=NOW)
    buy(page, sku="WASH-500", paid_at=None)
    buy(page, sku="WASH-750", paid_at=NOW - dt.timedelta(days=30))

    rows = (
        numbers.articles(WEEK)
        .order_by("-views")
        .values_list("title", "views", "additions", "orders", "sold_minor")
    )

    assert list(rows) == [("Sun", 9, 4, 1, 4800), (quiet.title, 0, 0, 0, 0)]


def test_days_without_views_are_shown_as_none() -> None:
    ArticleViews.objects.create(article=article(), on=TODAY, views=7)
    ArticleViews.objects.create(article=article("wind"), on=TODAY, views=1)

    assert numbers.views_by_day(Days(dt.date(2026, 11, 21), TODAY)) == [
        (dt.date(2026, 11, 21), 0),
        (dt.date(2026, 11, 22), 0),
        (TODAY, 8),
    ]


def test_bars_are_as_tall_as_their_figures() -> None:
    days = [(TODAY, 0), (TODAY, 1), (TODAY, 2), (TODAY, 1000)]
    chart = bar_chart("All", "Views", days, tell=lambda views: f"{views:,} views")

    assert [bar.height for bar in chart.bars] == [0.0, 1.0, 1.0, 120.0]
    assert [bar.y + bar.height for bar in chart.bars] == [120.0] * 4
    assert (chart.total, chart.rows[3]) == ("1,003 views", (TODAY, "1,000 views"))
    assert chart.bars[3].label == "23 November 2026: 1,000 views"


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sheet_equals_the_screen(marketer: Client, kind: str) -> None:
    ArticleViews.objects.create(article=article("cmd"), on=TODAY, views=1234)
    page = article("tricky")
    ArticlePage.objects.filter(pk=page.pk).update(title="=1+1")

    screen = marketer.get(REPORT).content.decode()
    sheet = marketer.get(REPORT, {"export": kind})

    assert "1,234" in screen
    assert "23 November 2026: 1,234 views" in screen
    assert sheet.status_code == 200
    assert rows_of(sheet.getvalue(), kind) == [
        ["Article", "Views", "Put into baskets", "Paid orders", "Sold"],
        ["Cmd", "1234", "0", "0", "€0.00"],
        ["'=1+1", "0", "0", "0", "€0.00"],
    ]


@time_machine.travel(NOW, tick=False)
def test_a_longer_stretch_of_days_is_chosen_and_rubbish_means_thirty(marketer: Client) -> None:
    ArticleViews.objects.create(article=article(), on=dt.date(2026, 9, 20), views=55)

    def total(days: str) -> str:
        answer = marketer.get(REPORT, {"days": days})
        assert answer.status_code == 200
        return str(answer.context["chart"].total)

    assert [total(days) for days in ("90", "30", "x", "9999")] == [
        "55 views",
        "0 views",
        "0 views",
        "0 views",
    ]


def test_who_may_not_edit_articles_sees_no_report(client: Client) -> None:
    packer = UserFactory(is_staff=True)
    group = Group.objects.create(name="Packers")
    packer.groups.add(group)
    client.force_login(packer)

    assert client.get(REPORT).status_code == 302
    assert client.get("/admin/reports/unanswered/").status_code == 302


def test_a_term_that_finds_nothing_is_counted_once_several_have_asked(marketer: Client) -> None:
    vocabulary.forget()
    for _ in range(asked_terms.ASKED_BY_SEVERAL + 1):
        asked_terms.note(wording.read("zzyzx"), on=timezone.localdate())

    assert list(UnansweredTerm.objects.values_list("term", "times")) == [("zzyzx", 4)]
    screen = marketer.get("/admin/reports/unanswered/").content.decode()
    assert "zzyzx" in screen
    rows = marketer.get("/admin/reports/unanswered/", {"export": "csv"}).getvalue().decode()
    assert list(csv.reader(io.StringIO(rows))) == [["Looked for", "Times"], ["zzyzx", "4"]]


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("-views", ["Often", "Once", "Quiet", "Still"]),
        ("views", ["Quiet", "Still", "Once", "Often"]),
        ("-additions", ["Still", "Once", "Often", "Quiet"]),
        ("-orders", ["Once", "Often", "Quiet", "Still"]),
        ("title", ["Often", "Once", "Quiet", "Still"]),
        ("-title", ["Still", "Quiet", "Once", "Often"]),
    ],
)
def test_articles_are_ranked_by_a_figure_in_any_slices(order: str, titles: list[str]) -> None:
    once, often, _, still = map(article, ("once", "often", "quiet", "still"))
    for page, views in ((once, 1), (often, 8)):
        ArticleViews.objects.create(article=page, on=TODAY, views=views)
    AdditionCount.objects.create(page=still, on=TODAY, times=2)
    AdditionCount.objects.create(page=once.get_parent(), on=TODAY, times=9)

    ranked = RankedArticles(WEEK, order=order)

    assert [each.title for each in ranked] == titles
    for size in (1, 2, 3):
        parts = [ranked[start : start + size] for start in range(0, 4, size)]
        assert [each.title for part in parts for each in part] == titles
    assert {each.title: each.views for each in ranked}["Often"] == 8
    assert ranked.count() == len(ranked) == 4


def test_one_page_of_the_report_costs_the_same_whatever_there_is(
    marketer: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        page = article(f"number-{number}")
        ArticleViews.objects.create(article=page, on=TODAY, views=number)
    marketer.get(REPORT)

    with django_assert_max_num_queries(16) as asked:
        assert marketer.get(REPORT).status_code == 200

    figures = [each["sql"] for each in asked.captured_queries if "added_from" in each["sql"]]
    assert len(figures) == 1
