"""What a suitability check comes to: the one place that says clear, consult first or not now.

The questions are the clinic's own data; this only weighs answers, keeps nothing and tells nobody.
The gravest answer decides, so a red flag wins whatever else was said. Silence is never clear.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models

ADULT_AT = 18
UNDER_AGE = "We treat adults only, from 18 years."


class Outcome(models.TextChoices):
    """What a suitability check says, from the lightest to the gravest."""

    CLEAR = "CLEAR", "clear"
    CONSULT_FIRST = "CONSULT_FIRST", "consult first"
    NOT_NOW = "NOT_NOW", "not now"


GRAVITY = {outcome: gravity for gravity, outcome in enumerate(Outcome)}


class RuleSetRefused(ValueError):
    """These questions cannot be asked; the message says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that may be chosen; `explanation` is what the customer reads if it decides."""

    code: str
    label: str
    means: Outcome
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with all the answers it takes."""

    code: str
    text: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The questions of one treatment in one version.

    :raises RuleSetRefused: if a question could not be answered, told apart or explained.
    """

    version: int
    valid_days: int
    questions: tuple[Question, ...]

    @classmethod
    def read(cls, version: int, stored: Mapping[str, Any]) -> "RuleSet":
        """Return the questions as `stored` wrote them down.

        :raises RuleSetRefused: as always.
        """
        questions = tuple(
            Question(
                each["code"],
                each["text"],
                tuple(
                    Answer(**(answer | {"means": Outcome(answer["means"])}))
                    for answer in each["answers"]
                ),
            )
            for each in stored["questions"]
        )
        return cls(version=version, valid_days=stored["valid_days"], questions=questions)

    def in_words(self, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield every question with the words of its answer; empty if there is none."""
        for question in self.questions:
            answer = _chosen(question, answers)
            yield question.text, answer.label if answer else ""

    def stored(self) -> dict[str, Any]:
        """Return the questions as plain data; the version stands beside it."""
        facts = asdict(self)
        del facts["version"]
        return facts

    def __post_init__(self) -> None:
        if self.valid_days < 1:
            raise RuleSetRefused("An outcome must hold for a day at least.")
        if not self.questions:
            raise RuleSetRefused("A suitability check asks one question at least.")
        _check_told_apart([question.code for question in self.questions], "questions")
        for question in self.questions:
            _check_question(question)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the answers came to.

    `deciding` holds the codes of the questions that were as grave as the outcome, in their order;
    none if it is clear. `unanswered` holds those without an answer that the question takes.
    """

    outcome: Outcome
    deciding: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    is_under_age: bool = False


def evaluate(
    rule_set: RuleSet, answers: Mapping[str, str], *, born_on: dt.date | None, on: dt.date
) -> Finding:
    """Return what the answers mean on a day; `answers` maps a question's code to an answer's.

    Nobody under 18 and nobody not born yet is clear. Whoever does not say when they were born, or
    leaves a question open, is asked to consult first unless something graver was said.
    """
    chosen = {question.code: _chosen(question, answers) for question in rule_set.questions}
    unanswered = tuple(code for code, answer in chosen.items() if answer is None)
    said = {code: Outcome.CONSULT_FIRST if a is None else a.means for code, a in chosen.items()}
    outcome = _gravest([*said.values(), _age_means(born_on, on)])
    deciding = tuple(code for code, means in said.items() if means == outcome)
    return Finding(
        outcome=outcome,
        deciding=() if outcome == Outcome.CLEAR else deciding,
        unanswered=unanswered,
        is_under_age=_age_means(born_on, on) == Outcome.NOT_NOW,
    )


def explanations(rule_set: RuleSet, answers: Mapping[str, str], finding: Finding) -> list[str]:
    """Return what the customer reads of an outcome: why, for each answer that decided."""
    said = [
        answer.explanation
        for question in rule_set.questions
        if question.code in finding.deciding
        and (answer := _chosen(question, answers)) is not None
        and answer.explanation
    ]
    return [UNDER_AGE, *said] if finding.is_under_age else said


def age(born_on: dt.date, on: dt.date) -> int:
    """Return the full years on a day; who is born on 29 February is a year older on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _age_means(born_on: dt.date | None, on: dt.date) -> Outcome:
    if born_on is None:
        return Outcome.CONSULT_FIRST
    return Outcome.CLEAR if age(born_on, on) >= ADULT_AT else Outcome.NOT_NOW


def _chosen(question: Question, answers: Mapping[str, str]) -> Answer | None:
    code = answers.get(question.code)
    return next((answer for answer in question.answers if answer.code == code), None)


def _gravest(outcomes: list[Outcome]) -> Outcome:
    return max(outcomes, key=GRAVITY.__getitem__)


def _check_question(question: Question) -> None:
    _check_told_apart([answer.code for answer in question.answers], "answers")
    if not any(answer.means == Outcome.CLEAR for answer in question.answers):
        raise RuleSetRefused(f"Nobody could answer “{question.text}” and be clear.")
    for answer in question.answers:
        if answer.means != Outcome.CLEAR and not answer.explanation.strip():
            raise RuleSetRefused(f"“{answer.label}” to “{question.text}” needs an explanation.")


def _check_told_apart(codes: list[str], what: str) -> None:
    if len(set(codes)) != len(codes) or not all(codes):
        raise RuleSetRefused(f"Two {what} have the same code, or one has none.")
