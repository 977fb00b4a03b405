"""Reading live articles again finds what came past the gate."""

from io import StringIO

from django.core.management import CommandError, call_command
from django.test import Client
import pytest

from blog.models import Approval, ApprovalKind, ArticlePage
from tests.blog.clinic import Clinic, reload
from tests.catalog.factories import ImageFactory

pytestmark = pytest.mark.django_db


def check(**options: str) -> str:
    out = StringIO()
    call_command("check_reviews", stdout=out, **options)
    return out.getvalue()


def test_what_was_approved_is_found_in_order(clinic: Clinic) -> None:
    clinic.published()
    clinic.draft("draft")

    assert check() == "Every live article is what was approved.\n"


def test_what_came_past_the_gate_is_named(clinic: Clinic) -> None:
    image = ImageFactory()
    clinic.published("picture", hero_image=image)
    clinic.published("script")
    clinic.draft("flag")
    image.alt = "Hair that grows again"
    image.save()
    ArticlePage.objects.filter(slug="script").update(intro="Cures everything.")
    ArticlePage.objects.filter(slug="flag").update(live=True)
    out = StringIO()

    with pytest.raises(CommandError, match="3 live articles are not what was approved"):
        call_command("check_reviews", stdout=out)

    assert [line.split("/")[-2] for line in out.getvalue().splitlines()] == [
        "picture", "script", "flag"
    ]  # fmt: skip


def test_what_stands_there_is_let_through_for_a_reason(clinic: Clinic) -> None:
    page = clinic.draft()
    ArticlePage.objects.filter(pk=page.pk).update(live=True)

    with pytest.raises(CommandError, match="Give a reason"):
        check(let_through=" ")
    assert Client().get("/scalp-guide/wash/").status_code == 404
    assert check(let_through="Moved in.") == "1 articles may be read as they are.\n"

    assert Client().get("/scalp-guide/wash/").status_code == 200
    assert Approval.objects.get().kind == ApprovalKind.LET_THROUGH
    assert reload(page).reviewer is None
    assert check() == "Every live article is what was approved.\n"
