"""Read a WordPress export (WXR, an RSS file with WordPress's own elements) item by item.

Memory does not grow with the file: one item is held at a time. What could make a parser reach out,
swell or guess is refused: document types and entities, compressed files, texts without end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from blog.wordpress.items import Item, SiteFacts
from blog.wordpress.records import Fields, facts_of, item_of

PIECE = 256 * 1024
MOST_TEXT = 20 * 1024 * 1024
MOST_ITEM = 100 * 1024 * 1024
DEEPEST = 40

_PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK": "zip",
    b"BZ": "bzip2",
    b"\xfd7": "xz",
    b"(\xb5": "zstd",
    b"7z": "7z",
}
_WORDPRESS = "http://wordpress.org/export/"
_SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://wellformedweb.org/CommentAPI/": "wfw:",
    None: "",
}
# What stands beside the items and is worth keeping; each is read as a small record.
_RECORDS = {"wp:author", "wp:category", "wp:tag", "wp:term"}


class ExportRefused(ValueError):
    """The file is no WordPress export that can be trusted; the message says why."""


def read_facts(path: Path, tell: Callable[[int], None] = lambda _bytes: None) -> SiteFacts:
    """Read the whole file once, so that nothing is written of one that ends in the middle.

    :param tell: is told now and then how many bytes were read.
    :raises ExportRefused: if the file is damaged, hostile, or no export of WordPress.
    """
    facts = SiteFacts()
    for name, record in _records(path, tell):
        facts_of(facts, name, record)
    if not facts.wxr_version:
        raise ExportRefused("It is no WordPress export: it names no wp:wxr_version.")
    if not facts.address.startswith(("http://", "https://")):
        raise ExportRefused("It does not say which site it was exported from (wp:base_blog_url).")
    return facts


def read_items(path: Path, tell: Callable[[int], None] = lambda _bytes: None) -> Iterator[Item]:
    """Yield the items in the order of the file.

    :raises ExportRefused: as `read_facts` does.
    """
    for name, record in _records(path, tell):
        if name == "item":
            yield item_of(record)


def _records(path: Path, tell: Callable[[int], None]) -> Iterator[tuple[str, Fields]]:
    handler = _Records()
    parser: Any = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)  # noqa: FBT003
    parser.setContentHandler(handler)
    with _opened(path) as file, _refusals():
        read = 0
        while piece := file.read(PIECE):
            parser.feed(piece)
            read += len(piece)
            tell(read)
            yield from handler.taken()
        if not read:
            raise ExportRefused("The file is empty.")
        parser.close()
        yield from handler.taken()


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise ExportRefused(f"The file cannot be read: {error.strerror}.") from error
    with file:
        start = file.read(8)
        file.seek(0)
        for magic, name in _PACKED.items():
            if start.startswith(magic):
                raise ExportRefused(f"It is packed ({name}). Unpack it first: an export is XML.")
        yield file


@contextmanager
def _refusals() -> Iterator[None]:
    """Name what is wrong in words for the person who has the file."""
    try:
        yield
    except DefusedXmlException as error:
        raise ExportRefused(
            "It declares a document type or entities, which no WordPress export does."
        ) from error
    except SAXException as error:
        where = f" (line {error.getLineNumber()})" if isinstance(error, SAXParseException) else ""
        message = error.getMessage()
        raise ExportRefused(f"It is damaged or cut off{where}: {message}.") from error
    except (UnicodeError, LookupError) as error:
        raise ExportRefused(f"Its encoding cannot be read: {error}.") from error


class _Records(ContentHandler):
    """Gathers items, authors and terms; all else of the file is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self._done: list[tuple[str, Fields]] = []
        self._path: list[str] = []
        self._records: list[Fields] = []
        self._text: list[str] = []
        self._size = 0
        self._record_size = 0

    def taken(self) -> list[tuple[str, Fields]]:
        """What was completed since the last call."""
        done, self._done = self._done, []
        return done

    def startElementNS(self, name: Any, _qname: Any, attrs: Any) -> None:  # noqa: N802
        key = _key(*name)
        if len(self._path) >= DEEPEST:
            raise ExportRefused(f"It is nested more than {DEEPEST} elements deep.")
        if not self._path and key != "rss":
            raise ExportRefused("It is no WordPress export: its first element is not <rss>.")
        self._path.append(key)
        self._text, self._size = [], 0
        if self._records or self._begins_record(key):
            self._records.append(Fields({name[1]: value for name, value in attrs.items()}))

    def characters(self, content: str) -> None:
        self._size += len(content)
        self._record_size += len(content)
        if self._size > MOST_TEXT or self._record_size > MOST_ITEM:
            raise ExportRefused("It holds a text that is too long to be one.")
        self._text.append(content)

    def endElementNS(self, _name: Any, _qname: Any) -> None:  # noqa: N802
        key = self._path.pop()
        text = "".join(self._text)
        self._text, self._size = [], 0
        if self._records:
            record = self._records.pop()
            record.text = text
            self._keep(key, record)
        elif len(self._path) == 2:
            self._done.append((key, Fields({}, text)))
        if not self._records:
            self._record_size = 0

    def _begins_record(self, key: str) -> bool:
        return len(self._path) == 3 and (key == "item" or key in _RECORDS)

    def _keep(self, key: str, record: Fields) -> None:
        if self._records:
            self._records[-1].add(key, record)
        else:
            self._done.append((key, record))


def _key(space: str | None, local: str) -> str:
    if space is not None and space.startswith(_WORDPRESS):
        return f"excerpt:{local}" if space.endswith("/excerpt/") else f"wp:{local}"
    return f"{_SPACES.get(space, '?:')}{local}"
