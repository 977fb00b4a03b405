"""An import that is killed at any step and begun again ends as if nobody had killed it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import migrated
from tools.environment import ROOT

pytestmark = pytest.mark.crash

# An import has fewer moments than a purchase, so more of them are chosen.
EVERY = max(1, int(os.environ.get("CRASH_EVERY", "61")) // 2)


def test_a_killed_import_goes_on_and_neither_doubles_nor_loses(tmp_path: Path) -> None:
    database = tmp_path / "galea.sqlite3"
    migrated.copy_to(database)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.races.settings",
        "GALEA_VAR_DIR": str(tmp_path),
        "RACE_DATABASE_URL": f"sqlite:///{database}",
        "LOG_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-m", "django", "kill_imports", f"--every={EVERY}"]

    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr[-3000:]
    report = json.loads(run.stdout)
    assert report["alive"] == []
    assert report["wrong"] == []
    assert len(report["cut_off"]) >= report["moments"] // EVERY
    # Whole batches of two are there after a death, never a part of one.
    assert set(report["cut_off"]) <= {0, 2, 4, 5}
    assert max(report["cut_off"]) > 0
    assert report["whole"] == {
        "posts": 5,
        "articles": 5,
        "revisions": 5,
        "comments": 2,
        "answers": 1,
        "pictures": 1,
        "images": 1,
        "redirects": 5,
        "authors": 1,
        "topics": 1,
        "problems": [[], [], [], [], []],
    }
