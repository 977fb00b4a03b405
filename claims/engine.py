"""Find the sentences of a text that break a rule."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.contexts import Context
from claims.evidence_codes import Proofs
from claims.packs import Book, Rule, Severity
from claims.patterns import Lines, Pattern, places
from claims.sentences import Sentence, sentences_of
from claims.words import Word, words_of

# A rule that has broken so often in one sentence has made its point.
_MOST = 8
# A sentence without end is looked at in stretches, so that time grows with its length alone.
_STRETCH = 256
_OVERLAP = 48
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that breaks a rule: where it stands, and which words do it."""

    rule: Rule
    severity: Severity
    sentence: str
    start: int
    end: int
    words: str
    note: str = ""

    @property
    def is_blocking(self) -> bool:
        return self.severity is Severity.BLOCKING

    @property
    def fingerprint(self) -> str:
        """What a reviewer's reason is bound to: this rule in exactly this sentence."""
        return fingerprint(rule=self.rule.key, sentence=self.sentence)


def fingerprint(*, rule: str, sentence: str) -> str:
    """Digest a rule's name and a sentence; only white space may differ."""
    told = f"{rule}\n{_SPACE.sub(' ', sentence).strip()}"
    return hashlib.sha256(told.encode()).hexdigest()


def check(text: str, book: Book, proofs: Proofs | None = None) -> list[Finding]:
    """Return what is wrong with a text, in the order of its sentences, the gravest first."""
    found: list[Finding] = []
    for sentence in sentences_of(text):
        found += sorted(
            _findings(sentence, text, book, proofs or Proofs()),
            key=lambda finding: (-finding.severity, finding.rule.key),
        )
    return found


def worst(findings: Sequence[Finding]) -> Severity:
    """The gravest severity among findings."""
    return max((finding.severity for finding in findings), default=Severity.NONE)


def _findings(sentence: Sentence, text: str, book: Book, proofs: Proofs) -> Iterator[Finding]:
    """Yield what is wrong with a sentence, each rule once."""
    words = words_of(text, sentence.start, sentence.end)
    found: set[str] = set()
    # The first stretch is looked at even if it is short; the others begin where one ended.
    for first in range(0, max(1, len(words) - _OVERLAP), _STRETCH - _OVERLAP):
        stretch = words[first : first + _STRETCH]
        for finding in _findings_in(stretch, sentence, text, book, proofs):
            if finding.rule.key not in found:
                found.add(finding.rule.key)
                yield finding


def _findings_in(
    words: Sequence[Word], sentence: Sentence, text: str, book: Book, proofs: Proofs
) -> Iterator[Finding]:
    lines = Lines(words, book.lexicon)
    context = Context(words, lines, book.language, is_question=sentence.is_question)
    for rule, patterns in book.patterns_within(lines):
        match = _match(rule, patterns, lines, context)
        if match is None:
            continue
        severity, note = _weigh(rule, context, proofs, sentence.text)
        if severity is not Severity.NONE:
            yield Finding(
                rule=rule,
                severity=severity,
                sentence=sentence.text,
                start=sentence.start,
                end=sentence.end,
                words=text[words[match[0]].start : words[match[1]].end],
                note=note,
            )


def _match(
    rule: Rule, patterns: Sequence[Pattern], lines: Lines, context: Context
) -> tuple[int, int] | None:
    """The first place where the rule is broken and nothing around excuses it."""
    for pattern in patterns:
        for end in places(lines.ends(pattern), _MOST):
            start = lines.start(pattern, end)
            if not _is_excused(rule, start, end, lines, context):
                return start, end
    return None


def _is_excused(rule: Rule, start: int, end: int, lines: Lines, context: Context) -> bool:
    if context.reports(start):
        return True
    if not rule.stands_denied and (context.denies(start) or context.excuses(start)):
        return True
    return any(
        lines.start(exception, last) <= end
        for exception in rule.exceptions
        for last in places(lines.ends(exception), _MOST)
        if last >= start
    )


def _weigh(rule: Rule, context: Context, proofs: Proofs, sentence: str) -> tuple[Severity, str]:
    """How much a match weighs, and what evidence that it names has to do with it."""
    if rule.takes_evidence and (codes := proofs.named_in(sentence)):
        doubts = [doubt for code in codes if (doubt := proofs.doubt(code, rule.id, sentence))]
        if len(doubts) < len(codes):
            return Severity.NONE, ""
        return rule.severity, " ".join(doubts)
    if context.only_asks():
        return min(rule.severity, Severity.ADVICE), "Make sure that the answer says no."
    return rule.severity, ""
