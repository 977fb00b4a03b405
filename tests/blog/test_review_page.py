"""What a professional sees behind their link, and what nobody else does."""

import re
from typing import Any

from django.test import Client
from django.utils import timezone
import pytest

from blog.models import Approval, ReviewRequest, ReviewStatus
from blog.review import requests
from blog.review.links import MISSES_ALLOWED, token_of
from tests.blog.clinic import Clinic, reload

pytestmark = pytest.mark.django_db
ANSWER = {
    "decision": "approve",
    "remarks": "",
    "next_review_on": "2099-01-01",
    "signed_as": "Dr. Ines Albrecht",
}


@pytest.fixture
def asked(clinic: Clinic) -> ReviewRequest:
    page = clinic.draft(intro="Read before anybody else.")
    return requests.request_review(
        page_id=page.pk,
        reviewer_id=clinic.reviewer.pk,
        message="Mind the <b>rinsing</b>.",
        by=clinic.marketer,
        at=timezone.now(),
    )


def link(asked: ReviewRequest) -> str:
    return f"/review/{token_of(asked.nonce)}/"


def test_the_reviewer_sees_the_draft_as_readers_would(client: Client, asked: ReviewRequest) -> None:
    answer = client.get(link(asked))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Read before anybody else." in html
    assert "<p>Rinse with lukewarm water.</p>" in html
    assert "Mind the &lt;b&gt;rinsing&lt;/b&gt;." in html
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert "application/ld+json" not in html
    assert "canonical" not in html
    assert not answer.cookies
    assert "style=" not in re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*src=)", html)


def test_the_draft_stays_unread_by_everybody_else(client: Client, asked: ReviewRequest) -> None:
    assert client.get("/scalp-guide/wash/").status_code == 404


def test_looking_changes_nothing(client: Client, asked: ReviewRequest) -> None:
    for method in ("get", "head"):
        getattr(client, method)(link(asked), ANSWER)

    asked.refresh_from_db()
    assert asked.status == ReviewStatus.WAITING


def test_a_reviewer_approves(client: Client, asked: ReviewRequest) -> None:
    answer = client.post(link(asked), ANSWER, follow=True)

    assert answer.redirect_chain == [("/review/thanks/", 303)]
    assert "your answer has arrived" in answer.content.decode()
    assert Approval.objects.get().by is None
    reload(asked.page).get_latest_revision().publish()
    assert client.get("/scalp-guide/wash/").status_code == 200


def test_a_reviewer_asks_for_changes_on_one_part(client: Client, asked: ReviewRequest) -> None:
    part = asked.revision.as_object().body[0].id
    told = {"decision": "changes", f"part-{part}": "How warm?", "next_review_on": ""}

    client.post(link(asked), ANSWER | told)

    asked.refresh_from_db()
    assert asked.status == ReviewStatus.CHANGES_ASKED
    assert asked.remarks_on_parts == {part: "How warm?"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signed_as": ""}, "Type your name to sign."),
        ({"signed_as": "Maren Holt"}, "Type your name as it stands here: Dr. Ines Albrecht."),
        ({"next_review_on": ""}, "This field is required."),
        ({"next_review_on": "2001-01-01"}, "The next review must be due on a later day"),
        ({"decision": "changes"}, "Say what should change."),
        ({"decision": ""}, "Choose one of the two buttons"),
        ({"decision": "publish"}, "not one of the available choices"),
        ({"remarks": "x" * 5000}, "at most 4000 characters"),
    ],
)
def test_a_wrong_answer_is_explained_and_kept(
    client: Client, asked: ReviewRequest, changes: dict[str, Any], words: str
) -> None:
    answer = client.post(link(asked), ANSWER | {"remarks": "Fine so far."} | changes)

    if "remarks" not in changes and changes.get("decision") != "changes":
        assert "Fine so far." in answer.content.decode()
        assert words in answer.content.decode()
    asked.refresh_from_db()
    assert asked.status == ReviewStatus.WAITING or changes.get("decision") == "changes"


def test_changes_without_a_word_are_explained(client: Client, asked: ReviewRequest) -> None:
    answer = client.post(link(asked), ANSWER | {"decision": "changes"})

    assert "Say what should change." in answer.content.decode()
    assert ReviewRequest.objects.waiting().count() == 1


def test_somebody_else_s_account_does_not_answer(
    client: Client, clinic: Clinic, asked: ReviewRequest
) -> None:
    client.force_login(clinic.other)

    answer = client.post(link(asked), ANSWER)

    assert "You are signed in here as somebody else." in answer.content.decode()
    assert Approval.objects.count() == 0


def test_the_reviewer_s_own_account_is_noted(
    client: Client, clinic: Clinic, asked: ReviewRequest
) -> None:
    clinic.reviewer.user = clinic.other
    clinic.reviewer.save()
    client.force_login(clinic.other)

    client.post(link(asked), ANSWER)

    assert Approval.objects.get().by == clinic.other


def expire(asked: ReviewRequest) -> None:
    ReviewRequest.objects.update(expires_at=timezone.now())


def use(asked: ReviewRequest) -> None:
    Client().post(link(asked), ANSWER)


def withdraw(asked: ReviewRequest) -> None:
    requests.withdraw(request_id=asked.pk, by=asked.requested_by, at=timezone.now())


def send_another(asked: ReviewRequest) -> None:
    requests.resend(request_id=asked.pk, by=asked.requested_by, at=timezone.now())


def change(asked: ReviewRequest) -> None:
    asked.revision.content["intro"] = "Cures everything."
    asked.revision.save()


@pytest.mark.parametrize("spoil", [expire, use, withdraw, send_another, change])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_over_is_not_told_from_none(
    client: Client, asked: ReviewRequest, spoil: Any, method: str
) -> None:
    spoil(asked)
    approvals = Approval.objects.count()

    over = getattr(client, method)(link(asked), ANSWER)
    none = getattr(client, method)(f"/review/{'a' * 43}/", ANSWER)

    assert over.status_code == none.status_code == 404
    assert over.content.replace(link(asked).encode(), b"") == none.content.replace(
        b"/review/" + b"a" * 43 + b"/", b""
    )
    assert Approval.objects.count() == approvals


@pytest.mark.parametrize("token", ["x", "a" * 44, "1", "%00" * 43, "é" * 43])
def test_what_is_no_token_leads_nowhere(client: Client, asked: ReviewRequest, token: str) -> None:
    assert client.get(f"/review/{token}/").status_code == 404
    assert client.get(f"/review/{asked.pk}/").status_code == 404
    assert client.get(f"/review/{asked.token_digest[:43]}/").status_code == 404
    assert client.get(f"/review/{asked.nonce}/").status_code == 404


def test_guessing_ends_early(client: Client, asked: ReviewRequest) -> None:
    for _ in range(MISSES_ALLOWED):
        client.get(f"/review/{'a' * 43}/")

    answer = client.get(link(asked))

    assert answer.status_code == 429
    assert answer["Retry-After"] == "300"


def test_a_forged_answer_is_refused(asked: ReviewRequest) -> None:
    forger = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})

    assert forger.post(link(asked), ANSWER).status_code == 403
    assert ReviewRequest.objects.waiting().count() == 1
