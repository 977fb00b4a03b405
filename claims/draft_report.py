"""All that the editor is told about the words of a page."""

from dataclasses import dataclass, field

from wagtail.models import Page

from claims import checking
from claims.engine import Finding
from claims.packs import Severity
from claims.readability import Readability, measure
from claims.texts import pieces_of

# Short texts such as titles say nothing about how a page reads.
_RUNNING_TEXT = 60


@dataclass
class CheckedSentence:
    """A sentence of the draft, where it stands, and what it breaks, the gravest first."""

    label: str
    text: str
    findings: list[Finding] = field(default_factory=list)
    is_allowed: bool = False

    @property
    def severity(self) -> Severity:
        return max(finding.severity for finding in self.findings)

    @property
    def css(self) -> str:
        """The class that colours it."""
        return "allowed" if self.is_allowed else self.severity.label

    @property
    def shown(self) -> list[Finding]:
        """One finding for each thing that is wrong, though two jurisdictions say so."""
        by_title = {finding.rule.title: finding for finding in reversed(self.findings)}
        return list(reversed(by_title.values()))

    def sources(self, title: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.rule.title == title]


@dataclass(frozen=True)
class DraftReport:
    """The sentences of a draft that break a rule, and how it reads."""

    sentences: list[CheckedSentence]
    readability: Readability

    @property
    def open_sentences(self) -> list[CheckedSentence]:
        """Those that keep the page from being published."""
        blocking = Severity.BLOCKING
        return [one for one in self.sentences if one.severity is blocking and not one.is_allowed]

    @property
    def numbers(self) -> dict[str, int]:
        """How many sentences there are of each severity."""
        return {
            severity.label: sum(one.severity is severity for one in self.sentences)
            for severity in (Severity.BLOCKING, Severity.WARNING, Severity.ADVICE)
        }


def draft_report(page: Page) -> DraftReport:
    """Read a draft as it stands."""
    found = checking.check_row(page)
    still_open = {one.finding.fingerprint for one in checking.not_allowed(page, found)}
    sentences: dict[str, CheckedSentence] = {}
    for one in found:
        sentence = one.finding.sentence
        sentences.setdefault(sentence, CheckedSentence(one.label, sentence))
        sentences[sentence].findings.append(one.finding)
    for checked in sentences.values():
        blocking = {one.fingerprint for one in checked.findings if one.is_blocking}
        checked.is_allowed = bool(blocking) and not blocking & still_open
        checked.findings.sort(key=lambda finding: -finding.severity)
    told = [piece.text for piece in pieces_of(page) if len(piece.text) > _RUNNING_TEXT]
    return DraftReport(
        sorted(sentences.values(), key=lambda one: -one.severity), measure("\n".join(told))
    )
