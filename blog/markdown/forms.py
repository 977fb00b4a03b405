"""Each block of an article's body as Markdown; a block without a form here fails a test."""

from collections.abc import Callable, Iterable
from typing import Any

from wagtail.blocks import StreamValue

from blog.markdown import words
from blog.markdown.words import Surroundings

_LEVELS = {
    "non_urgent": "Advice",
    "urgent": "Urgent advice",
    "emergency": "Immediate action required",
}


class NoMarkdownForm(LookupError):
    """A block has no Markdown form."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"“{kind}” has no form in blog/markdown/forms.py.")


def body(stream: StreamValue, around: Surroundings) -> str:
    """A page body.

    :raises NoMarkdownForm: if it holds a block that nobody wrote a form for.
    """
    return words.joined(_form_of(block.block_type)(block.value, around) for block in stream)


def _form_of(kind: str) -> Callable[[Any, Surroundings], str]:
    if kind not in FORMS:
        raise NoMarkdownForm(kind)
    return FORMS[kind]


def _text(value: Any, around: Surroundings) -> str:
    return words.rich_text(value.source, around)


def _figure(value: Any, around: Surroundings) -> str:
    image = value["image"]
    if image is None:
        return words.line(value["caption"])
    alt = value["alt"] or image.default_alt_text
    credit = f"Picture: {words.line(image.credit)}" if image.credit else ""
    caption = " ".join(part for part in (words.line(value["caption"]), credit) if part)
    return words.joined([words.picture(alt, around.picture(image)), _emphasised(caption)])


def _steps(value: Any, around: Surroundings) -> str:
    steps = (
        words.joined([f"**{words.line(step['title'])}**", _optional(step["text"], around)])
        for step in value["steps"]
    )
    return words.joined([_heading(value["title"]), words.numbered(steps)])


def _do_dont(value: Any, _around: Surroundings) -> str:
    parts = [_heading(value["title"])]
    for name, title in (("do", "Do"), ("dont", "Do not")):
        if value[name]:
            parts += [f"### {title}", words.bullets(words.line(item) for item in value[name])]
    return words.joined(parts)


def _care_card(value: Any, around: Surroundings) -> str:
    title = f"**{_LEVELS[value['level']]}: {words.line(value['title'])}**"
    return words.quoted(words.joined([title, _text(value["text"], around)]))


def _callout(value: Any, around: Surroundings) -> str:
    title = f"**{words.line(value['title'])}**" if value["title"] else ""
    return words.quoted(words.joined([title, _text(value["text"], around)]))


def _faq(value: Any, around: Surroundings) -> str:
    parts = [_heading(value["title"])]
    for item in value["questions"]:
        parts += [f"### {words.line(item['question'])}", _text(item["answer"], around)]
    return words.joined(parts)


def _quote(value: Any, _around: Surroundings) -> str:
    who = ", ".join(words.line(each) for each in (value["attribution"], value["role"]) if each)
    said = "\\\n".join(words.line(row) for row in value["quote"].splitlines() if row.strip())
    return words.quoted(words.joined([said, f"— {who}" if who else ""]))


def _table(value: Any, _around: Surroundings) -> str:
    if not value:
        return ""
    heads = [words.cell(column["heading"]) for column in value.columns]
    rows = ([words.cell(str(cell.value)) for cell in row] for row in value.rows)
    return words.joined([words.table(heads, rows), _emphasised(words.line(value.caption))])


def _video(value: Any, _around: Surroundings) -> str:
    title = words.link(words.line(value["title"]), value["url"])
    said = [words.line(part) for part in (value["transcript"] or "").splitlines()]
    return words.joined([f"**Video:** {title}", words.line(value["summary"]), *said])


def _shown_page(kind: str) -> Callable[[Any, Surroundings], str]:
    """Lead to a page that the article shows as a card; say nothing of one that is not public."""

    def form(value: Any, around: Surroundings) -> str:
        page = value["page"]
        if page not in around.titles:
            return ""
        title = words.link(words.line(around.titles[page]), around.pages[page])
        note = words.line(value.get("note") or "")
        return words.quoted(words.joined([f"**{kind}:** {title}", note]))

    return form


def source(value: Any) -> str:
    """One source of an article, as the page names it."""
    title = words.link(words.line(value["title"]), value["url"] or "")
    rest = (value["publisher"], str(value["year"] or ""))
    return ", ".join([title, *(words.line(each) for each in rest if each)])


def sources(stream: Iterable[Any]) -> str:
    """The sources of an article with their heading; nothing without one."""
    told = [source(block.value) for block in stream]
    return words.joined(["## Sources", words.numbered(told)]) if told else ""


def _heading(title: str) -> str:
    return f"## {words.line(title)}" if title else ""


def _emphasised(text: str) -> str:
    return f"*{text}*" if text else ""


def _optional(rich: Any, around: Surroundings) -> str:
    return _text(rich, around) if rich else ""


FORMS: dict[str, Callable[[Any, Surroundings], str]] = {
    "text": _text,
    "figure": _figure,
    "steps": _steps,
    "do_dont": _do_dont,
    "care_card": _care_card,
    "callout": _callout,
    "faq": _faq,
    "quote": _quote,
    "table": _table,
    "video": _video,
    "product_card": _shown_page("Product"),
    "package_card": _shown_page("Sessions"),
    "treatment_card": _shown_page("Treatment"),
    "aftercare": _shown_page("Aftercare"),
}
