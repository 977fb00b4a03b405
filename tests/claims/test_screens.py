"""The editor names what blocks, a reviewer gives a reason, and the report shows what is live."""

import csv
import io
import json

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import FormState
from wagtail.models import GroupPagePermission, Page
import pytest

from accounts.models import User
from catalog.models import CategoryPage
from claims.checking import review_url
from claims.models import ClaimOverride, Evidence
from tests.catalog.factories import CategoryPageFactory
from tests.claims.factories import CLAIM, REASON, reviewer
from tests.claims.test_gate import allow, draft_with_claim, is_public
from treatments.models import CareTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    """A browser of somebody who may do everything."""
    client.force_login(User.objects.create_superuser("boss@galea.example", "x", name="Kim Vogel"))
    return client


@pytest.fixture
def vera(client: Client) -> Client:
    """A browser of a reviewer."""
    client.force_login(reviewer())
    return client


def form_of(page: Page, **changed: str) -> dict[str, str]:
    """What the editor posts for a category page."""
    return {
        "title": page.title,
        "slug": page.slug,
        "blurb": page.blurb,
        "intro": "",
        "seo_title": "",
        "search_description": "",
        "image": "",
        "social_image": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **changed,
    }


def test_publishing_in_the_editor_is_refused_with_the_sentence_and_a_way_on(
    manager: Client,
) -> None:
    page = CategoryPageFactory(blurb="Calm.")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    answer = manager.post(address, form_of(page, blurb=CLAIM, **{"action-publish": "1"}))

    body = answer.content.decode()
    assert answer.status_code == 200
    assert CLAIM in body
    assert "Says that hair grows" in body
    assert f"ask a reviewer at {review_url(page)}" in body
    assert not is_public(page)
    assert Page.objects.get(pk=page.pk).live


def test_the_same_text_is_kept_as_a_draft(manager: Client) -> None:
    page = CategoryPageFactory(blurb="Calm.")

    answer = manager.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, blurb=CLAIM)
    )

    assert answer.status_code == 302
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().blurb == CLAIM


def test_a_new_page_is_not_published_with_a_claim(manager: Client) -> None:
    parent = CategoryPageFactory().get_parent()
    address = reverse("wagtailadmin_pages:add", args=["catalog", "categorypage", parent.pk])
    before = Page.objects.count()
    new = CategoryPage(title="Bold", slug="bold", blurb=CLAIM)

    answer = manager.post(address, form_of(new, **{"action-publish": "1"}))

    assert "Save the page as a draft" in answer.content.decode()
    assert Page.objects.count() == before


def test_many_pages_are_not_published_at_once_while_one_makes_a_claim(manager: Client) -> None:
    page = draft_with_claim()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    answer = manager.post(
        f"{address}?id={page.pk}&next=/admin/", {"include_descendants": ""}, follow=True
    )

    assert "Nothing was published" in answer.content.decode()
    assert not is_public(page)


def test_a_copy_is_not_published_with_a_claim_that_was_allowed_elsewhere(vera: Client) -> None:
    page = draft_with_claim()
    vera.post(review_url(page), {"sentence": CLAIM, "reason": REASON})
    page.latest_revision.publish()
    vera.force_login(User.objects.create_superuser("boss@galea.example", "x"))

    answer = vera.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {
            "new_title": "Copy",
            "new_slug": "copy",
            "new_parent_page": page.get_parent().pk,
            "publish_copies": "on",
        },
        follow=True,
    )

    assert "Nothing was published" in answer.content.decode()
    assert not Page.objects.filter(slug="copy").exists()


def test_a_reviewer_allows_a_sentence_with_a_reason_and_the_page_can_go_live(vera: Client) -> None:
    page = draft_with_claim()
    assert CLAIM.split("regrows")[0] in vera.get(review_url(page)).content.decode()

    answer = vera.post(review_url(page), {"sentence": CLAIM, "reason": REASON}, follow=True)

    assert "Dr Vera Lindqvist" in answer.content.decode()
    assert ClaimOverride.objects.filter(subject=f"catalog.categorypage:{page.pk}").count() == 2
    page.latest_revision.publish()
    assert is_public(page)


def test_a_reason_that_is_too_short_is_asked_for_again(vera: Client) -> None:
    page = draft_with_claim()

    answer = vera.post(review_url(page), {"sentence": CLAIM, "reason": "Fine"})

    assert "somebody else can weigh" in answer.content.decode()
    assert not ClaimOverride.objects.exists()


def test_somebody_who_may_only_edit_sees_what_blocks_and_cannot_allow_it(client: Client) -> None:
    page = draft_with_claim()
    writer = User.objects.create_user("m@galea.example", "x", name="Marta", is_staff=True)
    writer.user_permissions.add(Permission.objects.get(codename="access_admin"))
    group = writer.groups.create(name="Writers")
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page, permission=change)
    client.force_login(writer)

    shown = client.get(review_url(page))
    refused = client.post(review_url(page), {"sentence": CLAIM, "reason": REASON})

    assert shown.status_code == 200
    assert "Allow this sentence" not in shown.content.decode()
    assert refused.status_code == 302
    assert not ClaimOverride.objects.exists()


@pytest.mark.parametrize(
    "subject", ["accounts.user:1", "nothing.at_all:1", "catalog.categorypage:9999", "x", "a:b:c"]
)
def test_an_address_of_nothing_that_is_checked_leads_nowhere(vera: Client, subject: str) -> None:
    assert vera.get(reverse("claims:review", args=[subject])).status_code == 404


def test_customers_and_strangers_see_none_of_it(client: Client) -> None:
    page = draft_with_claim()
    addresses = [
        review_url(page),
        reverse("claims:report"),
        reverse("claims:draft", args=[page.pk]),
    ]

    client.force_login(User.objects.create_user("ana@example.com", "x"))

    assert [client.get(address).status_code for address in addresses] == [302, 302, 302]


def test_a_row_without_drafts_is_refused_by_its_form_until_somebody_allows_the_sentence(
    manager: Client,
) -> None:
    tag = CareTag.objects.create(name="Acid", slug="acid", blurb="Wait three days.")
    facts = {"name": "Acid", "slug": "acid", "blurb": CLAIM, "gentle_from_day": "3"}
    address = reverse("caretag:edit", args=[tag.pk])

    refused = manager.post(address, facts)
    tag.refresh_from_db()
    assert CLAIM in refused.content.decode()
    assert tag.blurb == "Wait three days."

    manager.post(review_url(tag), {"sentence": CLAIM, "reason": REASON})
    manager.post(address, facts)
    tag.refresh_from_db()
    assert tag.blurb == CLAIM


def test_the_checks_panel_names_the_sentence_rule_source_and_kinder_wording(
    manager: Client,
) -> None:
    page = CategoryPageFactory(blurb="Calm.")
    text = f"{CLAIM} Many people say so. " + "We wash your hair and dry it. " * 8
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    manager.post(preview, form_of(page, blurb="Calm.", intro=text))
    assert FormState.objects.exists()

    body = manager.get(reverse("claims:draft", args=[page.pk])).content.decode()

    assert 'data-claims-count="1"' in body
    assert "Our wash <mark>regrows</mark> hair." in body
    assert "Says that hair grows" in body
    assert "Directive 2001/83/EC" in body
    assert "the hair you have can look fuller" in body
    assert "<mark>Many people</mark>" in body
    assert "aim for 9-11. Good." in body


def test_the_panel_counts_the_sentences_that_the_gate_then_names(vera: Client) -> None:
    vera.force_login(User.objects.create_superuser("boss@galea.example", "x", name="Kim Vogel"))
    page = CategoryPageFactory(blurb="Calm.")
    others = "It cures dandruff."
    typed = form_of(page, blurb=CLAIM, intro=others)
    vera.post(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]), typed)

    def said() -> tuple[str, list[str]]:
        panel = vera.get(reverse("claims:draft", args=[page.pk])).content.decode()
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        refusal = vera.post(edit, {**typed, "action-publish": "1"}).content.decode()
        named = [sentence for sentence in (CLAIM, others) if f"“{sentence}”" in refusal]
        return panel.partition('data-claims-count="')[2].partition('"')[0], named

    assert said() == ("2", [CLAIM, others])

    allow(page, others)

    assert said() == ("1", [CLAIM])


def test_the_editor_loads_the_panel_for_pages_that_are_stored_and_for_new_ones(
    manager: Client,
) -> None:
    page = CategoryPageFactory()
    edit = manager.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    parent = page.get_parent()
    add = manager.get(
        reverse("wagtailadmin_pages:add", args=["catalog", "categorypage", parent.pk])
    ).content.decode()

    assert f'data-url="{reverse("claims:draft", args=[page.pk])}"' in edit
    assert f'data-url="/admin/claims/draft/catalog/categorypage/{parent.pk}/"' in add


def test_the_report_shows_what_is_live_and_its_export_equals_the_screen(
    manager: Client, settings: pytest.FixtureRequest
) -> None:
    settings.CLAIM_PACKS = []
    page = draft_with_claim()
    page.latest_revision.publish()
    settings.CLAIM_PACKS = ["eu_uk", "us_fda"]
    address = reverse("claims:report")

    screen = manager.get(address).content.decode()
    export = manager.get(f"{address}?show=open&export=csv")
    rows = list(csv.DictReader(io.StringIO(export.getvalue().decode())))

    assert screen.count(CLAIM) == len(rows) == 2
    assert {row["Sentence"] for row in rows} == {CLAIM}
    assert [row["Rule"] for row in rows] == ["eu_uk.growth", "us_fda.growth"]
    assert manager.get(f"{address}?export=xlsx").status_code == 200


def test_staff_keep_the_evidence_register(manager: Client) -> None:
    facts = {
        "code": "GAL-2026-01",
        "study": "Lightness",
        "citation": "Galea, 40 volunteers",
        "url": "",
        "covers": "proof",
        "subjects": "Quiet Scalp Serum",
        "valid_until": timezone.localdate().isoformat(),
    }

    manager.post(reverse("evidence:add"), facts)
    refused = manager.post(reverse("evidence:add"), {**facts, "code": "study one"})

    assert list(Evidence.objects.values_list("code", flat=True)) == ["GAL-2026-01"]
    assert "A code looks like GAL-2026-01." in refused.content.decode()


def test_no_screen_adds_changes_or_deletes_an_allowed_sentence(manager: Client) -> None:
    page = draft_with_claim()
    manager.post(review_url(page), {"sentence": CLAIM, "reason": REASON})
    one = ClaimOverride.objects.first()
    assert one is not None

    for name, arguments in (("add", []), ("edit", [one.pk]), ("delete", [one.pk])):
        answer = manager.get(reverse(f"claimoverride:{name}", args=arguments))
        assert answer.status_code == 302
    assert manager.get(reverse("claimoverride:index")).status_code == 200
    assert (
        json.dumps(one.reason)[1:-1]
        in manager.get(reverse("claimoverride:inspect", args=[one.pk])).content.decode()
    )
