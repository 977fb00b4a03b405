"""What a result shows of a long text reads like one, and holds what was looked for."""

import pytest

from storefront.search.highlighting import SNIPPET_LETTERS, marker


@pytest.mark.parametrize(
    ("indexed", "shown"),
    [
        (
            "A balm or a serum., , Wash first., Let it dry",
            "A balm or a serum. Wash first. Let it dry",
        ),
        ("Balm, serum, mist", "Balm, serum, mist"),
        ("Who is it for?, , , Dry scalps", "Who is it for? Dry scalps"),
    ],
)
def test_the_seams_between_parts_of_a_page_are_not_seen(indexed: str, shown: str) -> None:
    assert "".join(piece.text for piece in marker(["serum"]).snippet(indexed)) == shown


def test_a_long_text_is_cut_where_the_word_stands() -> None:
    text = f"{'before ' * 60}a serum {'after ' * 60}"

    pieces = marker(["serums"]).snippet(text)

    shown = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.is_hit] == ["serum"]
    assert (shown.startswith("… before"), shown.endswith("after …")) == (True, True)
    assert len(shown) <= SNIPPET_LETTERS + 4
