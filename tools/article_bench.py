"""A hundred thousand articles and ten thousand subscribers: how much longer than with few.

`python -m tools.article_bench [ARTICLES [SUBSCRIBERS]]` starts a PostgreSQL of its own, fills it,
and asks the same pages before and after, from one process without the page cache. With `--write`
the table goes into docs/performance.md. The bar is three times the small shop's median.
"""

import sys

from tools import grown

ARTICLES, SUBSCRIBERS = 100_000, 10_000


if __name__ == "__main__":
    sys.exit(grown.measure("tools.article_steps", ARTICLES, SUBSCRIBERS))
