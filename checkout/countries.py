"""The countries that the shop can write an address for: ISO 3166-1 codes and English names."""

from typing import Final

NAMES: Final[dict[str, str]] = {
    "AT": "Austria",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "CH": "Switzerland",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "United Kingdom",
    "GR": "Greece",
    "HR": "Croatia",
    "HU": "Hungary",
    "IE": "Ireland",
    "IS": "Iceland",
    "IT": "Italy",
    "LI": "Liechtenstein",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "MT": "Malta",
    "NL": "Netherlands",
    "NO": "Norway",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SE": "Sweden",
    "SI": "Slovenia",
    "SK": "Slovakia",
}

# The states of the European Union, as the law of VAT counts them.
MEMBER_STATES: Final = frozenset(NAMES) - {"CH", "GB", "IS", "LI", "NO"}


def member_states() -> list[tuple[str, str]]:
    """Return code and name of every state of the Union, by name."""
    return [(code, name) for code, name in NAMES.items() if code in MEMBER_STATES]


def country_name(code: str) -> str:
    """Return a country's English name, or the code itself where the shop knows none."""
    return NAMES.get(code, code)
