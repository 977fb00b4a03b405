"""The fragrance allergens that a label in the European Union must name.

Source: annex III of Regulation (EC) No 1223/2009 as amended by Commission Regulation (EU)
2023/1545 of 26 July 2023 (OJ L 188, 27.7.2023, p. 1): 24 substances that had to be named before
and 56 more, “the 80”. Entry 46, 6-methyl coumarin, had a limit before and must be named since:
it is listed along, so the annex counts 81 entries. `entry` is the annex's reference number, the
name is the one to use in the list of ingredients, and further names are the annex's own names
of the same entry, then names under which suppliers and older labels know it. Names of entries
364 and 365 follow the annex as consolidated on 18 May 2026.

They must be named above 0.001 % in what stays on and 0.01 % in what is rinsed off; a list of
ingredients names them exactly where that is so, which is why reading the list is enough.
"""

from dataclasses import dataclass
from typing import Final

OIL: Final = frozenset({"oil"})
EXTRACT: Final = frozenset({"extract", "absolute", "concrete"})


@dataclass(frozen=True, slots=True)
class Plant:
    """Which preparations of which plants an entry means.

    :ivar species: Latin names in small letters, as INCI writes them.
    :ivar parts: the parts of the plant that count; none for every part.
    :ivar is_bare_meant: whether a name that tells no part means one of these.
    """

    species: tuple[str, ...]
    forms: frozenset[str]
    parts: frozenset[str] = frozenset()
    is_bare_meant: bool = True


@dataclass(frozen=True, slots=True)
class Allergen:
    """One entry of the annex."""

    entry: int
    name: str
    names: tuple[str, ...] = ()
    plants: tuple[Plant, ...] = ()


def _parts(*names: str) -> frozenset[str]:
    return frozenset(names)


BEFORE_2023: Final = (
    Allergen(45, "Benzyl Alcohol"),
    Allergen(67, "Amyl Cinnamal", ("Amyl Cinnamaldehyde", "Alpha-Amyl Cinnamaldehyde")),
    Allergen(69, "Cinnamyl Alcohol", ("Cinnamic Alcohol",)),
    Allergen(70, "Citral", ("Geranial", "Neral")),
    Allergen(71, "Eugenol"),
    Allergen(72, "Hydroxycitronellal"),
    Allergen(73, "Isoeugenol"),
    Allergen(74, "Amylcinnamyl Alcohol", ("Amyl Cinnamic Alcohol",)),
    Allergen(75, "Benzyl Salicylate"),
    Allergen(76, "Cinnamal", ("Cinnamaldehyde", "Cinnamic Aldehyde")),
    Allergen(77, "Coumarin"),
    Allergen(78, "Geraniol"),
    Allergen(80, "Anise Alcohol", ("Anisyl Alcohol",)),
    Allergen(81, "Benzyl Cinnamate"),
    Allergen(82, "Farnesol"),
    Allergen(84, "Linalool"),
    Allergen(85, "Benzyl Benzoate"),
    Allergen(86, "Citronellol"),
    Allergen(87, "Hexyl Cinnamal", ("Hexyl Cinnamaldehyde", "Alpha-Hexyl Cinnamaldehyde")),
    Allergen(88, "Limonene", ("Dipentene",)),
    Allergen(89, "Methyl 2-Octynoate", ("Methyl Heptine Carbonate",)),
    Allergen(90, "Alpha-Isomethyl Ionone", ("Isomethyl Ionone",)),
    Allergen(
        91, "Evernia Prunastri Extract", ("Oakmoss",),
        (Plant(("evernia prunastri",), EXTRACT | OIL),),
    ),
    Allergen(
        92, "Evernia Furfuracea Extract", ("Treemoss",),
        (Plant(("evernia furfuracea", "pseudevernia furfuracea"), EXTRACT | OIL),),
    ),
)  # fmt: skip

ENTRIES_EXTENDED_IN_2023: Final = (
    Allergen(46, "6-Methyl Coumarin"),
    Allergen(
        109, "Pinus Mugo",
        ("Pinus Mugo Leaf Oil", "Pinus Mugo Twig Leaf Extract", "Pinus Mugo Twig Oil"),
        (Plant(("pinus mugo",), OIL | EXTRACT),),
    ),
    Allergen(
        114, "Pinus Pumila",
        (
            "Pinus Pumila Needle Extract", "Pinus Pumila Twig Leaf Extract",
            "Pinus Pumila Twig Leaf Oil",
        ),
        (Plant(("pinus pumila",), OIL | EXTRACT),),
    ),
    Allergen(
        122, "Cedrus Atlantica Oil/Extract",
        (
            "Cedrus Atlantica Bark Extract", "Cedrus Atlantica Bark Oil",
            "Cedrus Atlantica Bark Water", "Cedrus Atlantica Leaf Extract",
            "Cedrus Atlantica Wood Extract", "Cedrus Atlantica Wood Oil",
        ),
        (Plant(("cedrus atlantica",), OIL | EXTRACT),),
    ),
    Allergen(124, "Turpentine", ("Turpentine Oil", "Turpentine Extract")),
    Allergen(131, "Alpha-Terpinene"),
    Allergen(133, "Terpinolene"),
    Allergen(
        154, "Myroxylon Pereirae Oil/Extract",
        (
            "Myroxylon Balsamum Pereirae Balsam Extract", "Myroxylon Balsamum Pereirae Balsam Oil",
            "Myroxylon Pereirae Oil", "Myroxylon Pereirae Resin Extract",
            "Myroxylon Pereirae Resin", "Balsam of Peru",
        ),
        (Plant(("myroxylon pereirae", "myroxylon balsamum pereirae"), OIL | EXTRACT),),
    ),
    Allergen(
        157, "Rose Ketones",
        (
            "Alpha-Damascone", "Beta-Damascone", "Delta-Damascone", "Gamma-Damascone",
            "Damascenone", "Rose Ketone 1", "Rose Ketone 2", "Rose Ketone 3", "Rose Ketone 4",
            "Rose Ketone 5",
        ),
    ),
    Allergen(175, "3-Propylidenephthalide"),
    Allergen(
        196, "Lippia Citriodora Absolute", ("Aloysia Citriodora Absolute",),
        (Plant(("lippia citriodora",), frozenset({"absolute"})),),
    ),
    Allergen(324, "Methyl Salicylate"),
)  # fmt: skip

ADDED_IN_2023: Final = (
    Allergen(327, "Acetyl Cedrene", ("Methyl Cedryl Ketone",)),
    Allergen(328, "Amyl Salicylate", ("Pentyl Salicylate",)),
    Allergen(329, "Anethole"),
    Allergen(330, "Benzaldehyde"),
    Allergen(331, "Camphor"),
    Allergen(332, "Beta-Caryophyllene", ("Caryophyllene",)),
    Allergen(333, "Carvone"),
    Allergen(334, "Dimethyl Phenethyl Acetate"),
    Allergen(335, "Hexadecanolactone"),
    Allergen(336, "Hexamethylindanopyran"),
    Allergen(337, "Linalyl Acetate"),
    Allergen(338, "Menthol"),
    Allergen(339, "Trimethylcyclopentenyl Methylisopentenol"),
    Allergen(340, "Salicylaldehyde"),
    Allergen(341, "Santalol", ("Alpha-Santalol", "Beta-Santalol")),
    Allergen(342, "Sclareol"),
    Allergen(343, "Terpineol", ("Alpha-Terpineol", "Beta-Terpineol", "Gamma-Terpineol")),
    Allergen(344, "Tetramethyl Acetyloctahydronaphthalenes"),
    Allergen(345, "Trimethylbenzenepropanol"),
    Allergen(346, "Vanillin"),
    Allergen(
        347, "Cananga Odorata Oil/Extract",
        ("Cananga Odorata Flower Extract", "Cananga Odorata Flower Oil", "Ylang Ylang Oil"),
        (Plant(("cananga odorata",), OIL | EXTRACT, _parts("flower")),),
    ),
    Allergen(
        348, "Cinnamomum Cassia Leaf Oil", (),
        (Plant(("cinnamomum cassia",), OIL, _parts("leaf")),),
    ),
    Allergen(
        349, "Cinnamomum Zeylanicum Bark Oil", (),
        (
            Plant(
                ("cinnamomum zeylanicum", "cinnamomum verum"), OIL, _parts("bark"),
                is_bare_meant=False,
            ),
        ),
    ),
    Allergen(
        350, "Citrus Aurantium Flower Oil",
        ("Citrus Aurantium Amara Flower Oil", "Citrus Aurantium Dulcis Flower Oil"),
        (
            Plant(
                ("citrus aurantium", "citrus aurantium amara", "citrus aurantium dulcis"),
                OIL, _parts("flower"), is_bare_meant=False,
            ),
        ),
    ),
    Allergen(
        351, "Citrus Aurantium Peel Oil",
        (
            "Citrus Aurantium Amara Peel Oil", "Citrus Aurantium Dulcis Peel Oil",
            "Citrus Sinensis Peel Oil",
        ),
        (
            Plant(
                ("citrus aurantium", "citrus aurantium amara"),
                OIL, _parts("peel", "fruit"), is_bare_meant=False,
            ),
            Plant(
                ("citrus aurantium dulcis", "citrus sinensis"), OIL, _parts("peel", "fruit"),
            ),
        ),
    ),
    Allergen(
        352, "Citrus Aurantium Bergamia Peel Oil", (),
        (
            Plant(
                ("citrus aurantium bergamia", "citrus bergamia"), OIL, _parts("peel", "fruit"),
            ),
        ),
    ),
    Allergen(
        353, "Citrus Limon Peel Oil", (),
        (Plant(("citrus limon", "citrus medica limonum"), OIL, _parts("peel", "fruit")),),
    ),
    Allergen(
        354, "Lemongrass Oil",
        (
            "Cymbopogon Schoenanthus Oil", "Cymbopogon Flexuosus Oil",
            "Cymbopogon Citratus Leaf Oil",
        ),
        (
            Plant(
                ("cymbopogon schoenanthus", "cymbopogon flexuosus", "cymbopogon citratus"), OIL,
            ),
        ),
    ),
    Allergen(
        355, "Eucalyptus Globulus Oil",
        ("Eucalyptus Globulus Leaf Oil", "Eucalyptus Globulus Leaf/Twig Oil"),
        (Plant(("eucalyptus globulus",), OIL),),
    ),
    Allergen(
        356, "Eugenia Caryophyllus Oil",
        (
            "Eugenia Caryophyllus Leaf Oil", "Eugenia Caryophyllus Flower Oil",
            "Eugenia Caryophyllus Stem Oil", "Eugenia Caryophyllus Bud Oil",
        ),
        (Plant(("eugenia caryophyllus", "syzygium aromaticum"), OIL),),
    ),
    Allergen(
        357, "Jasmine Oil/Extract",
        (
            "Jasminum Grandiflorum Flower Extract", "Jasminum Officinale Oil",
            "Jasminum Officinale Flower Extract",
        ),
        (
            Plant(
                ("jasminum grandiflorum", "jasminum officinale"), OIL | EXTRACT, _parts("flower"),
            ),
        ),
    ),
    Allergen(
        358, "Juniperus Virginiana Oil", ("Juniperus Virginiana Wood Oil",),
        (Plant(("juniperus virginiana",), OIL, _parts("wood")),),
    ),
    Allergen(
        359, "Laurus Nobilis Leaf Oil", (), (Plant(("laurus nobilis",), OIL, _parts("leaf")),)
    ),
    Allergen(
        360, "Lavandula Oil/Extract",
        (
            "Lavandula Hybrida Oil", "Lavandula Hybrida Extract",
            "Lavandula Hybrida Flower Extract", "Lavandula Intermedia Flower/Leaf/Stem Extract",
            "Lavandula Intermedia Flower/Leaf/Stem Oil", "Lavandula Intermedia Oil",
            "Lavandula Angustifolia Oil", "Lavandula Angustifolia Flower/Leaf/Stem Extract",
        ),
        (
            Plant(
                (
                    "lavandula hybrida", "lavandula intermedia", "lavandula angustifolia",
                    "lavandula officinalis",
                ),
                OIL | EXTRACT, _parts("flower", "leaf", "stem", "herb"),
            ),
        ),
    ),
    Allergen(361, "Mentha Piperita Oil", (), (Plant(("mentha piperita",), OIL),)),
    Allergen(
        362, "Mentha Viridis Leaf Oil", (), (Plant(("mentha viridis", "mentha spicata"), OIL),)
    ),
    Allergen(
        363, "Narcissus Extract",
        (
            "Narcissus Poeticus Extract", "Narcissus Pseudonarcissus Flower Extract",
            "Narcissus Jonquilla Extract", "Narcissus Tazetta Extract",
        ),
        (
            Plant(
                (
                    "narcissus poeticus", "narcissus pseudonarcissus", "narcissus jonquilla",
                    "narcissus tazetta",
                ),
                EXTRACT, _parts("flower"),
            ),
        ),
    ),
    Allergen(
        364, "Pelargonium Graveolens Flower Oil",
        ("Pelargonium Graveolens Oil", "Pelargonium Graveolens Leaf Oil"),
        (Plant(("pelargonium graveolens",), OIL),),
    ),
    Allergen(
        365, "Pogostemon Cablin Oil", ("Pogostemon Cablin Leaf Oil",),
        (Plant(("pogostemon cablin",), OIL),),
    ),
    Allergen(
        366, "Rose Flower Oil/Extract",
        (
            "Rosa Damascena Flower Oil", "Rosa Damascena Flower Extract", "Rosa Alba Flower Oil",
            "Rosa Alba Flower Extract", "Rosa Canina Flower Oil", "Rosa Centifolia Flower Oil",
            "Rosa Centifolia Flower Extract", "Rosa Gallica Flower Oil",
            "Rosa Moschata Flower Oil", "Rosa Rugosa Flower Oil",
        ),
        (
            Plant(
                ("rosa damascena", "rosa alba", "rosa centifolia", "rosa gallica"),
                OIL | EXTRACT, _parts("flower"),
            ),
            # Their plain oil is pressed from the hips and holds no scent.
            Plant(
                ("rosa canina", "rosa moschata", "rosa rugosa"),
                OIL | EXTRACT, _parts("flower"), is_bare_meant=False,
            ),
        ),
    ),
    Allergen(
        367, "Santalum Album Oil", ("Santalum Album Wood Oil",),
        (Plant(("santalum album",), OIL, _parts("wood")),),
    ),
    Allergen(368, "Eugenyl Acetate"),
    Allergen(369, "Geranyl Acetate"),
    Allergen(370, "Isoeugenyl Acetate"),
    Allergen(371, "Pinene", ("Alpha-Pinene", "Beta-Pinene")),
)  # fmt: skip

ALLERGENS: Final = (*BEFORE_2023, *ENTRIES_EXTENDED_IN_2023, *ADDED_IN_2023)
