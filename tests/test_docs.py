"""What exists is documented: apps, settings, statuses, verbs; and every link leads somewhere."""

import ast
import re
import subprocess
from pathlib import Path

from django.apps import apps
import pytest

from tests.test_floors import FLOORS

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = sorted((ROOT / "storefront" / "settings").glob("*.py"))
README = (ROOT / "README.md").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()


def _variables_read(path: Path) -> set[str]:
    """Return the names of the environment variables that a settings module reads."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function, name = node.func, node.args[0]
        owner = function.value if isinstance(function, ast.Attribute) else function
        is_environment = isinstance(owner, ast.Name) and owner.id == "env"
        if is_environment and isinstance(name, ast.Constant) and str(name.value).isupper():
            found.add(str(name.value))
    return found


ALL_VARIABLES = set().union(*(_variables_read(path) for path in SETTINGS))
INTERNAL = {"TEST_DATABASE_URL"}  # Documented in CONTRIBUTING.md: it configures the tests.


def test_the_readme_lists_exactly_the_variables_that_settings_read() -> None:
    table = README.split("## Configuration", 1)[1].split("\n## ", 1)[0]
    documented = set(re.findall(r"(?m)^\| `([A-Z0-9_]+)`", table))

    assert documented == ALL_VARIABLES - INTERNAL


def test_the_example_environment_names_every_variable_of_production() -> None:
    named = set(re.findall(r"(?m)^#?\s?([A-Z0-9_]+)=", ENV_EXAMPLE))
    production = [path for path in SETTINGS if path.stem in {"base", "production"}]

    assert named == set().union(*(_variables_read(path) for path in production))


@pytest.mark.parametrize("app", sorted([*FLOORS, "stripe_standin"]))
def test_every_app_is_in_the_architecture(app: str) -> None:
    assert f"`{app}`" in (ROOT / "docs" / "architecture.md").read_text()


def _statuses() -> list[tuple[str, str]]:
    return sorted(
        (model.__name__, str(value))
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.local_fields
        if field.name == "status" and field.choices
        for value, _ in field.flatchoices
    )


@pytest.mark.parametrize(("model", "status"), _statuses())
def test_every_status_is_in_the_glossary(model: str, status: str) -> None:
    section = GLOSSARY.split(f"### {model}\n", 1)

    assert len(section) == 2, f"docs/glossary.md has no section '### {model}'"
    assert f"`{status}`" in section[1].split("\n### ", 1)[0]


def test_the_readme_lists_exactly_the_events_that_the_webhook_handles() -> None:
    events = r"(?m)^\s*\"?((?:checkout|refund|charge)[a-z_.]*\.[a-z_.]+)\"?:?"
    handled = re.findall(events, (ROOT / "checkout" / "webhooks.py").read_text())

    assert sorted(re.findall(events, README)) == sorted(handled)


def test_every_verb_of_the_makefile_is_explained() -> None:
    text = README + (ROOT / "CONTRIBUTING.md").read_text()
    verbs = re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text())

    assert [verb for verb in verbs if f"make {verb}" not in text] == []


def _pages() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    # The texts of the demo shop link to pages of the shop, not to files.
    paths = [path for path in run.stdout.splitlines() if not path.startswith("storefront/demo/")]
    return [path for path in paths if (ROOT / path).is_file()]


@pytest.mark.parametrize("page", _pages())
def test_every_link_between_files_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", (ROOT / page).read_text())
    local = [link for link in links if not re.match(r"[a-z]+:", link)]

    assert [link for link in local if not ((ROOT / page).parent / link).exists()] == []
