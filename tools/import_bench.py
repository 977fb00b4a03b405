"""Import ten thousand new products, change them, undo: how long each step takes, on both databases.

`python -m tools.import_bench [ROWS]` makes a database of its own in a temporary folder, SQLite
first and then a PostgreSQL that it starts itself. `DATABASE=sqlite` or `postgresql` runs one alone.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.environment import ROOT
from tools.postgres import temporary_server

ROWS = 10_000


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    only = os.environ.get("DATABASE", "")
    if only != "postgresql":
        with tempfile.TemporaryDirectory(prefix="galea-import-") as folder:
            _run("SQLite", f"sqlite:///{Path(folder) / 'shop.sqlite3'}", rows)
    if only != "sqlite":
        with temporary_server() as url:
            _run("PostgreSQL", url, rows)
    return 0


def _run(name: str, url: str, rows: int) -> None:
    print(f"\n{name}, {rows:,} rows", flush=True)
    environment = {
        **os.environ,
        "TEST_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
    }
    command = [sys.executable, "-m", "tools.import_steps", str(rows)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
