from django.test import Client
import pytest
from pytest_django import DjangoAssertNumQueries

from tests.catalog.factories import HomePageFactory, ImageFactory, TreatmentFactory
from treatments.models import TreatmentIndexPage, TreatmentPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def treatments() -> TreatmentIndexPage:
    home = HomePageFactory()
    page: TreatmentIndexPage = home.add_child(
        instance=TreatmentIndexPage(title="Treatments", slug="treatments")
    )
    return page


def add(parent: TreatmentIndexPage, **fields: object) -> TreatmentPage:
    treatment = TreatmentFactory(**fields)
    page: TreatmentPage = parent.add_child(
        instance=TreatmentPage(
            title=treatment.name,
            slug=treatment.slug,
            treatment=treatment,
            intro="Calm and thorough.",
            hero_image=ImageFactory(),
            what_happens=[("step", {"title": "We look first", "text": "<p>Together.</p>"})],
            consult_first_when="<p>Your scalp is sunburnt.</p><script>alert(1)</script>",
        )
    )
    return page


def test_the_list_shows_what_is_offered_in_the_clinics_order(
    client: Client, treatments: TreatmentIndexPage
) -> None:
    add(treatments, name="Second", sort_order=2)
    add(treatments, name="First", sort_order=1)
    add(treatments, name="Retired", is_active=False)

    response = client.get("/treatments/")

    assert [card.title for card in response.context["treatments"]] == ["First", "Second"]


def test_a_treatment_shows_steps_and_when_to_ask_first(
    client: Client, treatments: TreatmentIndexPage
) -> None:
    page = add(treatments, name="Microdermabrasion", slug="microdermabrasion")

    html = client.get(page.url).content.decode()

    assert "We look first" in html
    assert "Your scalp is sunburnt." in html
    assert "alert(1)" not in html


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    client: Client,
    treatments: TreatmentIndexPage,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(6):
        add(treatments, name=f"Treatment {number}")
    client.get("/treatments/")

    with django_assert_max_num_queries(12):
        client.get("/treatments/")
