"""Turn the demo's Markdown into rich text and into the blocks of a page body.

A small dialect: headings, paragraphs, lists, **bold**, *italic*, [links](/path/), a backslash for
a line break, and fenced blocks such as ``:::callout Title`` … ``:::``.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any

Link = Callable[[str], str]
Block = dict[str, Any]

_HEADING = re.compile(r"(#{2,3}) (.+)")
_BULLET = re.compile(r"- (.+)")
_NUMBER = re.compile(r"\d+\. (.+)")
_STEP = re.compile(r"\*\*(.+?)\*\*\s*(.*)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"\*(.+?)\*")
_LEVELS = {"urgent": "urgent", "emergency": "emergency"}
# Blocks that show a page: ``:::product /shop/wash/…/`` and a line that says why.
_PAGES = {
    "product": "product_card",
    "package": "package_card",
    "treatment": "treatment_card",
    "aftercare": "aftercare",
}


class UnknownFence(ValueError):
    """A text opens a block of a kind that does not exist."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"“:::{kind}” is no block.")


def plain_href(path: str) -> str:
    """Write a link as an ordinary address."""
    return f'href="{escape(path)}"'


def inline(text: str, link: Link = plain_href) -> str:
    """Return one line as rich text."""
    html = escape(text, quote=False)
    html = _LINK.sub(lambda found: f"<a {link(found[2])}>{found[1]}</a>", html)
    html = _BOLD.sub(r"<b>\1</b>", html)
    html = _ITALIC.sub(r"<i>\1</i>", html)
    return html.replace("\\ ", "<br/>")


def rich_text(text: str, link: Link = plain_href) -> str:
    """Return paragraphs, lists and headings as rich text."""
    return "".join(_part(part, link) for part in re.split(r"\n\s*\n", text.strip()) if part)


def blocks(text: str, link: Link = plain_href) -> list[Block]:
    """Return a whole text as the stored blocks of a page body.

    :raises UnknownFence: if it opens a block of an unknown kind.
    """
    return [_block(kind, value) for kind, value in _pieces(text, link)]


def block(kind: str, value: Any) -> Block:
    """Return one block as the database stores it."""
    return _block(kind, value)


def items(values: Iterable[Any]) -> list[Block]:
    """Return the values of a list inside a block as the database stores them."""
    return [_block("item", value) for value in values]


def _block(kind: str, value: Any) -> Block:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def _pieces(text: str, link: Link) -> Iterator[tuple[str, Any]]:
    running: list[str] = []
    lines = iter(text.strip().splitlines())
    for line in lines:
        if not line.startswith(":::"):
            running.append(line)
            continue
        yield from _running_text(running, link)
        running = []
        kind, _, title = line.removeprefix(":::").partition(" ")
        inside = list(_until_closed(lines))
        if kind == "video":
            yield kind, _film(title.strip(), inside)
        else:
            fenced = _page_card if kind in _PAGES else _fenced
            yield fenced(kind, title.strip(), inside, link)
    yield from _running_text(running, link)


def _running_text(lines: list[str], link: Link) -> Iterator[tuple[str, Any]]:
    text = "\n".join(lines).strip()
    if text:
        yield "text", rich_text(text, link)


def _until_closed(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() == ":::":
            return
        if line.strip():
            yield line.strip()


def _fenced(kind: str, title: str, lines: list[str], link: Link) -> tuple[str, Any]:
    match kind:
        case "steps":
            return "steps", {"title": title, "steps": items(_step(line, link) for line in lines)}
        case "dodont":
            return "do_dont", {
                "title": title,
                "do": items(_after("do:", lines)),
                "dont": items(_after("dont:", lines)),
            }
        case "care":
            return "care_card", _care_card(title, "\n".join(lines), link)
        case "callout":
            text = rich_text("\n".join(lines), link)
            return "callout", {"kind": "note", "title": title, "text": text}
        case "faq":
            return "faq", _questions(title, lines, link)
        case "quote":
            quote = {"quote": " ".join(lines), "attribution": title, "role": ""}
            return "quote", quote
        case "table":
            return "table", _table(title, lines)
    raise UnknownFence(kind)


def _page_card(kind: str, path: str, lines: list[str], link: Link) -> tuple[str, Any]:
    note = {"note": " ".join(lines)} if lines else {}
    return _PAGES[kind], {"page": _page(path, link), **note}


def _page(path: str, link: Link) -> int | None:
    """Return the number of the page at a path, where links are written with numbers."""
    found = re.search(r'id="(\d+)"', link(path))
    return int(found[1]) if found else None


def _care_card(title: str, text: str, link: Link) -> Block:
    """Read the level from the first word: ``:::care urgent Title``; without one it can wait."""
    first, _, rest = title.partition(" ")
    level = _LEVELS.get(first, "non_urgent")
    return {
        "level": level,
        "title": rest if first in _LEVELS else title,
        "text": rich_text(text[:1].upper() + text[1:], link),
    }


def _step(line: str, link: Link) -> Block:
    numbered = _NUMBER.fullmatch(line)
    title, text = _STEP.fullmatch(numbered[1] if numbered else line).groups()  # type: ignore[union-attr]
    return {"title": title.rstrip("."), "text": f"<p>{inline(text, link)}</p>"}


def _after(word: str, lines: list[str]) -> list[str]:
    return [line.removeprefix(word).strip() for line in lines if line.startswith(word)]


def _questions(title: str, lines: list[str], link: Link) -> Block:
    questions = zip(_after("Q:", lines), _after("A:", lines), strict=True)
    return {
        "title": title or "Questions and answers",
        "questions": items(
            {"question": question, "answer": f"<p>{inline(answer, link)}</p>"}
            for question, answer in questions
        ),
    }


def _table(caption: str, lines: list[str]) -> Block:
    head, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {
        "columns": [{"type": "text", "heading": heading} for heading in head],
        "rows": [{"values": row} for row in rows],
        "caption": caption,
    }


def _film(url: str, lines: list[str]) -> Block:
    """Read a film's facts, one a line; its picture is a title, which whoever stores it looks up."""
    facts = dict(line.split(": ", 1) for line in lines)
    return {
        "url": url,
        "title": facts["title"],
        "image": facts["picture"],
        "minutes": int(facts["minutes"]),
        "summary": facts["summary"],
        "has_captions": False,
        "transcript": facts["transcript"],
    }


def _part(part: str, link: Link) -> str:
    lines = [line.strip() for line in part.splitlines()]
    heading = _HEADING.fullmatch(lines[0])
    if heading:
        level = len(heading[1])
        return f"<h{level}>{inline(heading[2], link)}</h{level}>"
    for pattern, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if pattern.fullmatch(lines[0]):
            items = "".join(f"<li>{_item(pattern, line, link)}</li>" for line in lines)
            return f"<{tag}>{items}</{tag}>"
    return f"<p>{inline(' '.join(lines), link)}</p>"


def _item(pattern: re.Pattern[str], line: str, link: Link) -> str:
    return inline(pattern.sub(r"\1", line), link)
