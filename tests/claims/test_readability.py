"""The reading age of a text is worked out, and what it should be depends on its words."""

from claims.readability import GENERAL, MEDICAL, measure

EASY = "We wash your hair. Then we dry it. You sit in a warm chair. It takes one hour. " * 3
HARD = (
    "Notwithstanding considerable interindividual variability, the characteristic erythematous "
    "appearance subsequent to exfoliation ordinarily resolves spontaneously within a comparatively "
    "abbreviated interval, irrespective of the particular practitioner's own methodology. " * 2
)
MEDICAL_WORDS = (
    "The dermatologist looks at the scalp. Seborrhoea is a disease of the skin. It makes the skin "
    "shed flakes. A doctor can treat it. Psoriasis looks much the same, and needs a doctor too. "
)


def test_short_sentences_of_short_words_suit_a_child() -> None:
    easy = measure(EASY)

    assert (easy.words, easy.sentences, easy.age) == (54, 12, 5)
    assert easy.is_on_target
    assert easy.verdict == "Reading age 5; aim for 9-11. Good."


def test_long_words_in_long_sentences_are_above_the_target_and_named() -> None:
    hard = measure(HARD)

    assert hard.age > hard.target[1]
    assert not hard.is_on_target
    assert len(hard.long_sentences) == 2
    assert "Shorter sentences" in hard.verdict


def test_medical_words_allow_an_older_reader() -> None:
    assert measure(EASY).target == GENERAL
    assert measure(MEDICAL_WORDS).target == MEDICAL


def test_a_few_words_are_not_judged() -> None:
    short = measure("Rinse well.")

    assert not short.is_judged
    assert short.is_on_target
    assert short.verdict == "Too short to tell; aim for 9-11."


def test_nothing_at_all_can_be_measured() -> None:
    assert measure("").words == 0
