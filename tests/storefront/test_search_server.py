"""The wiring to an OpenSearch server, against a small HTTP server that answers like one.

It keeps what it is sent and finds documents that hold a word; how well a real server ranks is
not what these tests can say.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import Client, override_settings
from wagtail.search.index import insert_or_update_object
import pytest

from storefront.settings.base import search_backends
from tests.catalog.factories import ProductPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
pytest.importorskip("opensearchpy")

DOWN = "http://127.0.0.1:1"


class SmallSearchServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.documents: dict[str, dict[str, Any]] = {}
        self.searches: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def found(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the documents of the kind asked for that hold every word of a query."""
        self.searches.append(body)
        kinds = set(_values(body, "_django_content_type"))
        words = {word for text in _values(body, "query") for word in text.lower().split()}
        return [
            document
            for document in self.documents.values()
            if kinds & set(document["_django_content_type"])
            and all(word in json.dumps(document).lower() for word in words)
        ]


class _Handler(BaseHTTPRequestHandler):
    server: SmallSearchServer

    def do_PUT(self) -> None:
        self.server.documents[self.path.rsplit("/", 1)[-1]] = self._body()
        self._answer({"result": "created"})

    def do_POST(self) -> None:
        hits = [
            {"_id": "x", "_score": 2.0, "fields": {"pk": [document["pk"]]}}
            for document in self.server.found(self._body())
        ]
        self._answer({"hits": {"hits": hits}})

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return body

    def _answer(self, data: dict[str, Any]) -> None:
        text = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _values(part: Any, key: str) -> Iterator[str]:
    """Yield every text under a key, however deep."""
    for name, value in part.items() if isinstance(part, dict) else enumerate(part):
        if name == key and isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from _values(value, key)


@pytest.fixture
def server() -> Iterator[SmallSearchServer]:
    small = SmallSearchServer()
    yield small
    small.shutdown()
    small.server_close()


def configured(url: str) -> override_settings:
    return override_settings(SEARCH_URL=url, WAGTAILSEARCH_BACKENDS=search_backends(url))


def titles(client: Client, q: str) -> list[str]:
    answer = client.get("/search/", {"q": q})
    assert answer.status_code == 200
    return [result.plain_title for result in answer.context.get("results", [])]


def test_one_variable_hands_searches_to_the_server(
    client: Client, server: SmallSearchServer
) -> None:
    """Pages are sent there when they are saved, and found there when they are searched."""
    with configured(server.url):
        ProductPageFactory.create(title="Quiet serum", slug="serum")
        assert "Quiet serum" in {document["title"] for document in server.documents.values()}

        assert titles(client, "serum") == ["Quiet serum"]
        assert titles(client, "balm") == []

    assert server.searches


def test_what_the_server_still_holds_but_nobody_may_see_is_left_out(
    client: Client, server: SmallSearchServer
) -> None:
    with configured(server.url):
        page = ProductPageFactory.create(title="Quiet serum", slug="serum")
        type(page).objects.filter(pk=page.pk).update(live=False)

        assert titles(client, "serum") == []


def test_without_an_answer_the_database_finds_it(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    page = ProductPageFactory.create(title="Quiet serum", slug="serum")

    with configured(DOWN):
        insert_or_update_object(page)
        assert titles(client, "serum") == ["Quiet serum"]

    assert "The search server does not answer" in caplog.text


def test_without_the_variable_the_database_alone_is_asked() -> None:
    assert {backend["BACKEND"] for backend in search_backends("").values()} == {
        "wagtail.search.backends.database"
    }
