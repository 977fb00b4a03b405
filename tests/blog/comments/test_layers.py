"""The layers against robots, one by one."""

import datetime as dt
import http.client
import re
import time
import urllib.request
from typing import Any

from django.db import transaction
from django.test import RequestFactory
import pytest

from accounts.sealing import Unreadable
from blog.comments import stamps
from blog.comments.forms import CommentForm
from blog.models import CommentStatus, NetworkSalt, PostingCount, SpamWord
from blog.private_questions import WORDS
from blog.spam import akismet, judging, networks, rates, words
from tests.blog.comments.factories import AT, CommentFactory

SECOND = dt.timedelta(seconds=1)


# --- Stamps -----------------------------------------------------------------------------------


def test_a_stamp_holds_from_three_seconds_to_a_day() -> None:
    stamp = stamps.make(article_id=7, at=AT)

    with pytest.raises(stamps.TooFast):
        stamps.read(stamp, article_id=7, at=AT + 2 * SECOND)
    first = stamps.read(stamp, article_id=7, at=AT + 3 * SECOND)
    assert first == stamps.read(stamp, article_id=7, at=AT + dt.timedelta(hours=24))
    with pytest.raises(stamps.NoStamp):
        stamps.read(stamp, article_id=7, at=AT + dt.timedelta(hours=25))


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "x" * 100_000, "\x00", "é:é"])
def test_a_forged_stamp_is_none(forged: str) -> None:
    with pytest.raises(stamps.NoStamp):
        stamps.read(forged, article_id=7, at=AT)


def test_a_stamp_is_for_one_article() -> None:
    stamp = stamps.make(article_id=7, at=AT)

    with pytest.raises(stamps.NoStamp):
        stamps.read(stamp, article_id=8, at=AT + 5 * SECOND)


# --- Rates ------------------------------------------------------------------------------------

LIMIT = rates.Limit("test", 3, dt.timedelta(minutes=10))


@pytest.mark.django_db
def test_the_fourth_try_within_ten_minutes_is_one_too_many() -> None:
    for _ in range(3):
        rates.count([(LIMIT, "somebody")], at=AT)

    with pytest.raises(rates.TooMany) as refusal:
        rates.count([(LIMIT, "somebody")], at=AT + dt.timedelta(minutes=4))
    rates.count([(LIMIT, "somebody else")], at=AT)
    rates.count([(LIMIT, "somebody")], at=AT + dt.timedelta(minutes=10))

    assert refusal.value.seconds == 360
    assert "6 minutes" in str(refusal.value)


@pytest.mark.django_db
def test_counts_are_forgotten() -> None:
    rates.count([(LIMIT, "somebody")], at=AT)

    assert rates.forget(at=AT + dt.timedelta(days=1)) == 0
    assert rates.forget(at=AT + dt.timedelta(days=3)) == 1
    assert PostingCount.objects.count() == 0


# --- Networks ---------------------------------------------------------------------------------


def _origin(address: str, at: dt.datetime = AT) -> networks.Origin:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    return networks.origin_of(request, at=at)


@pytest.mark.django_db
def test_no_address_is_kept_and_another_day_has_another_name_for_it() -> None:
    today, tomorrow = _origin("203.0.113.7"), _origin("203.0.113.7", AT + dt.timedelta(days=1))

    assert today == _origin("203.0.113.7")
    assert today.address != tomorrow.address
    assert today.network != tomorrow.network
    assert re.fullmatch(r"[0-9a-f]{32}", today.address)
    assert re.fullmatch(r"[0-9a-f]{32}", today.network)
    assert NetworkSalt.objects.count() == 2
    assert networks.forget_salts(at=AT + dt.timedelta(days=5)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("203.0.113.7", "203.0.113.99", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::2", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:203.0.113.7", "203.0.113.8", True),
    ],
)
def test_neighbours_share_a_network(one: str, other: str, are_same: bool) -> None:
    assert (_origin(one).network == _origin(other).network) is are_same
    assert _origin(one).address != _origin(other).address


# --- Words ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_shop_knows_spam_from_a_question() -> None:
    spam = words.score("Great post! Visit my website for cheap backlinks and online casino bonus")
    question = words.score("How often should I use the clarifying wash in winter?")

    assert spam > 0.9
    assert question < 0.3


@pytest.mark.django_db
def test_the_scorer_learns_from_moderators_and_unlearns() -> None:
    text = "Zorbium pendants calm every scalp, ask for zorbium at our stall"
    before = words.score(text)
    for _ in range(4):
        words.learn(text, as_status=CommentStatus.SPAM)
    learned = words.score(text)
    for _ in range(4):
        words.learn(text, as_status=CommentStatus.APPROVED, instead_of=CommentStatus.SPAM)

    assert before < 0.9
    assert learned > 0.9
    assert words.score(text) < before
    assert SpamWord.objects.get(word="zorbium").in_spam == 0
    assert SpamWord.objects.get(word="zorbium").in_approved == 4


@pytest.mark.django_db
def test_a_rejected_comment_teaches_nothing() -> None:
    words.learn("Something else", as_status=CommentStatus.REJECTED)

    assert SpamWord.objects.count() == 0


# --- Judging ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        '<a href="http://x.example">here</a>',
        "[url=http://x.example]here[/url]",
        "one http://a.example two http://b.example three www.c.example",
        "< A HREF=x>",
        "<script>alert(1)</script>",
    ],
)
def test_markup_and_many_links_are_spam(text: str) -> None:
    verdict = judging.judge(name="Ana", text=text, at=AT)

    assert verdict.is_spam
    assert verdict.reasons


@pytest.mark.django_db
def test_one_link_is_noted_and_waits() -> None:
    verdict = judging.judge(
        name="Ana", text="Is it like the one at https://clinic.example/wash for fine hair?", at=AT
    )

    assert not verdict.is_spam
    assert verdict.reasons == ["1 link"]


@pytest.mark.django_db
def test_a_name_that_leads_somewhere_is_spam() -> None:
    assert judging.judge(name="cheap-pills.com", text="How nice to read this.", at=AT).is_spam


@pytest.mark.django_db
def test_the_same_words_again_are_spam_whatever_their_dress() -> None:
    text = "A most useful article about brushes, I will tell my sister."
    CommentFactory(text=text, fingerprint=judging.fingerprint(text))
    later = AT + dt.timedelta(days=1)

    again = judging.judge(name="B", text=text.upper().replace(" ", "  ") + "!!", at=later)
    much_later = judging.judge(name="B", text=text, at=AT + dt.timedelta(days=40))

    assert again.is_spam
    assert again.reasons == ["the same words as another comment"]
    assert not much_later.is_spam


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a-" * 50_000, "http://" * 14_000, "<" * 100_000, "[" * 100_000]
)
def test_a_hundred_thousand_characters_take_no_time(text: str) -> None:
    """R34: no rule runs away; and the form lets no such text through at all."""
    judging.fingerprint("warm")
    words.words_of("warm")
    began = time.process_time()

    judging.links_in(text)
    judging._MARKUP.search(text)
    judging.fingerprint(text)
    words.words_of(text)

    assert time.process_time() - began < 1.0
    form = CommentForm({"name": "A", "email": "a@example.com", "text": text})
    assert not form.is_valid()
    assert form.errors["text"] == ["Please stay within 5,000 characters."]


# --- Akismet ----------------------------------------------------------------------------------

ASKED = akismet.Asked("203.0.113.7", "Firefox", "Ana", "ana@example.com", "Hello", "http://x/")


class Answer:
    def __init__(self, body: bytes) -> None:
        self.body = body

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_what: object) -> None:
        return None

    def read(self, _length: int) -> bytes:
        return self.body


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note what would have left the shop; the answer is the last part of the text asked about."""
    made: list[Any] = []

    def urlopen(request: urllib.request.Request, *, timeout: float) -> Answer:
        made.append((request, timeout))
        data = bytes(request.data or b"")
        if b"down" in data:
            raise http.client.RemoteDisconnected("Gone.")
        if b"slow" in data:
            raise TimeoutError
        return Answer(b"true" if b"pills" in data else b"false" if b"Hello" in data else b"what")

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return made


def _asked(text: str) -> akismet.Asked:
    return akismet.Asked("203.0.113.7", "Firefox", "Ana", "ana@example.com", text, "http://x/")


def test_without_a_key_nobody_is_asked(requests: list[Any]) -> None:
    assert akismet.is_spam(ASKED) is None
    assert requests == []


@pytest.mark.parametrize(
    ("text", "opinion"),
    [("pills", True), ("Hello", False), ("odd", None), ("down", None), ("slow", None)],
)
def test_with_a_key_its_opinion_counts_and_its_silence_does_not(
    requests: list[Any], settings: Any, text: str, opinion: bool | None
) -> None:
    settings.AKISMET_API_KEY = "key"  # pragma: allowlist secret

    assert akismet.is_spam(_asked(text)) is opinion

    [(request, timeout)] = requests
    assert request.full_url == "https://rest.akismet.com/1.1/comment-check"
    assert timeout == 2.0


@pytest.mark.django_db
def test_it_is_never_asked_inside_a_transaction(requests: list[Any], settings: Any) -> None:
    settings.AKISMET_API_KEY = "key"  # pragma: allowlist secret

    with transaction.atomic(), pytest.raises(akismet.InsideTransaction):
        akismet.is_spam(ASKED)

    assert requests == []


# --- Sealing ----------------------------------------------------------------------------------


def test_a_sealed_text_tells_nothing_and_opens_again(settings: Any) -> None:
    sealed = WORDS.seal("I have psoriasis")
    old = settings.SECRET_KEY

    assert "psoriasis" not in sealed
    assert WORDS.unseal(sealed) == "I have psoriasis"
    assert WORDS.unseal("") == ""
    settings.SECRET_KEY = "another"
    with pytest.raises(Unreadable):
        WORDS.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert WORDS.unseal(sealed) == "I have psoriasis"
