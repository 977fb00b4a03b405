"""The statement on paper: every entry in words, and the signed file attached."""

import datetime as dt
import json
import re
import zlib

from django.test import Client
import pytest

from storefront.account import statement_pdf
from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, SessionPassFactory
from tools.verify_statement import verify
from treatments import ledger, statement_keys
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=3, minutes=5)


@pytest.fixture
def own() -> SessionPass:
    row: SessionPass = SessionPassFactory.create(
        owner=UserFactory.create(), sold=ledger.Sold(package_name="Six sessions")
    )
    ledger.redeem(pass_id=row.pk, reference="visit:1", by=None, at=LATER)
    ledger.hold(pass_id=row.pk, reference="visit:2", reason="Kept for you", by=None, at=LATER)
    return SessionPass.objects.get(pk=row.pk)


def test_it_says_what_the_pass_says_the_oldest_entry_first(own: SessionPass) -> None:
    paper = statement_pdf.paper_of(own, at=LATER)

    facts = dict(paper.facts)
    assert facts["Sold as"] == "Six sessions"
    assert facts["Sessions left"] == "5, of which 1 set aside"
    assert facts["Last day"] == "1 March 2027"
    assert facts["Made on"] == "4 March 2026, 13:05"
    assert paper.rows == (
        ("1 Mar 2026, 13:00", "Sessions added: Bought with an order", "+6", "6"),
        ("4 Mar 2026, 13:05", "Redeemed: Session at the clinic", "\N{MINUS SIGN}1", "5"),
        ("4 Mar 2026, 13:05", "Set aside: Kept for you", "", "5"),
    )
    newest = own.entries.order_by("pk").last()
    assert newest is not None
    assert paper.check[-1] == f"Hash of the last entry: {newest.entry_hash}"


def test_it_tells_how_the_attached_file_is_checked_and_the_file_is_genuine(
    own: SessionPass,
) -> None:
    paper = statement_pdf.paper_of(own, at=LATER)

    command = f"python -m tools.verify_statement {paper.attached_name} galea-statement-keys.json"
    assert command in paper.check
    said = json.loads(paper.attached)
    assert "3 entries" in verify(said, statement_keys.public_keys())


def test_the_same_paper_is_drawn_as_the_same_bytes_with_the_file_in_it(own: SessionPass) -> None:
    paper = statement_pdf.paper_of(own, at=LATER)

    first, again = (statement_pdf.drawn(paper, at=LATER) for _ in range(2))

    assert first == again
    assert first.startswith(b"%PDF-")
    assert paper.attached in _streams(first)


def _streams(pdf: bytes) -> list[bytes]:
    """The contents of a file's streams, unpacked where they are packed."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return [_unpacked(stream) for stream in found]


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def test_it_is_its_owners_alone(client: Client, own: SessionPass) -> None:
    address = f"/account/passes/{own.public_id}/statement.pdf"
    assert client.get(address).status_code == 302
    client.force_login(UserFactory.create())
    assert client.get(address).status_code == 404

    assert own.owner is not None
    client.force_login(own.owner)
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF-")
