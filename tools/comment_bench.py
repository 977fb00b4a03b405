"""A million comments: how much longer than with two hundred take an article and the queue.

`python -m tools.comment_bench [COMMENTS]` starts a PostgreSQL of its own, fills it, and asks the
same pages before and after, from one process without the page cache. With `--write` the table goes
into docs/performance.md. The bar is three times the small shop's median.
"""

import sys

from tools import grown

COMMENTS = 1_000_000


if __name__ == "__main__":
    sys.exit(grown.measure("tools.comment_steps", COMMENTS))
