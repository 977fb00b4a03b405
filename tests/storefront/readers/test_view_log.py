"""Which requests leave a line, and how lines are counted once each."""

import datetime as dt
import os
from collections import Counter
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
import pytest

from storefront.models import ViewLogMark
from storefront.readers import reading
from storefront.readers.view_log import ViewLog, ViewLogMiddleware, own_file

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
READER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"


@pytest.fixture
def log(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.VIEW_LOG = ""
    own_file().parent.mkdir()
    return own_file()


def ask(path: str, *, status: int = 200, method: str = "GET", **headers: str) -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status)

    request = RequestFactory().generic(method, path, headers={"User-Agent": READER, **headers})
    ViewLogMiddleware(answer)(request)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Collect what the reading hands on, instead of counting it."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "storefront.readers.reading.readership.note", lambda read: found.append(dict(read))
    )
    return found


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (200, "200 /scalp-guide/first/"),
        (304, "304 /scalp-guide/first/"),
        (404, "404 /scalp-guide/first/"),
    ],
)
def test_a_look_at_a_page_leaves_a_line_that_names_nobody(
    log: Path, status: int, line: str
) -> None:
    ask("/scalp-guide/first/?q=ada@example.com", status=status)

    [written] = log.read_text().splitlines()
    seconds, _, rest = written.partition(" ")
    assert seconds.isdigit()
    assert rest == line


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/scalp-guide/first/", "method": "HEAD"},
        {"path": "/scalp-guide/first/", "status": 302},
        {"path": "/scalp-guide/first/", "status": 500},
        {"path": "/admin/pages/"},
        {"path": "/static/css/base.css"},
        {"path": "/orders/secret-token/"},
        {"path": "/scalp-guide/%0A200/"},
        {"path": "/scalp-guide/first/", "User-Agent": "Googlebot/2.1"},
        {"path": "/scalp-guide/first/", "User-Agent": ""},
        {"path": "/scalp-guide/first/", "Sec-Purpose": "prefetch"},
    ],
)
def test_what_is_no_reader_looking_at_a_page_leaves_none(log: Path, asked: dict[str, Any]) -> None:
    ask(**asked)

    assert not log.exists()


def test_where_nginx_writes_the_lines_the_shop_writes_none(
    log: Path, settings, tmp_path: Path
) -> None:
    settings.VIEW_LOG = str(tmp_path / "nginx.log")

    ask("/scalp-guide/first/")

    assert not log.exists()


def test_a_log_that_was_moved_away_is_begun_anew(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.readers.view_log._LOOKED_AT_EVERY", -1.0)
    lines = ViewLog(log)
    lines.write(200, "/one/")
    log.rename(tmp_path / "old.log")
    lines.write(200, "/two/")

    assert log.read_text().endswith(" 200 /two/\n")
    assert (tmp_path / "old.log").read_text().endswith(" 200 /one/\n")


@pytest.mark.django_db
def test_each_line_is_counted_once_however_often_the_log_is_read(
    log: Path, counted: list[dict[str, Any]]
) -> None:
    day = dt.date(2026, 11, 23)
    log.write_text("1795424400 200 /a/\n1795424401.250 304 /a/\n1795424402 200 /b/\n17954")

    assert reading.count_new(at=NOW) == 3
    assert reading.count_new(at=NOW) == 0
    with log.open("a") as file:
        file.write("24403 200 /a/\n")
    assert reading.count_new(at=NOW) == 1

    total: Counter[Any] = Counter()
    for each in counted:
        total.update(each)
    assert total == {("/a/", day): 3, ("/b/", day): 1}


@pytest.mark.django_db
def test_a_new_file_is_read_from_its_beginning(
    log: Path, tmp_path: Path, counted: list[dict[str, Any]]
) -> None:
    log.write_text("1795424400 200 /a/\n1795424400 200 /a/\n")
    reading.count_new(at=NOW)
    log.rename(tmp_path / "old.log")
    log.write_text("1795424400 200 /b/\n")

    assert reading.count_new(at=NOW) == 1


@pytest.mark.django_db
def test_a_crash_while_counting_leaves_the_lines_to_be_counted(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write_text("1795424400 200 /a/\n")

    def crash(_read: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("storefront.readers.reading.readership.note", crash)
        with pytest.raises(RuntimeError, match="killed"):
            reading.count_new(at=NOW)

    assert not ViewLogMark.objects.filter(offset__gt=0).exists()
    assert reading.count_new(at=NOW) == 1


@pytest.mark.django_db
def test_garbage_is_passed_over(log: Path, counted: list[dict[str, Any]]) -> None:
    log.write_bytes(
        b"\xff\xfe\n200\nx 200 /a/\n1795424400 2x0 /a/\n99999999999999 200 /a/\n"
        b"1795424400 200 a\n1795424400 200 /a\x00/\n\n"
    )

    assert reading.count_new(at=NOW) == 8
    assert [each for each in counted if each] == []


@pytest.mark.django_db
def test_our_own_log_is_emptied_when_it_is_long_and_counted(
    log: Path, monkeypatch: pytest.MonkeyPatch, counted: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr("storefront.readers.reading.FULL_BYTES", 10)
    log.write_text("1795424400 200 /a/\n")

    reading.count_new(at=NOW)

    assert os.stat(log).st_size == 0  # noqa: PTH116
    assert ViewLogMark.objects.get().offset == 0
