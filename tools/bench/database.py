"""A seeded shop on PostgreSQL instead of SQLite."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from tools.environment import PYTHON, ROOT
from tools.terminal import Refusal


def copied_to(url: str, env: Mapping[str, str]) -> None:
    """Migrate an empty database and seed it; the files are already where they belong.

    :raises Refusal: if either fails.
    """
    demo = dict(env) | {"DJANGO_SETTINGS_MODULE": "storefront.settings.demo", "DATABASE_URL": url}
    for arguments in (("migrate", "--verbosity=0"), ("seed_demo", "--verbosity=0")):
        command = [str(PYTHON), "manage.py", *arguments]
        run = subprocess.run(command, cwd=ROOT, env=demo, capture_output=True, text=True)
        if run.returncode != 0:
            raise Refusal(f"manage.py {arguments[0]} failed:\n{run.stderr[-2000:]}")
