"""What the policy of public pages forbids must not be written into templates in the first place."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "templates"
SHARED = [path for path in sorted(ROOT.rglob("*.html")) if "admin" not in str(path)]
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle="),
    "a style element": re.compile(r"<style\b"),
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+="),
    "htmx that needs eval": re.compile(r"hx-on|js:|javascript:"),
    "an address elsewhere": re.compile(r"(?:src|href)=\"(?:https?:)?//"),
}


@pytest.mark.parametrize("template", SHARED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_that_the_policy_forbids(template: Path) -> None:
    text = template.read_text()

    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


# What scrolls on a phone; not the packing desk's tables, whose fields are stopped at already.
SCROLLS = re.compile(
    r'<div class="(?:desk-scroll|order-desk__scroll|report-table|[^"]*overflow-x-auto)"[^>]*>'
)


def test_what_scrolls_sideways_is_reached_by_keyboard_and_has_a_name() -> None:
    found = [
        (str(path.relative_to(ROOT)), tag)
        for path in sorted(ROOT.rglob("*.html"))
        for tag in SCROLLS.findall(path.read_text())
    ]

    assert [
        each for each in found if 'tabindex="0"' not in each[1] or "aria-label" not in each[1]
    ] == []
    assert len(found) > 10
