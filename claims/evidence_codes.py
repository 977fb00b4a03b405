"""What evidence a sentence names, and whether it carries the claim.

A sentence cites a study by its code in brackets: “31 % less visible flakes (GAL-2025-01)”.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_CODE = re.compile(r"[(\[]\s{0,3}([A-Z]{2,8}-[0-9]{1,4}(?:-[0-9]{1,4})?)\s{0,3}[)\]]")


def cites(text: str) -> list[str]:
    """The codes that a text cites."""
    return _CODE.findall(text)


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry of the evidence register, as far as the rules need it."""

    code: str
    valid_until: dt.date
    # Rules that it may answer for; any, where there are none.
    kinds: frozenset[str] = frozenset()
    # Products and treatments that it is about, in words; any, where there are none.
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proofs:
    """The evidence on record, seen on one day from one page."""

    register: Mapping[str, Proof] = field(default_factory=dict)
    on: dt.date = dt.date.min
    # What the text is about, such as the page's title.
    about: str = ""

    def named_in(self, sentence: str) -> list[str]:
        """The codes that a sentence cites."""
        return cites(sentence)

    def doubt(self, code: str, kind: str, sentence: str) -> str:
        """Why this evidence does not carry the claim; empty when it does."""
        proof = self.register.get(code)
        if proof is None:
            return f"{code} is not in the evidence register."
        if proof.valid_until < self.on:
            return f"{code} was good until {proof.valid_until:%-d %B %Y}."
        if proof.kinds and kind not in proof.kinds:
            return f"{code} does not cover this kind of claim."
        told = f"{self.about} {sentence}".casefold()
        if proof.subjects and not any(one.casefold() in told for one in proof.subjects):
            return f"{code} is about {', '.join(proof.subjects)}, which is not named here."
        return ""
