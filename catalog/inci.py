"""Read a list of ingredients as it stands on a box, and find the fragrance allergens in it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from catalog.allergens import ALLERGENS, Allergen, Plant

_BREAKS: Final = re.compile(r"[;•·|‧∙●]+")
# What is longer is no name, and is not worth looking at closely.
_LONGEST_NAME: Final = 200
_LABEL: Final = re.compile(r"^([^,:()\[\]]{2,80}):\s+(?=\S)")
_HEADING: Final = re.compile(r"^(ingredients|inci|composition|may contain)$", re.IGNORECASE)
_PERCENT: Final = re.compile(r"\d+(?:[.,]\d+)?\s*%|[<>≤≥±]")
_GREEK: Final = str.maketrans(
    {
        "\N{GREEK SMALL LETTER ALPHA}": "alpha",
        "\N{GREEK SMALL LETTER BETA}": "beta",
        "\N{GREEK SMALL LETTER GAMMA}": "gamma",
        "\N{GREEK SMALL LETTER DELTA}": "delta",
    }
)
_ISOMER: Final = re.compile(r"^(?:\(?[+±-]+\)?-?|(?:dl|d|l|r|s|e|z|cis|trans)-)+(?=[a-z])")
_NOT_A_LETTER: Final = re.compile(r"[^a-z0-9]+")
_PARTS: Final = frozenset(
    {
        "bark", "bud", "flower", "fruit", "herb", "leaf", "needle", "peel", "root", "seed", "stem",
        "twig", "wood", "kernel", "rhizome", "gum",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One name of the list as it is written, and the allergens that it stands for."""

    text: str
    allergens: tuple[Allergen, ...] = ()


@dataclass(frozen=True, slots=True)
class IngredientList:
    """The ingredients of one thing; `label` names it where a set lists several."""

    label: str
    ingredients: tuple[Ingredient, ...]


def read(text: str) -> list[IngredientList]:
    """Read a list: one per paragraph, in its order, each name with its allergens."""
    found = [_read_paragraph(paragraph) for paragraph in re.split(r"\n\s*\n", text)]
    return [each for each in found if each.ingredients]


def allergens_in(text: str) -> list[Allergen]:
    """Return the fragrance allergens that a list names, each once, by their name."""
    return allergens_of(read(text))


def allergens_of(lists: list[IngredientList]) -> list[Allergen]:
    """Return the allergens of lists that were read already."""
    found = {
        allergen.entry: allergen
        for each in lists
        for ingredient in each.ingredients
        for allergen in ingredient.allergens
    }
    return sorted(found.values(), key=lambda allergen: allergen.name.casefold())


# --- The list -----------------------------------------------------------------------------


def _read_paragraph(paragraph: str) -> IngredientList:
    # One name a line, or a line that was broken because it was long.
    paragraph = paragraph.strip().replace("\n", " " if "," in paragraph else ";")
    label = _LABEL.match(paragraph)
    name = label.group(1).strip() if label else ""
    rest = paragraph[label.end() :] if label else paragraph
    texts = (text for part in _BREAKS.split(rest) for text in _split(part))
    ingredients = tuple(Ingredient(text, tuple(_found_in(text))) for text in texts)
    return IngredientList("" if _HEADING.match(name) else name, ingredients)


def _split(text: str) -> Iterator[str]:
    """Part a list at its commas, but for those inside brackets and numbers (1,2-Hexanediol)."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth = max(0, depth - 1)
        elif letter == "," and depth == 0 and not _is_in_number(text, place):
            yield from _clean(text[start:place])
            start = place + 1
    yield from _clean(text[start:])


def _is_in_number(text: str, place: int) -> bool:
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return before.isdigit() and after.isdigit()


def _clean(text: str) -> Iterator[str]:
    name = " ".join(text.split()).strip(" .:")
    if name:
        yield name


# --- Allergens ----------------------------------------------------------------------------


def _found_in(text: str) -> Iterator[Allergen]:
    """Yield the allergens of one name: of the whole, then of its brackets and its slashes."""
    if len(text) > _LONGEST_NAME:
        yield from _once(_pieces(text))
        return
    whole = _named(_without_brackets(text))
    if whole is not None:
        yield whole
        return
    yield from _once([_without_brackets(text), *_pieces(text)])


def _once(names: list[str]) -> Iterator[Allergen]:
    seen: set[int] = set()
    for name in names:
        for part in (name, *name.split("/")):
            allergen = _named(part)
            if allergen is not None and allergen.entry not in seen:
                seen.add(allergen.entry)
                yield allergen


def _without_brackets(text: str) -> str:
    return re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", " ", text)


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"[()\[\]{},]", text) if piece.strip()]


def _named(name: str) -> Allergen | None:
    if len(name) > _LONGEST_NAME:
        return None
    plain = _plain(name)
    return _BY_NAME.get(_NOT_A_LETTER.sub("", plain)) or _plant(_NOT_A_LETTER.sub(" ", plain))


def _plain(name: str) -> str:
    """Write a name in small plain letters, without amounts, marks and mirror-image prefixes."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_GREEK))
    ascii_only = letters.encode("ascii", "ignore").decode()
    return _ISOMER.sub("", _PERCENT.sub(" ", ascii_only).strip(" *.:-+"))


def _plant(name: str) -> Allergen | None:
    words = name.split()
    for length in (3, 2):
        species = " ".join(words[:length])
        if species in _BY_SPECIES:
            rest = frozenset(words[length:])
            meant = (pair for pair in _BY_SPECIES[species] if _is_meant(pair[0], rest))
            return next((allergen for _, allergen in meant), None)
    return None


def _is_meant(plant: Plant, words: frozenset[str]) -> bool:
    if not words & plant.forms:
        return False
    parts = words & _PARTS
    if not parts:
        return plant.is_bare_meant
    return not plant.parts or bool(parts & plant.parts)


def _by_species() -> dict[str, list[tuple[Plant, Allergen]]]:
    found: dict[str, list[tuple[Plant, Allergen]]] = {}
    for allergen in ALLERGENS:
        for plant in allergen.plants:
            for species in plant.species:
                found.setdefault(species, []).append((plant, allergen))
    return found


_BY_NAME: Final = {
    _NOT_A_LETTER.sub("", _plain(name)): allergen
    for allergen in ALLERGENS
    for name in (allergen.name, *allergen.names)
}
_BY_SPECIES: Final = _by_species()
