"""A hundred thousand articles and ten thousand subscribers: how much longer than with few.

`python -m tools.article_bench [ARTICLES [SUBSCRIBERS]]` starts a PostgreSQL of its own, fills it,
and asks the same pages before and after, from one process without the page cache. With `--write`
the table goes into docs/performance.md. The bar is three times the small shop's median.
"""

import os
import subprocess
import sys

from tools.environment import ROOT
from tools.postgres import temporary_server

ARTICLES, SUBSCRIBERS = 100_000, 10_000


def main() -> int:
    numbers = [each for each in sys.argv[1:] if each.isdigit()]
    counts = [*numbers, *map(str, (ARTICLES, SUBSCRIBERS)[len(numbers) :])]
    with temporary_server() as url:
        environment = {
            **os.environ,
            "TEST_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        }
        write = ["--write"] if "--write" in sys.argv else []
        command = [sys.executable, "-m", "tools.article_steps", *counts, *write]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
