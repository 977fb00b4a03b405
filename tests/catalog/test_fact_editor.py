"""The editor publishes no product whose facts are missing, says which, and keeps drafts."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
import pytest

from accounts.models import User
from catalog.models import FreeFrom, ProductPage, ResponsiblePerson
from tests.catalog.factories import (
    OfferFactory,
    ProductPageFactory,
    ResponsiblePersonFactory,
)
from treatments.models import CareTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff@example.com"))
    return client


def form_of(page: ProductPage, **changed: Any) -> dict[str, Any]:
    values = {
        "title": page.title,
        "slug": page.slug,
        "benefit": page.benefit,
        "function": page.function,
        "application": page.application,
        "ingredients_inci": page.ingredients_inci,
        "made_in": page.made_in,
        "period_after_opening_months": page.period_after_opening_months or "",
        "eu_responsible_person": page.eu_responsible_person_id or "",
        "gb_responsible_person": page.gb_responsible_person_id or "",
        "how_to_use": rich_text(""),
        "body": streamfield([]),
        "key_ingredients": streamfield([]),
        "gallery_images": inline_formset([]),
        "goes_well_with": inline_formset([]),
        "comments": inline_formset([]),
    }
    if page.has_no_warnings:
        values["has_no_warnings"] = "on"
    sold_in = changed.pop("sold_in", list(page.sold_in))
    return {**nested_form_data(values | changed), "sold_in": sold_in}


def edit(staff: Client, page: ProductPage, **data: Any) -> Any:
    return staff.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, **data))


PUBLISH = {"action-publish": "action-publish"}


def test_a_complete_product_is_published(staff: Client) -> None:
    page = ProductPageFactory(live=False)

    answer = edit(staff, page, **PUBLISH)

    assert answer.status_code == 302
    saved = ProductPage.objects.get(pk=page.pk)
    assert (saved.live, saved.ready_markets) == (True, ("EU", "GB"))


def test_publishing_is_refused_with_every_missing_fact_at_its_field(staff: Client) -> None:
    page = ProductPageFactory(live=False, bare=True)

    answer = edit(staff, page, **PUBLISH)

    form = answer.context["form"]
    for field in (
        "application",
        "function",
        "ingredients_inci",
        "period_after_opening_months",
        "warnings",
        "made_in",
        "eu_responsible_person",
        "gb_responsible_person",
        "sold_in",
    ):
        assert form.has_error(field), field
    said = " ".join(form.non_field_errors())
    assert "Missing for the European Union: Whether it stays on or is rinsed off; What it" in said
    assert "Responsible person in Great Britain." in said
    saved = ProductPage.objects.get(pk=page.pk)
    assert (saved.live, saved.ready_markets) == (False, ())


def test_a_draft_is_kept_however_little_is_known(staff: Client) -> None:
    page = ProductPageFactory(live=False, bare=True)

    answer = edit(staff, page, benefit="Still thinking.")

    assert answer.status_code == 302
    assert ProductPage.objects.get(pk=page.pk).benefit == "Still thinking."


def test_a_market_that_is_taken_out_asks_for_nothing(staff: Client) -> None:
    page = ProductPageFactory(live=False, gb_responsible_person=None)
    assert edit(staff, page, **PUBLISH).status_code == 200

    assert edit(staff, page, sold_in=["EU"], **PUBLISH).status_code == 302

    assert ProductPage.objects.get(pk=page.pk).ready_markets == ("EU",)


def test_a_schedule_is_refused_like_publishing_at_once(staff: Client) -> None:
    page = ProductPageFactory(live=False, function="")

    answer = edit(staff, page, go_live_at="2099-01-01 10:00", **PUBLISH)

    assert answer.status_code == 200
    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_an_offer_without_content_keeps_its_page_from_being_published(staff: Client) -> None:
    page = ProductPageFactory(live=False)
    OfferFactory(page=page, sku="EMPTY", content_amount=None, content_unit="")

    answer = edit(staff, page, **PUBLISH)

    said = " ".join(answer.context["form"].non_field_errors())
    assert said == "Missing on offers: the content of EMPTY."


def test_the_panel_lists_what_is_missing_with_the_way_to_each_field(staff: Client) -> None:
    page = ProductPageFactory(made_in="", ingredients_inci="Aqua, Linalool")
    offer = OfferFactory(page=page, content_amount=None, content_unit="")

    html = staff.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert html.count('<a href="#id_made_in">Country of origin</a>') == 2
    assert "Great Britain: 1 missing." in html
    assert reverse("offer:edit", args=[offer.pk]) in html
    assert "<strong>Linalool</strong>" in html


def test_many_pages_are_published_at_once_only_when_each_is_ready(staff: Client) -> None:
    ready, bare = ProductPageFactory(live=False), ProductPageFactory(live=False, bare=True)
    for page in (ready, bare):
        page.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    answer = staff.post(f"{url}?id={ready.pk}&id={bare.pk}&next=/admin/", follow=True)

    assert f"Facts are missing on: {bare.title}." in answer.content.decode()
    assert not ProductPage.objects.live().exists()
    staff.post(f"{url}?id={ready.pk}&next=/admin/")
    assert [page.pk for page in ProductPage.objects.live()] == [ready.pk]


def test_staff_keep_responsible_persons_and_never_delete_one(staff: Client) -> None:
    person = ResponsiblePersonFactory()
    fields = {"name": "New name", "postal_address": "Here", "electronic_address": "a@b.example"}

    staff.post(reverse("responsibleperson:edit", args=[person.pk]), {**fields, "market": "EU"})
    staff.post(reverse("responsibleperson:delete", args=[person.pk]))

    assert ResponsiblePerson.objects.get(pk=person.pk).name == "New name"


def test_staff_put_words_and_care_tags_in_order(staff: Client) -> None:
    first = FreeFrom.objects.create(name="Oat", slug="oat", sort_order=0)
    second = FreeFrom.objects.create(name="Menthol", slug="menthol", sort_order=1)

    staff.post(f"{reverse('freefrom:reorder', args=[second.pk])}?position=0")
    staff.post(
        reverse("caretag:add"),
        {"name": "Mild wash", "slug": "mild-wash", "blurb": "", "gentle_from_day": ""},
    )

    assert list(FreeFrom.objects.all()) == [second, first]
    assert CareTag.objects.get().gentle_from_day is None
