"""Fill one database with comments and ask its pages; started by `tools.comment_bench`."""

import datetime as dt
import statistics
import sys
import time
from collections.abc import Mapping

import django

django.setup()

# Models exist only after the set-up above.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from blog.models import ArticlePage, Comment  # noqa: E402
from tests.accounts.factories import UserFactory  # noqa: E402
from tests.accounts.signing_in import force_login  # noqa: E402
from tests.blog.factories import ArticlePageFactory  # noqa: E402
from tools.bench.report import write  # noqa: E402

SMALL, TALKED_OF = 200, 500
ARTICLES = 200
ROUNDS = 25
BAR = 3.0
SECTION = "bench-comments"
# Of a thousand comments so many wait, are spam, are rejected; the rest is public.
_FILL = """
INSERT INTO blog_comment (article_id, thread_at, name, email, text, status, is_from_staff,
                          posted_at, fingerprint, network, spam_score, spam_reasons, learned_as,
                          open_reports)
SELECT (%(articles)s::bigint[])[1 + n %% %(count)s], at, 'Reader ' || n,
       'reader' || n %% 100000 || '@example.com',
       'Remark ' || n || ' about brushes and lukewarm water, with a few more words than one.',
       CASE WHEN n %% 1000 < 2 THEN 'WAITING' WHEN n %% 1000 < 10 THEN 'SPAM'
            WHEN n %% 1000 < 15 THEN 'REJECTED' ELSE 'APPROVED' END,
       false, at, md5(n::text), '', 0.1, '[]', '', CASE WHEN n %% 5000 = 77 THEN 1 ELSE 0 END
FROM (SELECT n, %(newest)s - n * interval '7 seconds' AS at
      FROM generate_series(1, %(rows)s) AS n) AS numbers
"""


def main() -> int:
    rows = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    talked_of = ArticlePageFactory(slug="talked-of")
    others = [ArticlePageFactory(slug=f"other-{number}") for number in range(ARTICLES)]
    fill([talked_of], 10)
    fill(others, SMALL - 10)
    client = Client()
    force_login(client, UserFactory(manager=True))
    pages = addresses(talked_of)
    small = {name: measure(client, path) for name, path in pages.items()}
    fill([talked_of], TALKED_OF - 10)
    began = time.perf_counter()
    fill(others, rows - TALKED_OF - SMALL + 10)
    print(f"Filled in {time.perf_counter() - began:.0f} s", flush=True)
    large = {name: measure(client, path) for name, path in pages.items()}
    table = report(small, large, rows)
    print(table)
    if "--write" in sys.argv:
        write(SECTION, table.splitlines())
    return int(any(large[name] > BAR * small[name] for name in pages))


def addresses(talked_of: ArticlePage) -> dict[str, str]:
    """Name the pages that are asked for."""
    waiting = Comment.objects.waiting().order_by("pk").values_list("pk", flat=True)[0]
    return {
        f"article with 10, then {TALKED_OF} comments": str(talked_of.url),
        "queue: what waits": "/admin/comments/",
        "queue: reported": "/admin/comments/?state=REPORTED",
        "all comments, first page": "/admin/comments/?state=ALL",
        "all comments, page 4": "/admin/comments/?state=ALL&p=4",
        "search for a person": "/admin/comments/?state=ALL&q=reader7@example.com",
        "a comment with its writer's history": f"/admin/comments/inspect/{waiting}/",
        "the admin's first page": "/admin/",
    }


def fill(articles: list[ArticlePage], rows: int) -> None:
    """Add comments below some articles, in one statement."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Pages keep their limit; a million rows at once may take longer.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            _FILL,
            {
                "articles": [article.pk for article in articles],
                "count": len(articles),
                "rows": rows,
                "newest": dt.datetime.now(tz=dt.UTC),
            },
        )
        cursor.execute("ANALYZE blog_comment")


def measure(client: Client, path: str) -> float:
    """Return the median of some requests, in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)  # noqa: S101
    return statistics.median(taken[2:])


def report(small: Mapping[str, float], large: Mapping[str, float], rows: int) -> str:
    """Write both shops beside each other as a table."""
    lines = [
        f"| page | {SMALL} comments | {rows:,} comments | ratio | bar {BAR:.0f} |",
        "|---|---|---|---|---|",
    ]
    for name, before in small.items():
        ratio = large[name] / before
        verdict = "PASS" if ratio <= BAR else "FAIL"
        lines.append(
            f"| {name} | {before:.0f} ms | {large[name]:.0f} ms | {ratio:.2f} | {verdict} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
