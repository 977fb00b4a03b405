from django.test import Client
import pytest
from pytest_django import DjangoAssertNumQueries

from tests.catalog.factories import HomePageFactory, ImageFactory, TreatmentFactory
from tests.treatments.factories import PractitionerFactory
from treatments.models import Practitioner, TreatmentIndexPage, TreatmentPage

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


def test_a_treatment_names_who_gives_it_today(
    client: Client, treatments: TreatmentIndexPage
) -> None:
    page = add(treatments, name="Hydration", slug="hydration")
    named = PractitionerFactory.create(name="Ines Albrecht", job_title="Dermatologist")
    gone = PractitionerFactory.create(name="Gone Albrecht", is_active=False)
    PractitionerFactory.create(name="Other Albrecht")
    assert "Albrecht" not in client.get(page.url).content.decode()

    page.treatment.practitioners.set([named, gone])

    html = client.get(page.url).content.decode()
    assert "Ines Albrecht, Dermatologist" in html
    assert html.count("Albrecht") == 1


def test_whom_a_treatment_names_is_chosen_from_or_everybody() -> None:
    treatment, other = TreatmentFactory(), TreatmentFactory()
    named = PractitionerFactory.create()
    other.practitioners.add(PractitionerFactory.create())
    everybody = list(Practitioner.objects.active())
    assert list(Practitioner.objects.giving(treatment.pk)) == everybody

    treatment.practitioners.add(named)
    assert list(Practitioner.objects.giving(treatment.pk)) == [named]

    Practitioner.objects.filter(pk=named.pk).update(is_active=False)
    assert named not in Practitioner.objects.giving(treatment.pk)


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
