"""An export is read item by item, and one that is damaged or hostile is refused."""

import gzip
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from blog.wordpress.reading import ExportRefused, read_facts, read_items
from tests.blog.wordpress.exports import GOOD, HEAD, OldComment, OldPost, write_export


def test_the_first_reading_tells_what_the_site_is(tmp_path: Path) -> None:
    picture = OldPost(9, kind="attachment", attachment_url="https://old.example/a.jpg", parent=1)
    path = write_export(tmp_path / "x.xml", [OldPost(1, comments=[OldComment(4)]), picture])

    facts = read_facts(path)

    assert (facts.title, facts.address) == ("The old scalp blog", "https://old.example")
    assert facts.authors["ada"].name == "Ada Lindqvist"
    assert facts.categories["aftercare"].description == "What to do after a session."
    assert facts.tags["sun"].name == "Sun"
    assert facts.attachments[9].url == "https://old.example/a.jpg"
    assert facts.counts == {"post: publish": 1, "attachment: publish": 1}
    assert facts.comment_count == 1


def test_items_come_with_all_that_was_exported(tmp_path: Path) -> None:
    post = OldPost(
        7,
        content="<p>One ]]> two 😀</p>",
        title="T &amp; T",
        terms=[("category", "basics", "Basics")],
        meta={"_thumbnail_id": "9"},
        comments=[OldComment(3, parent=2, approved="0")],
    )
    (item,) = read_items(write_export(tmp_path / "x.xml", [post]))

    assert (item.number, item.kind, item.status) == (7, "post", "publish")
    assert item.content == "<p>One ]]> two 😀</p>"
    assert item.terms[0].name == "Basics"
    assert item.meta == {"_thumbnail_id": "9"}
    assert (item.comments[0].parent, item.comments[0].approved) == (2, "0")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

REFUSED = {
    "empty": (b"", "empty"),
    "no xml": (b"hello", "damaged"),
    "another feed": (b"<rss><channel><title>x</title></channel></rss>", "wxr_version"),
    "another root": (b"<html/>", "first element"),
    "billion laughs": (
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]><rss>&l9;</rss>'.encode(),
        "document type",
    ),
    "one huge entity": (
        b'<!DOCTYPE rss [<!ENTITY a "'
        + b"a" * 100_000
        + b'">]><rss>'
        + b"&a;" * 10_000
        + b"</rss>",
        "document type",
    ),
    "an external entity": (
        b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss>&f;</rss>',
        "document type",
    ),
    "an external document type": (
        b'<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd"><rss/>',
        "document type",
    ),
    "an unknown entity": (GOOD.replace("<![CDATA[A post]]>", "&nbsp;").encode(), "damaged"),
    "cut off": (GOOD[: len(GOOD) // 2].encode(), "damaged"),
    "cut off at the very end": (GOOD.removesuffix("</rss>\n").encode(), "damaged"),
    "another encoding than it says": (GOOD.replace("A post", "\xe9").encode("latin-1"), "damaged"),
    "an encoding that nobody knows": (
        GOOD.replace('encoding="UTF-8"', 'encoding="klingon"').encode(),
        "encoding cannot be read",
    ),
    "a null character": (GOOD.replace("A post", "A\x00post").encode(), "damaged"),
    "a control character": (GOOD.replace("A post", "A\x0bpost").encode(), "damaged"),
    "packed": (gzip.compress(GOOD.encode()), "packed (gzip)"),
    "a bomb": (gzip.compress(b"\x00" * 10_000_000), "packed (gzip)"),
    "nested without end": (HEAD.encode() + b"<a>" * 100_000, "nested"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, name: str) -> None:
    content, why = REFUSED[name]
    path = tmp_path / "export.xml"
    path.write_bytes(content)

    with pytest.raises(ExportRefused, match=why.replace("(", r"\(").replace(")", r"\)")):
        read_facts(path)


def test_a_zip_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("export.xml", GOOD)

    with pytest.raises(ExportRefused, match="packed"):
        read_facts(tmp_path / "export.zip")
    with pytest.raises(ExportRefused, match="cannot be read"):
        read_facts(tmp_path / "none.xml")
    with pytest.raises(ExportRefused, match="cannot be read"):
        read_facts(tmp_path)


def test_a_text_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blog.wordpress.reading.MOST_TEXT", 10_000)
    path = write_export(tmp_path / "x.xml", [OldPost(1, content="x" * 20_000)])

    with pytest.raises(ExportRefused, match="too long"):
        read_facts(path)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    posts = (OldPost(number, content=f"<p>{'word ' * 2_000}</p>") for number in range(2_000))
    path = write_export(tmp_path / "big.xml", posts)
    assert path.stat().st_size > 20_000_000

    tracemalloc.start()
    assert sum(1 for _ in read_items(path)) == 2_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 5_000_000
