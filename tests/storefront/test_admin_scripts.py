"""R38: the admin's pages hold no script but those in files; what starts widgets is data."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import get_template
from django.test import Client
import wagtail
from wagtail.admin.widgets import AdminPageChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.models import Page
import pytest

WAGTAIL = Path(wagtail.__file__).parent
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>")
DATA = re.compile(r'type="application/(ld\+)?json"')
EVENT = re.compile(r"<[a-z][^>]*?\son[a-z]+=")
STARTED = re.compile(r'data-start="(\w+)"')


def inline_scripts(html: str) -> list[str]:
    """Return the tags of scripts that a strict policy refuses."""
    tags = (found["attributes"] for found in SCRIPT.finditer(html))
    return [each for each in tags if "src=" not in each and not DATA.search(each)]


def templates_with_inline_scripts() -> Iterator[str]:
    """Yield the names of Wagtail's templates that a strict policy breaks."""
    for path in sorted(WAGTAIL.rglob("templates/**/*.html")):
        name = str(path.relative_to(WAGTAIL)).partition("templates/")[2]
        if "/test/" not in str(path) and inline_scripts(path.read_text()):
            yield name


@pytest.mark.parametrize("name", list(templates_with_inline_scripts()))
def test_ours_stands_in_for_each_template_with_a_script(name: str) -> None:
    assert str(get_template(name).origin).startswith(str(settings.BASE_DIR / "templates"))


def test_wagtail_writes_scripts_by_python_in_one_place_only() -> None:
    # Which cms/widget_starts.py replaces; a new one of a later version would be refused.
    written = [
        str(path.relative_to(WAGTAIL))
        for path in sorted(WAGTAIL.rglob("*.py"))
        if "<script>" in path.read_text() and not {"test", "tests"} & set(path.parts)
    ]

    assert written == ["admin/rich_text/converters/db_html.py", "admin/widgets/chooser.py"]


@pytest.mark.django_db
def test_a_chooser_is_started_by_data_that_is_escaped() -> None:
    page = AdminPageChooser(linked_fields={"near": '#"><script>'})
    task = AdminTaskChooser()

    pages, tasks = page.render("to", None, {"id": "id_to"}), task.render("t", None, {"id": "id_t"})

    assert '<template data-start="PageChooser" data-id="id_to" data-options="{&quot;' in pages
    assert '<template data-start="createTaskChooser" data-id="id_t"></template>' in tasks
    assert "<script" not in pages + tasks


@pytest.mark.django_db
def test_screens_of_the_admin_hold_no_script_of_their_own(client: Client) -> None:
    user = get_user_model().objects.create_superuser("boss@example.com", "a long password 1")
    client.force_login(user)
    home = Page.objects.get(depth=2)
    paths = [
        f"/admin/pages/{home.pk}/edit/",
        "/admin/redirects/add/",
        "/admin/workflows/add/",
        "/admin/searchpicks/add/",
        "/admin/orders/",
        "/admin/reports/site-history/",
        "/admin/snippets/blog/newsletterissue/add/",
    ]

    started = set()
    for path in paths:
        answer = client.get(path)
        html = answer.content.decode()
        assert (answer.status_code, inline_scripts(html), EVENT.findall(html)) == (200, [], []), (
            path
        )
        assert "unsafe" not in answer["Content-Security-Policy"]
        started |= set(STARTED.findall(html))

    assert started >= {"PageChooser", "InlinePanel", "createTaskChooser", "initDateChooser"}
    known = (settings.BASE_DIR / "static/js/widget-starts.js").read_text()
    assert [name for name in started if f'"{name}"' not in known] == []
