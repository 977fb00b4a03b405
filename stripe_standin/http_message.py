"""What one HTTP request and one HTTP answer look like to the stand-in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


@dataclass(frozen=True)
class Request:
    """One request; header names are lower case, the query is still encoded."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def wants_json(self) -> bool:
        """Return whether the caller asked for JSON rather than for a page."""
        return JSON_TYPE in self.headers.get("accept", "")

    @property
    def is_foreign(self) -> bool:
        """Return whether a browser sent this from another site's page."""
        if self.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            return True
        origin = self.headers.get("origin")
        return origin is not None and urlsplit(origin).netloc != self.headers.get("host")


@dataclass(frozen=True)
class Response:
    """One answer, complete with its body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def reason(self) -> str:
        """Return the words that go with the status number."""
        return HTTPStatus(self.status).phrase


def json_response(
    body: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer JSON, indented as Stripe does."""
    payload = json.dumps(body, indent=2).encode()
    return Response(status, {"Content-Type": JSON_TYPE, **(headers or {})}, payload)


def origin_of(url: str | None) -> str | None:
    """Return scheme, host and port of a URL, or None when it has no plain web origin."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if ORIGIN.fullmatch(origin) else None
