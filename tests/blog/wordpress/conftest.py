"""Running an import on an export of one's own."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
import pytest

from tests.blog.factories import ArticleIndexPageFactory
from tests.blog.wordpress.exports import OldPost, write_export

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Import posts, and return the report."""
    ArticleIndexPageFactory.create()

    def run(posts: list[OldPost], *arguments: str) -> dict[str, Any]:
        path = write_export(tmp_path / "export.xml", posts)
        report = tmp_path / "report.json"
        with contextlib.suppress(SystemExit):
            call_command("import_wordpress", str(path), "--report", str(report), *arguments)
        told: dict[str, Any] = json.loads(report.read_text())
        return told

    return run
