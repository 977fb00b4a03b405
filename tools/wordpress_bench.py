"""Import ten thousand posts with fifty thousand comments, and again: how long, and how much memory.

`python -m tools.wordpress_bench [POSTS]` makes a database of its own, SQLite first and then a
PostgreSQL that it starts itself. `DATABASE=sqlite` or `postgresql` runs one alone.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.environment import ROOT
from tools.postgres import temporary_server

POSTS = 10_000


def main() -> int:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    only = os.environ.get("DATABASE", "")
    with tempfile.TemporaryDirectory(prefix="galea-wordpress-") as folder:
        if only != "postgresql":
            _run("SQLite", f"sqlite:///{Path(folder) / 'shop.sqlite3'}", posts, folder)
        if only != "sqlite":
            with temporary_server() as url:
                _run("PostgreSQL", url, posts, folder)
    return 0


def _run(name: str, url: str, posts: int, folder: str) -> None:
    print(f"\n{name}, {posts:,} posts, {posts * 5:,} comments", flush=True)
    environment = {
        **os.environ,
        "TEST_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
    }
    command = [sys.executable, "-m", "tools.wordpress_steps", str(posts), folder]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
