"""Fill one database with articles and subscribers; started by `tools.article_bench`."""

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable, Mapping

import django

django.setup()

# Models exist only after the set-up above.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from blog import likeness, newsletter_issues, newsletter_sending  # noqa: E402
from blog.models import ArticlePage, NewsletterIssue, Subscriber, Topic  # noqa: E402
from tests.accounts.factories import UserFactory  # noqa: E402
from tests.accounts.signing_in import force_login  # noqa: E402
from tests.blog.factories import ArticlePageFactory, PersonFactory  # noqa: E402
from tools.bench.report import write  # noqa: E402

SMALL, SMALL_LIST = 1_000, 1_000
TOPICS = 8
ROUNDS = 9
BAR = 3.0
SECTION = "bench-articles"
NEWEST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
# Treebeard's places: four digits to the base of 36.
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLACE = "||".join(
    f"substr('{_DIGITS}', (number / {36**power} %% 36)::int + 1, 1)" for power in (3, 2, 1, 0)
)
_PAGE = {
    "id": "%(last)s + number",
    "path": f"%(parent)s || {_PLACE}",
    "slug": "'article-' || number",
    "title": "'Remarks on washing, number ' || number",
    "draft_title": "'Remarks on washing, number ' || number",
    "url_path": "%(above)s || 'article-' || number || '/'",
    "translation_key": "gen_random_uuid()",
    "first_published_at": "%(newest)s - number * interval '7 minutes'",
    "last_published_at": "%(newest)s - number * interval '7 minutes'",
}


def main() -> int:
    articles, readers = int(sys.argv[1]), int(sys.argv[2])
    call_command("migrate", verbosity=0)
    pattern = _first()
    fill_articles(pattern, 0, SMALL)
    fill_readers(0, SMALL_LIST)
    client = Client()
    force_login(client, UserFactory(manager=True))
    issue = NewsletterIssue.objects.create(subject="Washing", slug="washing", intro="<p>Hello.</p>")
    asked = questions(client, pattern, issue)
    small = {name: measure(ask) for name, ask in asked.items()}
    began = time.perf_counter()
    fill_articles(pattern, SMALL, articles)
    fill_readers(SMALL_LIST, readers)
    print(f"Filled in {time.perf_counter() - began:.0f} s", flush=True)
    large = {name: measure(ask) for name, ask in asked.items()}
    table = report(small, large, f"{articles:,} articles, {readers:,} subscribers")
    print(table)
    print(sent(issue))
    if "--write" in sys.argv:
        write(SECTION, table.splitlines())
    return int(any(large[name] > BAR * small[name] for name in asked))


def _first() -> ArticlePage:
    """Return the article that all others are copies of."""
    words = "<p>Wash with lukewarm water and dry without rubbing.</p>" * 12
    person = PersonFactory()
    page: ArticlePage = ArticlePageFactory(slug="pattern", author=person, body=[("text", words)])
    for number in range(TOPICS):
        Topic.objects.create(name=f"Topic {number}", slug=f"topic-{number}")
    return page


def questions(
    client: Client, article: ArticlePage, issue: NewsletterIssue
) -> dict[str, Callable[[], object]]:
    """Name what is asked, before and after."""
    guide = article.get_parent()
    paths = {
        "guide, first page": guide.url,
        "guide, page 5": f"{guide.url}?page=5",
        "a topic": f"{guide.url}topics/topic-1/",
        "a person": f"{guide.url}people/{PersonFactory().slug}/",
        "people": f"{guide.url}people/",
        "an article": article.url,
        "its Markdown twin": f"{article.url.rstrip('/')}.md",
        "feed": "/feeds/guide.rss",
        "llms.txt": "/llms.txt",
        "admin: first page": "/admin/",
        "admin: pages of the guide": f"/admin/pages/{guide.pk}/",
        "admin: numbers of articles": "/admin/reports/articles/",
        "admin: reviews due": "/admin/reviews/due/",
        "admin: subscribers": "/admin/subscribers/",
        "admin: growth of the newsletter": "/admin/subscribers/growth/",
        "admin: an issue": f"/admin/snippets/blog/newsletterissue/inspect/{issue.pk}/",
    }

    def of(path: str) -> Callable[[], object]:
        def ask() -> None:
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)  # noqa: S101

        return ask

    named = {name: of(path) for name, path in paths.items()}
    named["worker: what an article is like"] = lambda: likeness.compare(article, at=NEWEST)
    return named


def fill_articles(pattern: ArticlePage, start: int, end: int) -> None:
    """Add copies of an article, in a few statements."""
    parent = pattern.get_parent()
    facts = {
        "pattern": pattern.pk,
        "last": pattern.pk,
        "parent": parent.path,
        "above": parent.url_path,
        "newest": NEWEST,
        "start": start + 2,
        "end": end + 1,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Pages keep their limit; a hundred thousand rows at once may take longer.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_copies("wagtailcore_page", "id", _PAGE), facts)
        below = {"basepage_ptr_id": "%(last)s + number", "page_ptr_id": "%(last)s + number"}
        table = ArticlePage._meta.db_table
        cursor.execute(_copies(table, "page_ptr_id", below), facts)
        through = ArticlePage.topics.through._meta.db_table
        cursor.execute(
            f"INSERT INTO {through} (articlepage_id, topic_id) "  # noqa: S608 (our own names)
            "SELECT %(last)s + number, (SELECT min(id) FROM blog_topic) + number %% 8 "
            "FROM generate_series(%(start)s, %(end)s) AS number",
            facts,
        )
        cursor.execute("UPDATE wagtailcore_page SET numchild = %s WHERE id = %s", [end, parent.pk])
        cursor.execute("ANALYZE")


def _copies(table: str, key: str, differing: Mapping[str, str]) -> str:
    """Write a statement that copies one row many times; some columns differ."""
    with connection.cursor() as cursor:
        columns = [
            each.name for each in connection.introspection.get_table_description(cursor, table)
        ]
    values = ", ".join(differing.get(name, f'pattern."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS pattern, "  # noqa: S608
        f"generate_series(%(start)s, %(end)s) AS number WHERE pattern.{key} = %(pattern)s"
    )


def fill_readers(start: int, end: int) -> None:
    """Add subscribers who confirmed over the last months."""
    minute = dt.timedelta(minutes=1)
    Subscriber.objects.bulk_create(
        (
            Subscriber(
                email=f"reader-{number}@example.com",
                status="CONFIRMED",
                asked_at=NEWEST - number * 9 * minute,
                confirmed_at=NEWEST - (number * 9 - 1) * minute,
            )
            for number in range(start, end)
        ),
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def sent(issue: NewsletterIssue) -> str:
    """Send an issue to everybody, into nothing, and say how fast that went."""
    at = NEWEST
    began = time.perf_counter()
    newsletter_issues.start(issue_id=issue.pk, by=UserFactory(manager=True), at=at)
    mails = 0
    while (more := newsletter_sending.work(at=at)) or mails == 0:
        mails += more
        at += dt.timedelta(minutes=2)
    taken = time.perf_counter() - began
    return f"An issue to {mails:,} subscribers: {taken:.0f} s of work, {mails / taken:.0f} a second"


def measure(ask: Callable[[], object]) -> float:
    """Return the median of some requests, in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[2:])


def report(small: Mapping[str, float], large: Mapping[str, float], name: str) -> str:
    """Write both shops beside each other as a table."""
    few = f"{SMALL:,} articles, {SMALL_LIST:,} subscribers"
    lines = [f"| what | {few} | {name} | ratio | bar {BAR:.0f} |", "|---|--:|--:|--:|---|"]
    for each, before in small.items():
        ratio = large[each] / before
        verdict = "PASS" if ratio <= BAR else "FAIL"
        lines.append(
            f"| {each} | {before:.0f} ms | {large[each]:.0f} ms | {ratio:.2f} | {verdict} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
