"""What answers mean: the gravest decides, and silence is never clear."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.suitability import (
    GRAVITY,
    Answer,
    Finding,
    Outcome,
    Question,
    RuleSet,
    RuleSetRefused,
    age,
    evaluate,
)

TODAY = dt.date(2027, 3, 10)
ADULT = dt.date(1990, 1, 1)
NO = Answer("no", "No", Outcome.CLEAR)
SCALP = Question(
    "scalp",
    "Is your scalp broken or weeping?",
    (NO, Answer("yes", "Yes", Outcome.NOT_NOW, "Let it heal first.")),
)
THINNERS = Question(
    "thinners",
    "Do you take blood thinners?",
    (NO, Answer("yes", "Yes", Outcome.CONSULT_FIRST, "A clinician looks at this with you.")),
)
RULES = RuleSet(version=1, valid_days=90, questions=(SCALP, THINNERS))


@pytest.mark.parametrize(
    ("answers", "born_on", "finding"),
    [
        ({"scalp": "no", "thinners": "no"}, ADULT, Finding(Outcome.CLEAR)),
        (
            {"scalp": "no", "thinners": "yes"},
            ADULT,
            Finding(Outcome.CONSULT_FIRST, deciding=("thinners",)),
        ),
        (
            {"scalp": "yes", "thinners": "no"},
            ADULT,
            Finding(Outcome.NOT_NOW, deciding=("scalp",)),
        ),
        (
            {"scalp": "yes", "thinners": "yes"},
            ADULT,
            Finding(Outcome.NOT_NOW, deciding=("scalp",)),
        ),
        (
            {"scalp": "yes"},
            ADULT,
            Finding(Outcome.NOT_NOW, deciding=("scalp",), unanswered=("thinners",)),
        ),
        (
            {"scalp": "no"},
            ADULT,
            Finding(Outcome.CONSULT_FIRST, deciding=("thinners",), unanswered=("thinners",)),
        ),
        (
            {"scalp": "no", "thinners": "perhaps"},
            ADULT,
            Finding(Outcome.CONSULT_FIRST, deciding=("thinners",), unanswered=("thinners",)),
        ),
        (
            {},
            ADULT,
            Finding(
                Outcome.CONSULT_FIRST,
                deciding=("scalp", "thinners"),
                unanswered=("scalp", "thinners"),
            ),
        ),
        ({"scalp": "no", "thinners": "no"}, None, Finding(Outcome.CONSULT_FIRST)),
        (
            {"scalp": "no", "thinners": "no"},
            dt.date(2009, 3, 11),
            Finding(Outcome.NOT_NOW, is_under_age=True),
        ),
        ({"scalp": "no", "thinners": "no"}, dt.date(2009, 3, 10), Finding(Outcome.CLEAR)),
        (
            {"scalp": "no", "thinners": "no"},
            dt.date(2027, 3, 11),
            Finding(Outcome.NOT_NOW, is_under_age=True),
        ),
    ],
)
def test_answers_mean_what_the_table_says(
    answers: dict[str, str], born_on: dt.date | None, finding: Finding
) -> None:
    assert evaluate(RULES, answers, born_on=born_on, on=TODAY) == finding


@pytest.mark.parametrize(
    ("on", "years"),
    [(dt.date(2026, 2, 28), 17), (dt.date(2026, 3, 1), 18)],
)
def test_a_leap_day_child_is_a_year_older_on_the_first_of_march(on: dt.date, years: int) -> None:
    assert age(dt.date(2008, 2, 29), on) == years


def _rule_sets() -> st.SearchStrategy[RuleSet]:
    meanings = st.lists(st.sampled_from(Outcome), max_size=3)
    return st.lists(meanings, min_size=1, max_size=5).map(
        lambda all_meanings: RuleSet(
            version=1,
            valid_days=1,
            questions=tuple(
                Question(
                    f"q{number}",
                    f"Question {number}?",
                    (NO, *(Answer(f"a{i}", "Yes", m, "Why.") for i, m in enumerate(meanings))),
                )
                for number, meanings in enumerate(all_meanings)
            ),
        )
    )


@st.composite
def _asked(draw: st.DrawFn) -> tuple[RuleSet, dict[str, str]]:
    rules = draw(_rule_sets())
    codes = st.sampled_from([f"q{number}" for number in range(6)])
    said = st.sampled_from(["no", "a0", "a1", "a2", "", "unheard of"])
    return rules, draw(st.dictionaries(codes, said))


@given(asked=_asked(), born_on=st.none() | st.dates(max_value=TODAY))
def test_the_gravest_answer_always_decides(
    asked: tuple[RuleSet, dict[str, str]], born_on: dt.date | None
) -> None:
    rules, answers = asked

    finding = evaluate(rules, answers, born_on=born_on, on=TODAY)

    for question in rules.questions:
        for answer in question.answers:
            if answers.get(question.code) == answer.code:
                assert GRAVITY[finding.outcome] >= GRAVITY[answer.means]


@given(asked=_asked(), born_on=st.none() | st.dates(max_value=TODAY))
def test_clear_needs_a_grown_up_and_a_clear_answer_to_every_question(
    asked: tuple[RuleSet, dict[str, str]], born_on: dt.date | None
) -> None:
    rules, answers = asked
    all_clear = all(
        any(a.code == answers.get(q.code) and a.means == Outcome.CLEAR for a in q.answers)
        for q in rules.questions
    )
    is_adult = born_on is not None and age(born_on, TODAY) >= 18

    finding = evaluate(rules, answers, born_on=born_on, on=TODAY)

    assert (finding.outcome == Outcome.CLEAR) == (all_clear and is_adult)


@pytest.mark.parametrize(
    ("questions", "valid_days", "message"),
    [
        ((), 1, "A suitability check asks one question at least."),
        ((SCALP,), 0, "An outcome must hold for a day at least."),
        ((SCALP, SCALP), 1, "Two questions have the same code, or one has none."),
        (
            (Question("q", "Well?", (NO, NO)),),
            1,
            "Two answers have the same code, or one has none.",
        ),
        ((Question("q", "Well?", ()),), 1, "Nobody could answer “Well?” and be clear."),
        (
            (Question("q", "Well?", (NO, Answer("yes", "Yes", Outcome.NOT_NOW, " "))),),
            1,
            "“Yes” to “Well?” needs an explanation.",
        ),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(
    questions: tuple[Question, ...], valid_days: int, message: str
) -> None:
    with pytest.raises(RuleSetRefused) as refusal:
        RuleSet(version=1, valid_days=valid_days, questions=questions)

    assert str(refusal.value) == message
