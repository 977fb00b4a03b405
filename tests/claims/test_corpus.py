"""The claims check does on the labelled corpus what the docs say that it does."""

from collections import Counter

import pytest

from claims.engine import check
from claims.packs import Severity, available, book
from tools import claims_figures
from tools.claims_figures import PARTS, Figures, figures, judged, sentences

HELD_OUT = {
    "eu_uk": Figures(right=71, wrong=5, missed=4),
    "us_fda": Figures(right=75, wrong=5, missed=5),
}
LABELS = {severity.label for severity in Severity}


def test_the_corpus_has_more_than_400_sentences_none_of_them_twice() -> None:
    texts = [
        sentence
        for part in PARTS
        for group in claims_figures._groups(part)
        for sentence in group["sentences"]
    ]

    assert len(texts) > 400
    assert [text for text, times in Counter(texts).items() if times > 1] == []


@pytest.mark.parametrize("part", PARTS)
def test_every_label_is_a_severity(part: str) -> None:
    assert {row.wanted for row in judged(part)} <= LABELS


def test_nothing_of_the_development_part_is_judged_wrongly() -> None:
    assert [row for row in judged("development") if row.wanted != row.got] == []


def test_every_rule_is_broken_by_a_sentence_of_the_development_part() -> None:
    everything = book(tuple(available()))
    broken = {
        finding.rule.key
        for group in claims_figures._groups("development")
        for sentence in group["sentences"]
        for finding in check(sentence, everything)
    }

    assert [rule.key for rule in everything.rules if rule.key not in broken] == []


def test_the_held_out_part_is_judged_as_well_as_is_published() -> None:
    rows = judged("held_out")

    assert {pack: figures(rows, pack, "blocking") for pack in ("eu_uk", "us_fda")} == HELD_OUT


def test_the_page_of_the_docs_tells_todays_figures() -> None:
    assert claims_figures.PAGE.read_text() == claims_figures.page()


def test_both_parts_are_large_enough_to_mean_something() -> None:
    assert {part: sentences(part) for part in PARTS} == {"development": 413, "held_out": 189}
