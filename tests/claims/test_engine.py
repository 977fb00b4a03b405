"""Sentences are found with their places, whatever disguises them, and what excuses one is heard."""

import datetime as dt
import sys
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims import words
from claims.engine import Finding, check, fingerprint, worst
from claims.evidence_codes import Proof, Proofs
from claims.packs import Severity, UnknownPack, available, book
from claims.patterns import BadPattern, Lexicon
from claims.sentences import sentences_of

EU = book(("eu_uk",))
RULES = 33
TODAY = dt.date(2026, 3, 1)


def keys(text: str, proofs: Proofs | None = None) -> list[str]:
    return [finding.rule.id for finding in check(text, EU, proofs)]


def one(text: str) -> Finding:
    (finding,) = check(text, EU)
    return finding


def test_a_finding_says_where_its_sentence_stands_and_which_words_break_the_rule() -> None:
    text = "A light wash. It really prevents hair loss! Rinse well."

    finding = one(text)

    assert text[finding.start : finding.end] == "It really prevents hair loss!"
    assert (finding.sentence, finding.words) == (
        "It really prevents hair loss!",
        "prevents hair loss",
    )
    assert finding.rule.key == "eu_uk.hair-loss"
    assert finding.is_blocking


def test_a_disguised_word_is_shown_as_it_was_written() -> None:
    assert one("It re\u00adgro\u200bws hair.").words == "re\u00adgro\u200bws"


def test_sentences_end_at_marks_and_lines_but_not_after_a_shortened_word_or_inside_a_number() -> (
    None
):
    text = "pH 5.2, e.g. for dry scalps. Ask Dr. Weber!\nNext line\n“Really?” Yes..."

    assert [sentence.text for sentence in sentences_of(text)] == [
        "pH 5.2, e.g. for dry scalps.",
        "Ask Dr. Weber!",
        "Next line",
        "“Really?”",
        "Yes...",
    ]


def test_a_denial_ends_where_a_new_thought_begins() -> None:
    assert keys("It does not treat dandruff.") == []
    assert keys("It does not sting, it treats dandruff.") == ["disease"]
    assert keys("It does not sting but treats dandruff.") == ["disease"]
    assert keys("It does not sting: it treats dandruff.") == ["disease"]


def test_a_question_weighs_as_advice_and_the_claim_beside_it_in_full() -> None:
    findings = check("Does it cure dandruff? It cures dandruff.", EU)

    assert [finding.severity for finding in findings] == [Severity.ADVICE, Severity.BLOCKING]


def test_an_honest_text_has_no_findings() -> None:
    text = "The scalp looks and feels cleaner. Flaking may ease. It does not regrow hair."

    assert check(text, book(tuple(available()))) == []
    assert worst([]) is Severity.NONE


STUDY = Proof("GAL-2026-01", dt.date(2026, 12, 31), frozenset({"proof"}), ("Quiet Scalp Serum",))


def proofs(about: str = "", *, on: dt.date = TODAY, study: Proof = STUDY) -> Proofs:
    return Proofs({study.code: study}, on, about)


def test_evidence_on_record_that_covers_the_product_carries_the_claim() -> None:
    claim = "Clinically proven to feel lighter (GAL-2026-01)."

    assert keys(claim, proofs("Quiet Scalp Serum")) == []
    assert keys(f"Quiet Scalp Serum: {claim}", proofs()) == []


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (
            proofs("Barrier Balm"),
            "GAL-2026-01 is about Quiet Scalp Serum, which is not named here.",
        ),
        (
            proofs("Quiet Scalp Serum", on=dt.date(2027, 1, 1)),
            "GAL-2026-01 was good until 31 December 2026.",
        ),
        (Proofs({}, TODAY), "GAL-2026-01 is not in the evidence register."),
        (
            proofs(study=Proof("GAL-2026-01", dt.date(2026, 12, 31), frozenset({"certainty"}))),
            "GAL-2026-01 does not cover this kind of claim.",
        ),
    ],
)
def test_evidence_that_does_not_fit_is_named_with_the_reason(given: Proofs, note: str) -> None:
    (finding,) = check("Clinically proven to feel lighter (GAL-2026-01).", EU, given)

    assert (finding.rule.id, finding.is_blocking, finding.note) == ("proof", True, note)


def test_no_evidence_carries_a_medicinal_claim() -> None:
    study = Proof("GAL-2026-01", dt.date(2026, 12, 31))

    assert keys("Regrows hair (GAL-2026-01).", proofs(study=study)) == ["growth"]


def test_a_fingerprint_changes_with_the_sentence_and_the_rule_and_not_with_white_space() -> None:
    told = fingerprint(rule="eu_uk.growth", sentence="Regrows hair.")

    assert fingerprint(rule="eu_uk.growth", sentence=" Regrows\n hair. ") == told
    assert fingerprint(rule="eu_uk.growth", sentence="Regrows hair!") != told
    assert fingerprint(rule="us_fda.growth", sentence="Regrows hair.") != told


def test_every_rule_has_a_name_of_its_own_a_source_and_a_kinder_wording() -> None:
    rules = book(tuple(available())).rules

    assert len({rule.key for rule in rules}) == len(rules) == RULES
    for rule in rules:
        assert rule.url.startswith("https://")
        assert all((rule.title, rule.source, rule.explanation, rule.kinder))


@pytest.mark.parametrize("pack", available())
def test_no_kinder_wording_is_itself_a_claim(pack: str) -> None:
    rules = book((pack,)).rules

    assert [rule.key for rule in rules if worst(check(rule.kinder, EU)) is Severity.BLOCKING] == []


def test_an_unknown_pack_is_refused_by_name() -> None:
    with pytest.raises(UnknownPack, match="atlantis"):
        book(("atlantis",))


@pytest.mark.parametrize("written", ["..2 hair", "hair ?loss", "a*", "hair *"])
def test_a_pattern_that_could_match_almost_anything_is_refused(written: str) -> None:
    with pytest.raises(BadPattern):
        Lexicon().compile(written, {})


def _calls(work: Callable[[], object]) -> int:
    """Count the function calls that a piece of work takes, those in C included."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


HOSTILE = {
    "one word": "hair ",
    "all words of a claim in the wrong order": "loss hair stops grow not no cure dandruff ",
    "claims": "Regrows hair. ",
    "denials": "not no never does not cure dandruff ",
    "lines": "hair\n",
    "dots": ".",
    "quotes": '"',
    "brackets": "((",
    "a word without end": "regrow",
    "letters apart": "r e g r o w ",
    "nothing to see": "\u200b",
    "apostrophes": "a''",
    "codes": "(AB-1 (AB-12-(AB-",
    "percent": "9 % of ",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_four_times_the_text_takes_four_times_the_work(name: str) -> None:
    everything = book(tuple(available()))
    piece = HOSTILE[name]
    small, large = piece * (4_000 // len(piece)), piece * (16_000 // len(piece))
    check(small, everything)

    little, much = (_calls(partial(check, text, everything)) for text in (small, large))

    assert much <= 4.5 * little + 200


@given(st.text(alphabet="ab1'@$ ,-\"%;?\n\t`_.\x00\x1f", max_size=14), st.data())
def test_the_quick_way_through_plain_text_sees_what_the_careful_one_does(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    quick = words._plainly(text, start, end)

    assert list(quick) == list(words._marked(text, start, end))
