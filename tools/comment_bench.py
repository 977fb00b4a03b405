"""A million comments: how much longer than with two hundred take an article and the queue.

`python -m tools.comment_bench [COMMENTS]` starts a PostgreSQL of its own, fills it, and asks the
same pages before and after, from one process without the page cache. With `--write` the table goes
into docs/performance.md. The bar is three times the small shop's median.
"""

import os
import subprocess
import sys

from tools.environment import ROOT
from tools.postgres import temporary_server

COMMENTS = 1_000_000


def main() -> int:
    numbers = [each for each in sys.argv[1:] if each.isdigit()]
    with temporary_server() as url:
        environment = {
            **os.environ,
            "TEST_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        }
        count = numbers[0] if numbers else str(COMMENTS)
        write = ["--write"] if "--write" in sys.argv else []
        command = [sys.executable, "-m", "tools.comment_steps", count, *write]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
