"""Shows which words of a sentence break a rule."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import template
from django.urls import NoReverseMatch, reverse

from claims.engine import Finding

register = template.Library()


class Part(NamedTuple):
    """A stretch of a sentence, marked where a rule is broken."""

    text: str
    is_marked: bool


@register.simple_tag(takes_context=True)
def draft_check_url(context: Mapping[str, Any]) -> str:
    """Where the checks panel of the page editor finds what is said of the draft."""
    page = context.get("page")
    if page is None:
        return ""
    if page.pk:
        return reverse("claims:draft", args=[page.pk])
    match = context["request"].resolver_match
    try:
        return reverse("claims:new_draft", kwargs=match.kwargs)
    except NoReverseMatch:
        return ""


@register.filter
def parts_of(sentence: str, findings: Sequence[Finding]) -> list[Part]:
    """Cut a sentence at the words that break a rule; what overlaps is marked once."""
    marked = sorted(
        (start, start + len(finding.words))
        for finding in findings
        if (start := sentence.find(finding.words)) >= 0
    )
    parts, place = [], 0
    for start, end in marked:
        if start < place:
            continue
        parts.append(Part(sentence[place:start], is_marked=False))
        parts.append(Part(sentence[start:end], is_marked=True))
        place = end
    parts.append(Part(sentence[place:], is_marked=False))
    return [part for part in parts if part.text]
