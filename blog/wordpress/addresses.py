"""Old addresses: which belong to the old site, and where they lead now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

_SIZED = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[a-zA-Z]{3,4}$)|-scaled(?=\.[a-zA-Z]{3,4}$)")
_UPLOADS = "/wp-content/uploads/"
_SAFE = {"http", "https", "mailto", "tel"}


@dataclass
class OldSite:
    """The site that is moved, and where its posts have gone.

    :ivar paths: new addresses by the old posts' paths, without the last slash.
    """

    address: str
    paths: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)

    def path_of(self, url: str) -> str | None:
        """The path of an address on the old site; nothing if it is elsewhere."""
        parts = _split(url)
        if parts is None or (parts.netloc and not self._is_own(parts.netloc)):
            return None
        return unquote(parts.path) or "/"

    def new_address(self, url: str) -> str:
        """Where a link of a post leads now: elsewhere as it was, to posts where they are now.

        Addresses of the old site that nothing took over are kept whole.
        """
        parts = _split(url)
        if parts is None or (parts.scheme and parts.scheme not in _SAFE):
            return ""
        path = self.path_of(url) if parts.scheme in {"", "http", "https"} else None
        if path is None or not (parts.netloc or url.startswith("/")):
            return url if parts.scheme or url.startswith("#") else self._whole(url)
        new = self.paths.get(path.rstrip("/")) or self._by_number(parts.query)
        if new is None:
            return self._whole(url)
        return f"{new}#{parts.fragment}" if parts.fragment else new

    def upload_path(self, url: str) -> str | None:
        """Where in the uploads folder a file is, such as `2024/03/wash.jpg`."""
        parts = _split(url)
        if parts is None or _UPLOADS not in parts.path:
            return None
        return unquote(parts.path.split(_UPLOADS, 1)[1])

    def _by_number(self, query: str) -> str | None:
        found = re.fullmatch(r"(?:p|page_id)=(\d{1,18})", query)
        return self.numbers.get(int(found[1])) if found else None

    def _is_own(self, host: str) -> bool:
        return _bare(host) == _bare(urlsplit(self.address).netloc)

    def _whole(self, url: str) -> str:
        if url.startswith("//"):
            return f"https:{url}"
        return f"{self.address}{url}" if url.startswith("/") else url


def full_size(url: str) -> str:
    """The address of a picture's whole file for that of one of its sizes (`-300x200`)."""
    return _SIZED.sub("", url)


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.").split(":")[0]


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None
