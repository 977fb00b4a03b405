"""Tests of `catalog.inci` and `catalog.allergens`: what a list of ingredients says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import inci
from catalog.allergens import (
    ADDED_IN_2023,
    ALLERGENS,
    BEFORE_2023,
    ENTRIES_EXTENDED_IN_2023,
    Allergen,
)


def entries(text: str) -> list[int]:
    return sorted(allergen.entry for allergen in inci.allergens_in(text))


def names(text: str) -> list[str]:
    return [ingredient.text for each in inci.read(text) for ingredient in each.ingredients]


def test_the_annex_is_complete() -> None:
    assert len(BEFORE_2023) == 24
    # Entry 46 had a limit before, which is why most counts say 80.
    assert len(ENTRIES_EXTENDED_IN_2023) + len(ADDED_IN_2023) == 57
    assert [allergen.entry for allergen in ADDED_IN_2023] == list(range(327, 372))
    assert len({allergen.entry for allergen in ALLERGENS}) == 81
    assert len({allergen.name for allergen in ALLERGENS}) == 81


@pytest.mark.parametrize("allergen", ALLERGENS, ids=lambda allergen: allergen.name)
def test_every_allergen_is_found_however_it_is_written(allergen: Allergen) -> None:
    for name in (allergen.name, *allergen.names):
        for written in (name, name.upper(), name.lower(), f" {name} * ", f"{name} 0.02 %"):
            assert entries(f"Aqua, {written}, Glycerin.") == [allergen.entry], written
            assert entries(f"Aqua; Parfum ({written}); Glycerin") == [allergen.entry], written
            assert entries(f"Parfum/Fragrance [{written}, Aqua]") == [allergen.entry], written


@pytest.mark.parametrize(
    ("written", "entry"),
    [
        ("d-Limonene", 88),
        ("(+)-Limonene", 88),
        ("L-Menthol", 338),
        ("\N{GREEK SMALL LETTER ALPHA}-Isomethyl Ionone", 90),
        ("ALPHA ISOMETHYL IONONE", 90),
        ("trans-Anethole", 329),
        ("β-Caryophyllene", 332),
        ("cis-Rose Ketone 1", 157),
        ("6-Methylcoumarin", 46),
        ("Lavandula Angustifolia (Lavender) Flower Oil", 360),
        ("LAVANDULA ANGUSTIFOLIA (LAVENDER) OIL*", 360),
        ("Lavandula Intermedia Flower/Leaf/Stem Extract", 360),
        ("Citrus Limon (Lemon) Peel Oil", 353),
        ("Citrus Medica Limonum (Lemon) Peel Oil", 353),
        ("Citrus Aurantium Dulcis (Orange) Peel Oil Expressed", 351),
        ("Citrus Sinensis Oil", 351),
        ("Citrus Aurantium Amara (Bitter Orange) Flower Oil", 350),
        ("Citrus Aurantium Bergamia (Bergamot) Fruit Oil", 352),
        ("Mentha Piperita (Peppermint) Leaf Oil", 361),
        ("Mentha Spicata Herb Oil", 362),
        ("Eucalyptus Globulus Leaf/Twig Oil", 355),
        ("Syzygium Aromaticum (Clove) Bud Oil", 356),
        ("Rosa Damascena Flower Extract", 366),
        ("Pelargonium Graveolens (Geranium) Leaf Oil", 364),
        ("Cinnamomum Verum Bark Oil", 349),
        ("Evernia Prunastri (Oakmoss) Extract", 91),
    ],
)
def test_other_ways_to_write_it_are_understood(written: str, entry: int) -> None:
    assert entries(f"Aqua, {written}, Glycerin") == [entry]


@pytest.mark.parametrize(
    "innocent",
    [
        "Aqua",
        "Parfum",
        "Menthyl Lactate",
        "Menthoxypropanediol",
        "Dehydrolinalool",
        "Cetearyl Alcohol",
        "Phenoxyethanol",
        "Benzyl Nicotinate",
        "Ethyl Vanillin",
        "Coumaric Acid",
        "Rosa Canina Fruit Oil",
        "Rosa Canina Seed Oil",
        "Rosa Moschata Oil",
        "Rosa Damascena Flower Water",
        "Laurus Nobilis Fruit Oil",
        "Eucalyptus Globulus Leaf Extract",
        "Mentha Piperita Leaf Extract",
        "Citrus Limon Fruit Extract",
        "Citrus Aurantium Amara Leaf Oil",
        "Cinnamomum Cassia Bark Extract",
        "Melaleuca Alternifolia Leaf Oil",
        "Rosmarinus Officinalis Leaf Oil",
        "Cymbopogon Nardus Oil",
        "Avena Sativa Kernel Oil",
        "Helianthus Annuus Seed Oil",
    ],
)
def test_what_is_no_allergen_is_left_alone(innocent: str) -> None:
    assert entries(innocent) == []


def test_two_in_one_name_are_both_found() -> None:
    assert entries("Linalool/Limonene") == [84, 88]
    assert entries("Parfum (Linalool, Citral / Geraniol)") == [70, 78, 84]


def test_each_allergen_is_told_once_and_by_its_name() -> None:
    found = inci.allergens_in("Neral, Geranial, Citral, Vanillin, Camphor")

    assert [allergen.name for allergen in found] == ["Camphor", "Citral", "Vanillin"]


def test_commas_in_brackets_and_numbers_part_nothing() -> None:
    assert names("Aqua, 1,2-Hexanediol, Parfum (Linalool, Citral), CI 77891.") == [
        "Aqua",
        "1,2-Hexanediol",
        "Parfum (Linalool, Citral)",
        "CI 77891",
    ]


def test_a_line_that_was_broken_is_one_and_lines_without_commas_are_many() -> None:
    assert names("Aqua, Sodium Lauroyl\nMethyl Isethionate") == [
        "Aqua",
        "Sodium Lauroyl Methyl Isethionate",
    ]
    assert names("Aqua\nGlycerin\nPanthenol") == ["Aqua", "Glycerin", "Panthenol"]


def test_a_set_has_a_list_for_each_part_and_a_heading_is_no_part() -> None:
    lists = inci.read("Cooling Mist: Aqua, Panthenol\n\nIngredients: Aqua • Squalane")

    assert [each.label for each in lists] == ["Cooling Mist", ""]
    assert [[one.text for one in each.ingredients] for each in lists] == [
        ["Aqua", "Panthenol"],
        ["Aqua", "Squalane"],
    ]


def test_an_empty_list_holds_nothing() -> None:
    assert inci.read(" \n\n , . ") == []


def test_a_bracket_that_is_never_closed_hides_nothing() -> None:
    assert entries("Aqua, Parfum (Linalool, Glycerin, Citral") == [70, 84]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aA ,;()[]/:.\n-1%*é", max_size=400))
def test_whatever_is_typed_is_read_without_a_fault(text: str) -> None:
    inci.read(text)


def test_a_hundred_kilobytes_are_read_in_no_time() -> None:
    for text in ("(" * 100_000, "a," * 50_000, "a/" * 50_000, "a " * 50_000, "\n " * 50_000):
        inci.read(text)
