"""Write a WordPress export of any size: `python -m tools.wordpress_export FILE [POSTS] [COMMENTS]`.

Posts are like those of a real blog: blocks of paragraphs, headings, lists, quotations and tables,
two categories and some tags each, links between posts, and comments in threads of three.
"""

import datetime as dt
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.blog.wordpress.exports import OLD, OldComment, OldPost, write_export

POSTS = 10_000
COMMENTS = 50_000
_TEXT = (
    "scalp gentle water lukewarm rinse calm dry oily flake itch sun hat brush comb session clinic "
    "cleanser serum balm week day morning evening hair root skin barrier rest sleep habit"
)
_WORDS = _TEXT.split()


def main() -> int:
    path = Path(sys.argv[1])
    posts = int(sys.argv[2]) if len(sys.argv) > 2 else POSTS
    comments = int(sys.argv[3]) if len(sys.argv) > 3 else posts * COMMENTS // POSTS
    write(path, posts=posts, comments=comments)
    print(f"{path}: {path.stat().st_size / 2**20:.0f} MB")
    return 0


def write(path: Path, *, posts: int, comments: int) -> None:
    """Write an export; the same numbers write the same file."""
    chance = random.Random(7)  # noqa: S311 (nothing secret)
    write_export(path, _posts(chance, posts, comments))


def _posts(chance: random.Random, posts: int, comments: int) -> Iterator[OldPost]:
    first, each = 1, comments // posts if posts else 0
    for number in range(1, posts + 1):
        day = dt.datetime(2012, 1, 1, 9, tzinfo=dt.UTC) + dt.timedelta(hours=9 * number)
        written = day.strftime("%Y-%m-%d %H:%M:%S")
        many = each + (1 if number <= comments - each * posts else 0)
        yield OldPost(
            number,
            _content(chance, number),
            title=f"{_sentence(chance, 5)} {number}",
            slug=f"post-{number}",
            excerpt=_sentence(chance, 20) if number % 2 else "",
            date=written,
            date_gmt=written,
            link=f"{OLD}/{day:%Y/%m}/post-{number}/",
            creator=chance.choice(["ada", "ben"]),
            terms=[
                ("category", "aftercare", "Aftercare"),
                ("post_tag", f"tag-{number % 50}", f"Tag {number % 50}"),
            ],
            comments=[_comment(chance, first + index, index) for index in range(many)],
        )
        first += many


def _comment(chance: random.Random, number: int, index: int) -> OldComment:
    return OldComment(
        number,
        text=_sentence(chance, 30),
        author=f"Reader {number % 5_000}",
        email=f"reader{number % 5_000}@example.com",
        parent=number - 1 if index % 3 else 0,
        approved="1" if number % 10 else "0",
    )


def _content(chance: random.Random, number: int) -> str:
    parts = []
    for section in range(4):
        parts.append(_block("heading", f"<h2>{_sentence(chance, 5)}</h2>"))
        parts += [_block("paragraph", f"<p>{_sentence(chance, 70)}</p>") for _ in range(2)]
        if section == 1:
            items = "".join(f"<li>{_sentence(chance, 8)}</li>" for _ in range(4))
            parts.append(_block("list", f"<ul>{items}</ul>"))
    link = f'<a href="{OLD}/?p={max(1, number - 1)}">the post before</a>'
    parts.append(_block("paragraph", f"<p>See {link}.</p>"))
    said = f"<blockquote><p>{_sentence(chance, 15)}</p><cite>Mira</cite></blockquote>"
    parts.append(_block("quote", said))
    return "\n\n".join(parts)


def _block(name: str, html: str) -> str:
    return f"<!-- wp:{name} -->\n{html}\n<!-- /wp:{name} -->"


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize() + "."


if __name__ == "__main__":
    sys.exit(main())
