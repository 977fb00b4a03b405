"""Files that the worker makes: once, for whoever asked and still may, deleted within a day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Permission
from django.test import Client
import pytest

from accounts.models import User
from cms.downloads import kinds, making
from cms.downloads.kinds import Kind, Piece
from cms.models import Download, DownloadPart, DownloadStatus
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def _letters(asked: str) -> Iterator[Piece]:
    for number, letter in enumerate(asked, start=1):
        yield Piece(letter.encode(), number, len(asked))


def _breaks(asked: str) -> Iterator[Piece]:
    yield Piece(asked.encode(), 1, 2)
    raise ValueError("no ink")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_KINDS", {})
    facts = ("letters.txt", "text/plain", "checkout.view_order")
    kinds.register(Kind("letters", "Letters", *facts, _letters))
    kinds.register(Kind("broken", "Broken", *facts, _breaks))


@pytest.fixture
def owner() -> User:
    user = UserFactory.create(is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_order", "access_admin"])
    user.user_permissions.set(rights)
    return User.objects.get(pk=user.pk)


def asked(owner: User, *, kind: str = "letters", words: str = "abc") -> Download:
    return making.ask(kind_name=kind, asked=words, by=owner, at=AT)


def test_a_file_is_made_once_and_holds_what_was_asked_for(owner: User) -> None:
    row = asked(owner)

    assert (making.work(at=AT), making.work(at=AT)) == (True, False)

    row.refresh_from_db()
    assert (row.status, row.done, row.total) == (DownloadStatus.READY, 3, 3)
    assert b"".join(making.content_of(row)) == b"abc"


def test_asking_again_while_it_is_made_asks_for_the_same(owner: User) -> None:
    first, second = asked(owner), asked(owner)

    assert first == second
    assert Download.objects.count() == 1


def test_nobody_asks_for_more_than_three_at_once(owner: User) -> None:
    for words in "abc":
        asked(owner, words=words)

    with pytest.raises(making.TooManyUnderWay):
        asked(owner, words="d")

    assert Download.objects.count() == 3


@pytest.mark.parametrize("kind", ["letters", "unheard of"])
def test_what_is_not_for_somebody_is_not_made(kind: str) -> None:
    stranger = UserFactory.create(is_staff=True)

    with pytest.raises(making.NotAllowed):
        asked(stranger, kind=kind)

    assert not Download.objects.exists()


def test_a_right_that_was_taken_meanwhile_makes_no_file(owner: User) -> None:
    row = asked(owner)
    owner.user_permissions.clear()

    making.work(at=AT)

    row.refresh_from_db()
    assert row.status == DownloadStatus.FAILED
    assert not DownloadPart.objects.exists()


def test_a_file_that_breaks_says_so_and_holds_up_none_behind_it(owner: User) -> None:
    broken, whole = asked(owner, kind="broken"), asked(owner)

    with pytest.raises(ValueError, match="no ink"):
        making.work(at=AT)
    making.work(at=AT)

    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.status, whole.status) == (DownloadStatus.FAILED, DownloadStatus.READY)


def test_a_worker_that_died_is_followed_by_another_once(owner: User) -> None:
    row = asked(owner)
    dead = {"status": DownloadStatus.WORKING, "tries": 1, "leased_until": AT + making.LEASE}
    Download.objects.filter(pk=row.pk).update(**dead)
    DownloadPart.objects.create(download=row, position=0, content=b"half")
    assert not making.work(at=AT)

    making.work(at=AT + making.LEASE)

    row.refresh_from_db()
    assert (row.status, row.tries) == (DownloadStatus.READY, 2)
    assert b"".join(making.content_of(row)) == b"abc"
    Download.objects.filter(pk=row.pk).update(**{**dead, "tries": 2})
    making.work(at=AT + making.LEASE)
    row.refresh_from_db()
    assert row.status == DownloadStatus.FAILED


def test_files_are_deleted_after_a_day(owner: User) -> None:
    asked(owner)
    making.work(at=AT)

    assert making.forget_old(at=AT + making.KEPT - timedelta(seconds=1)) == 0
    assert making.forget_old(at=AT + making.KEPT) == 1

    assert not DownloadPart.objects.exists()


def test_a_file_is_fetched_by_whoever_asked_for_it_alone(owner: User, client: Client) -> None:
    row = asked(owner)
    other = UserFactory.create(manager=True)
    client.force_login(owner)
    address = f"/admin/files/{row.pk}/"
    assert client.get(address).status_code == 404
    waiting = client.get("/admin/files/").content.decode()
    making.work(at=AT)

    ready, page = client.get(address), client.get("/admin/files/").content.decode()
    client.force_login(other)

    assert b"".join(ready.streaming_content) == b"abc"
    assert ready["Cache-Control"].startswith("private, no-store")
    assert ready["Content-Disposition"] == 'attachment; filename="letters.txt"'
    assert ('http-equiv="refresh"' in waiting, 'http-equiv="refresh"' in page) == (True, False)
    assert (client.get(address).status_code, address in page) == (404, True)
    assert address not in client.get("/admin/files/").content.decode()
    client.force_login(owner)
    owner.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    assert client.get(address).status_code == 404
