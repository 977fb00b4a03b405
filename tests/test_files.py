"""House rules that can be read off the files themselves."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FORBIDDEN_NAMES = {
    "utils", "helpers", "common", "core", "misc", "services", "managers2", "base_utils",
}  # fmt: skip

# Where text is declared safe, each place with its reason; the rest of the code escapes.
SAFE_ON_PURPOSE = {
    "blog/article_body.py": "blocks escape what they were given; only marks of ours are added",
    "cms/structured_data.py": "JSON with every <, > and & written as an escape",
    "cms/templatetags/components.py": "icons from our own templates folder",
}

# Where we listen to rows that Wagtail's own views write; our verbs say what they change.
RECEIVERS = {
    "catalog/list_changes.py": "pages, their restrictions and care tags decide what lists show",
    "storefront/visible_rows.py": "rows without a verb of ours that visitors can see",
}

# A function may import late only where the module must not be loaded before something else.
LATE_IMPORTS = {
    "blog/apps.py": "models are not loaded before ready()",
    "catalog/apps.py": "models are not loaded before ready()",
    "cms/apps.py": "models are not loaded before ready()",
    "checkout/apps.py": "models are not loaded before ready()",
    "storefront/apps.py": "models are not loaded before ready()",
    "treatments/apps.py": "models are not loaded before ready()",
    "tools/postgres.py": "the wheel reads the environment when imported",
}


def _files(*patterns: str) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in run.stdout.splitlines() if (ROOT / path).is_file()]


def _places(pattern: str, paths: list[str]) -> set[str]:
    compiled = re.compile(pattern)
    return {path for path in paths if compiled.search((ROOT / path).read_text())}


def _code() -> list[str]:
    return [path for path in _files("*.py") if not path.startswith("tests/")]


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    wrong = [
        path
        for path in _files("*.py", "*.js", "*.css", "*.html")
        if {part.split(".")[0].lower() for part in Path(path).parts} & FORBIDDEN_NAMES
    ]

    assert wrong == []


def test_text_is_declared_safe_only_where_it_is_listed() -> None:
    templates = [path for path in _files("*.html", "*.txt") if "requirements/" not in path]
    in_python = _places(r"\bmark_safe\(|\bSafeString\(", _code())
    in_templates = _places(r"\|\s*safe\b|\bautoescape off\b", templates)
    # A text mail has no markup to escape for.
    in_templates = {path for path in in_templates if not re.match(r"templates/.*\.txt$", path)}

    assert in_python | in_templates == set(SAFE_ON_PURPOSE)


def test_functions_import_late_only_where_it_is_listed() -> None:
    assert _places(r"noqa:.*\bPLC0415\b", _code()) == set(LATE_IMPORTS)


def test_no_blanket_word_silences_a_tool() -> None:
    blanket = r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)|#\s*mypy:\s*ignore-errors|#\s*ruff:\s*noqa"

    assert _places(blanket, [path for path in _files("*.py") if "test_files" not in path]) == set()


def test_signals_are_received_only_where_it_is_listed() -> None:
    receivers = r"@receiver\(|\.connect\(\s*sender|post_save\.connect|pre_save\.connect"

    assert _places(receivers, _code()) == set(RECEIVERS)


def test_stripe_is_imported_in_one_file() -> None:
    apart = ("tests/", "tools/", "stripe_standin/")
    paths = [path for path in _files("*.py") if not path.startswith(apart)]

    assert _places(r"(?m)^\s*(import stripe\b(?!_)|from stripe[.\s])", paths) == {
        "checkout/stripe_gateway.py"
    }


@pytest.mark.parametrize("suffix", ["*.html", "*.css", "*.js", "*.svg"])
def test_pages_ask_no_third_party_for_anything(suffix: str) -> None:
    """Templates and static files name no other host that a browser would fetch from."""
    wanted = r"""(src|srcset|@import|url\()\s*[=(]?\s*["']?(https?:)?//(?!localhost|127\.0\.0\.1)"""
    paths = [path for path in _files(suffix) if path.startswith(("templates/", "static/"))]

    assert _places(wanted, paths) == set()


def test_every_migration_folder_is_a_package() -> None:
    folders = {Path(path).parent for path in _files("*/migrations/*.py")}

    assert [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []
