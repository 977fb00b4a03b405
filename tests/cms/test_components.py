"""The tags that every template may use."""

from django.template import Context, Template
from django.test import RequestFactory
import pytest

from cms.templatetags.components import current_link, dots, icon, is_under, on_one_line


def test_an_icon_is_drawn_and_says_nothing_to_a_screen_reader() -> None:
    assert icon("truck").startswith('<svg class="icon" aria-hidden="true"')


@pytest.mark.parametrize(
    ("path", "url", "is_below"),
    [
        ("/shop/wash/", "/shop/", True),
        ("/shop/", "/shop/", True),
        ("/shopping/", "/shop/", False),
        ("/shop/", "/", False),
        ("/", "/", True),
        (None, "/shop/", False),
    ],
)
def test_a_menu_marks_the_page_at_or_above(path: str | None, url: str, *, is_below: bool) -> None:
    assert is_under(path, url) is is_below


def test_only_the_closest_link_of_a_menu_is_current() -> None:
    links = [("Shop", "/shop/"), ("Packages", "/shop/session-packages/"), ("Guide", "/guide/")]

    assert current_link(links, "/shop/session-packages/peeling/") == "/shop/session-packages/"
    assert current_link(links, "/shop/wash/") == "/shop/"
    assert current_link(links, "/about/") == ""


def test_an_address_of_several_lines_fits_on_one() -> None:
    assert on_one_line("Galea Scalp Studio\n Quellgasse 7 \n\n10119 Berlin") == (
        "Galea Scalp Studio, Quellgasse 7, 10119 Berlin"
    )


def test_a_pass_has_one_dot_per_session_granted() -> None:
    assert dots(2, 3) == [True, True, False]
    assert dots(0, 0) == []


def test_the_next_page_of_a_list_keeps_its_filters() -> None:
    request = RequestFactory().get("/shop/?concern=oily&concern=flaky&page=2")

    shown = Template("{% page_url 3 %}").render(Context({"request": request}))

    assert shown == "?concern=oily&amp;concern=flaky&amp;page=3"


def test_a_missing_picture_leaves_nothing_behind() -> None:
    assert Template("{% photo image %}").render(Context({"image": None})).strip() == ""
