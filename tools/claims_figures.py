"""Work out how well the claims check does on the labelled corpus, and write it into the docs.

python -m tools.claims_figures           write docs/claims.md
python -m tools.claims_figures wrong     name what the development part gets wrong
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from claims.engine import check, worst
from claims.packs import available, book
from tools.environment import ROOT

CORPUS = ROOT / "tests" / "claims" / "corpus"
PAGE = ROOT / "docs" / "claims.md"
PARTS = ("development", "held_out")
SEVERITIES = ("blocking", "warning", "advice")
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->"


@dataclass(frozen=True)
class Judged:
    """What one pack says of one sentence, beside what it should say."""

    pack: str
    sentence: str
    wanted: str
    got: str


@dataclass(frozen=True)
class Figures:
    """How often a severity was given, rightly and wrongly, and how often it was missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> str:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> str:
        return _share(self.right, self.right + self.missed)


def sentences(part: str) -> int:
    """How many sentences a part of the corpus has."""
    return sum(len(group["sentences"]) for group in _groups(part))


def judged(part: str) -> list[Judged]:
    """Run every pack on each of its own over the sentences of a part that it has a label for."""
    return [
        Judged(pack, sentence, wanted, worst(check(sentence, book((pack,)))).label)
        for pack in available()
        for group in _groups(part)
        if (wanted := _wanted(group, pack))
        for sentence in group["sentences"]
    ]


def figures(rows: list[Judged], pack: str, severity: str) -> Figures:
    """Count one severity of one pack."""
    of_pack = (row for row in rows if row.pack == pack)
    counts = Counter((row.wanted == severity, row.got == severity) for row in of_pack)
    return Figures(right=counts[True, True], wrong=counts[False, True], missed=counts[True, False])


def table(part: str) -> str:
    """The figures of a part as rows of Markdown."""
    rows = judged(part)
    lines = [
        "| pack | severity | found | of these right | precision | missed | recall |",
        "|---|---|---|---|---|---|---|",
    ]
    for pack in available():
        for severity in SEVERITIES:
            counted = figures(rows, pack, severity)
            found = counted.right + counted.wrong
            if found + counted.missed:
                lines.append(
                    f"| `{pack}` | {severity} | {found} | {counted.right} | {counted.precision} "
                    f"| {counted.missed} | {counted.recall} |"
                )
    return "\n".join(lines)


def page() -> str:
    """The page of the docs with today's figures in it."""
    before, rest = PAGE.read_text().split(BEGIN, 1)
    _, after = rest.split(END, 1)
    told = "\n".join(f"{_title(part)}\n\n{table(part)}\n" for part in PARTS)
    return f"{before}{BEGIN}\n{told}\n{END}{after}"


def _title(part: str) -> str:
    name = part.replace("_", " ").capitalize()
    return f"### {name}: {sentences(part)} sentences"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _groups(part: str) -> Iterator[dict[str, Any]]:
    with (CORPUS / f"{part}.toml").open("rb") as file:
        yield from tomllib.load(file)["group"]


def _wanted(group: dict[str, Any], pack: str) -> str:
    everywhere = "" if pack == "plain_words" else group.get("both", "")
    return str(group.get(pack, everywhere))


def main() -> int:
    if sys.argv[1:] == ["wrong"]:
        wrong = [row for row in judged("development") if row.wanted != row.got]
        for row in wrong:
            print(f"{row.pack}: {row.got} instead of {row.wanted}: {row.sentence}")
        return bool(wrong)
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
