"""What moderators do, in the admin and by the links of their mails."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from blog.comments import links, mails, moderation, reporting, subscriptions
from blog.comments.links import Act, Decision, ReplyWish, Wish
from blog.models import (
    Comment,
    CommentReport,
    CommentStatus,
    PrivateQuestion,
    ReplySubscription,
    SpamWord,
)
from blog.private_questions import WORDS
from blog.spam import rates
from blog.spam.networks import Origin
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.blog.comments.factories import AT, ORIGIN, CommentFactory, moderator, staff
from tests.blog.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db
VERBS = {
    "APPROVED": moderation.approve,
    "REJECTED": moderation.reject,
    "SPAM": moderation.mark_spam,
}


@pytest.fixture
def mo() -> User:
    return moderator(name="Mo Green")


@pytest.fixture
def desk(client: Client, mo: User) -> Client:
    client.force_login(mo)
    return client


# --- The table --------------------------------------------------------------------------------


@pytest.mark.parametrize("was", CommentStatus.values)
@pytest.mark.parametrize("to", sorted(VERBS))
def test_the_table_decides_what_may_follow(mo: User, was: str, to: str) -> None:
    comment = CommentFactory(status=was)

    if to in moderation.NEXT[CommentStatus(was)]:
        VERBS[to](comment_id=comment.pk, by=mo, at=AT)
        comment.refresh_from_db()
        assert (comment.status, comment.decided_by, comment.decided_at) == (to, mo, AT)
    else:
        with pytest.raises(moderation.TransitionRefused):
            VERBS[to](comment_id=comment.pk, by=mo, at=AT)
        comment.refresh_from_db()
        assert (comment.status, comment.decided_by) == (was, None)


def test_decisions_teach_the_scorer_and_take_it_back(mo: User) -> None:
    comment = CommentFactory(waiting=True, text="Zorbium is wonderful")

    moderation.approve(comment_id=comment.pk, by=mo, at=AT)
    assert SpamWord.objects.get(word="zorbium").in_approved == 1
    moderation.mark_spam(comment_id=comment.pk, by=mo, at=AT)

    word = SpamWord.objects.get(word="zorbium")
    assert (word.in_approved, word.in_spam) == (0, 1)


def test_a_reply_is_public_at_once_and_approves_what_it_answers(mo: User) -> None:
    comment = CommentFactory(waiting=True)

    answer = moderation.reply(comment_id=comment.pk, text="  Two days.  ", by=mo, at=AT)

    comment.refresh_from_db()
    assert comment.status == CommentStatus.APPROVED
    assert (answer.parent, answer.text, answer.name) == (comment, "Two days.", "Mo Green")
    assert answer.is_from_staff
    assert answer.staff_author == mo


@pytest.mark.parametrize(
    "text",
    ["", "   ", "x" * 5_001, "pay to 4242 4242 4242 4242", "Our serum regrows hair in a month."],
)
def test_a_reply_that_cannot_be_published_is_refused_and_changes_nothing(
    mo: User, text: str
) -> None:
    comment = CommentFactory(waiting=True)

    with pytest.raises(moderation.ReplyRefused):
        moderation.reply(comment_id=comment.pk, text=text, by=mo, at=AT)

    comment.refresh_from_db()
    assert comment.status == CommentStatus.WAITING
    assert Comment.objects.count() == 1


def test_a_claim_of_the_clinic_that_came_from_elsewhere_is_not_approved(mo: User) -> None:
    claim = "Our serum regrows hair in a month."
    ours = CommentFactory(waiting=True, text=claim, is_from_staff=True)
    readers = CommentFactory(waiting=True, text=claim)

    with pytest.raises(moderation.TransitionRefused, match="regrows"):
        moderation.approve(comment_id=ours.pk, by=mo, at=AT)
    moderation.approve(comment_id=readers.pk, by=mo, at=AT)

    ours.refresh_from_db()
    assert ours.status == CommentStatus.WAITING


def test_spam_is_not_answered(mo: User) -> None:
    comment = CommentFactory(spam=True)

    with pytest.raises(moderation.TransitionRefused):
        moderation.reply(comment_id=comment.pk, text="Two days.", by=mo, at=AT)

    assert Comment.objects.count() == 1


# --- Being told -------------------------------------------------------------------------------


def _subscribed(comment: Comment, **fields: Any) -> ReplySubscription:
    return ReplySubscription.objects.create(comment=comment, asked_at=AT, **fields)


def test_a_reply_is_told_to_whoever_confirmed_and_to_nobody_else(mo: User) -> None:
    root = CommentFactory(email="ana@example.com")
    other = CommentFactory(article=root.article, parent=root, email="ben@example.com")
    unproved = CommentFactory(article=root.article, parent=root, email="eve@example.com")
    _subscribed(root, confirmed_at=AT)
    _subscribed(other, confirmed_at=AT, ended_at=AT)
    _subscribed(unproved)

    answer = moderation.reply(comment_id=root.pk, text="Two days.", by=mo, at=AT)
    subscriptions.tell_of(answer, at=AT)

    [mail] = OutboundMail.objects.all()
    assert (mail.to, mail.event) == ("ana@example.com", "comment_replied")


def test_confirming_late_tells_of_what_came_meanwhile(mo: User) -> None:
    root = CommentFactory(email="ana@example.com")
    subscription = _subscribed(root)
    later = AT + dt.timedelta(hours=1)
    moderation.reply(comment_id=root.pk, text="Two days.", by=mo, at=later)
    assert OutboundMail.objects.count() == 0

    for _ in range(2):
        subscriptions.confirm(subscription_id=subscription.pk, at=later)

    assert OutboundMail.objects.get().to == "ana@example.com"


@pytest.mark.parametrize("taken", ["the reply", "what it answers"])
def test_a_reply_that_was_taken_away_is_told_to_nobody_any_more(mo: User, taken: str) -> None:
    root = CommentFactory()
    _subscribed(root, confirmed_at=AT)
    gone = moderation.reply(comment_id=root.pk, text="Two days.", by=mo, at=AT)
    elsewhere = CommentFactory()
    _subscribed(elsewhere, confirmed_at=AT)
    stays = moderation.reply(comment_id=elsewhere.pk, text="Two weeks.", by=mo, at=AT)

    moderation.reject(comment_id=gone.pk if taken == "the reply" else root.pk, by=mo, at=AT)

    [mail] = OutboundMail.objects.all()
    assert mail.context["reply"] == stays.pk


def test_a_reply_that_is_public_again_is_told_of_again(mo: User) -> None:
    root = CommentFactory()
    _subscribed(root, confirmed_at=AT)
    answer = moderation.reply(comment_id=root.pk, text="Two days.", by=mo, at=AT)
    moderation.reject(comment_id=answer.pk, by=mo, at=AT)

    moderation.approve(comment_id=answer.pk, by=mo, at=AT)

    assert OutboundMail.objects.get().context["reply"] == answer.pk


def test_whoever_stops_gets_nothing_of_what_waits(mo: User) -> None:
    root = CommentFactory()
    other = CommentFactory(article=root.article, parent=root)
    own, others = _subscribed(root, confirmed_at=AT), _subscribed(other, confirmed_at=AT)
    moderation.reply(comment_id=root.pk, text="Two days.", by=mo, at=AT)

    subscriptions.end(subscription_id=own.pk, at=AT)

    [mail] = OutboundMail.objects.all()
    assert mail.context["subscription"] == others.pk


def test_links_of_readers_confirm_and_end_by_a_button(client: Client) -> None:
    subscription = _subscribed(CommentFactory())
    now = timezone.now()
    confirm = links.replies_url(ReplyWish(subscription.pk, Wish.CONFIRM), at=now)
    stop = links.replies_url(ReplyWish(subscription.pk, Wish.STOP), at=now)

    assert client.get(confirm).status_code == client.get(stop).status_code == 200
    subscription.refresh_from_db()
    assert (subscription.confirmed_at, subscription.ended_at) == (None, None)
    assert client.post(confirm, headers=ORIGIN).status_code == 200
    subscription.refresh_from_db()
    assert subscription.confirmed_at is not None
    answer = client.post(stop, headers=ORIGIN)

    subscription.refresh_from_db()
    assert subscription.ended_at is not None
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_link_to_confirm_grows_old_and_one_to_end_does_not(client: Client) -> None:
    subscription = _subscribed(CommentFactory())
    old = timezone.now() - dt.timedelta(days=31)

    confirm = links.replies_url(ReplyWish(subscription.pk, Wish.CONFIRM), at=old)
    stop = links.replies_url(ReplyWish(subscription.pk, Wish.STOP), at=old)

    assert client.get(confirm).status_code == 410
    assert client.get(stop).status_code == 200


# --- Links of moderators ----------------------------------------------------------------------


def _link(comment: Comment, user: User, act: Act = Act.APPROVE, **ago: int) -> str:
    made_at = timezone.now() - dt.timedelta(**ago)
    return links.decision_url(Decision(comment.pk, user.pk, act), at=made_at)


@pytest.mark.parametrize(
    ("act", "status"), [(Act.APPROVE, "APPROVED"), (Act.REJECT, "REJECTED"), (Act.SPAM, "SPAM")]
)
def test_a_link_shows_first_and_acts_by_its_button(
    client: Client, mo: User, act: Act, status: str
) -> None:
    comment = CommentFactory(waiting=True)
    link = _link(comment, mo, act)

    shown = client.get(link)
    comment.refresh_from_db()
    assert shown.status_code == 200
    assert comment.text in shown.content.decode()
    assert comment.email not in shown.content.decode()
    assert comment.status == CommentStatus.WAITING
    assert client.post(link, headers=ORIGIN).status_code == 200

    comment.refresh_from_db()
    assert (comment.status, comment.decided_by) == (status, mo)
    assert client.post(link, headers=ORIGIN).status_code == 409


def test_a_link_does_nothing_else(client: Client, mo: User) -> None:
    comment, other = CommentFactory(waiting=True), CommentFactory(waiting=True)
    link = _link(comment, mo)

    client.post(link, {"act": "spam", "comment": other.pk, "c": other.pk}, headers=ORIGIN)

    comment.refresh_from_db()
    other.refresh_from_db()
    assert (comment.status, other.status) == ("APPROVED", "WAITING")
    assert client.get("/admin/comments/").status_code == 302


@pytest.mark.parametrize("why", ["old", "left", "demoted", "forged", "gone"])
def test_a_link_that_does_not_hold_changes_nothing(client: Client, mo: User, why: str) -> None:
    comment = CommentFactory(waiting=True)
    link = _link(comment, mo, days=8 if why == "old" else 0)
    if why == "left":
        User.objects.update(is_active=False)
    elif why == "demoted":
        mo.user_permissions.clear()
    elif why == "forged":
        link = link[:-3] + "xx/"
    elif why == "gone":
        Comment.objects.all().delete()

    for answer in (client.get(link), client.post(link, headers=ORIGIN)):
        assert answer.status_code == (404 if why == "forged" else 410)
    assert not Comment.objects.exclude(status="WAITING").exists()


def test_mails_to_moderators_carry_their_own_links_and_no_address(mo: User) -> None:
    comment = CommentFactory(waiting=True, text="<b>Hi</b> there")

    mail = mails.render_for_moderator(
        {"event": mails.TO_MODERATE, "comment": comment.pk, "moderator": mo.pk}
    )

    assert "<b>Hi</b> there" in mail.text
    assert "&lt;b&gt;Hi&lt;/b&gt; there" in mail.html
    assert comment.email not in mail.text + mail.html
    assert mail.html.count("/comments/decide/") == 3


def test_a_flood_fills_no_mailbox(mo: User) -> None:
    for _ in range(35):
        mails.tell_moderators(CommentFactory(waiting=True), at=AT)

    assert OutboundMail.objects.filter(to=mo.email).count() == 30


# --- Reports ----------------------------------------------------------------------------------


def test_a_reader_reports_and_moderators_keep_or_take_away(client: Client, mo: User) -> None:
    comment = CommentFactory()
    path = f"/comments/report/{comment.pk}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": ""}, headers=ORIGIN).status_code == 422

    for _ in range(2):
        sent = client.post(path, {"reason": "UNKIND", "note": "Rude"}, headers=ORIGIN)
        assert sent.status_code == 303
    assert "Thank you" in client.get(sent["Location"]).content.decode()

    comment.refresh_from_db()
    assert comment.open_reports == 2
    assert OutboundMail.objects.get().to == mo.email
    moderation.keep(comment_id=comment.pk, by=mo, at=AT)
    comment.refresh_from_db()
    assert (comment.open_reports, comment.status) == (0, "APPROVED")
    assert not CommentReport.objects.filter(is_open=True).exists()


def test_what_is_not_public_cannot_be_reported(client: Client) -> None:
    waiting, own = CommentFactory(waiting=True), CommentFactory(is_from_staff=True)
    rejected = CommentFactory(status="REJECTED")
    below = CommentFactory(article=rejected.article, parent=rejected)

    for comment in (waiting, own, below):
        path = f"/comments/report/{comment.pk}/"
        assert client.get(path).status_code == 404
        assert client.post(path, {"reason": "UNKIND"}, headers=ORIGIN).status_code == 404
        with pytest.raises(reporting.NotPublic):
            reporting.report(
                comment_id=comment.pk, reason="UNKIND", note="", origin=Origin("a", "n"), at=AT
            )

    assert CommentReport.objects.count() == 0


def test_nobody_reports_all_day() -> None:
    comment = CommentFactory()
    for _ in range(5):
        reporting.report(
            comment_id=comment.pk, reason="OTHER", note="", origin=Origin("a", "n"), at=AT
        )

    with pytest.raises(rates.TooMany):
        reporting.report(
            comment_id=comment.pk, reason="OTHER", note="", origin=Origin("a", "n"), at=AT
        )

    assert CommentReport.objects.count() == 5


# --- The desk ---------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_and_each_other_state_when_asked(desk: Client) -> None:
    waiting = CommentFactory(waiting=True, name="Waiter")
    CommentFactory(spam=True, name="Spammer")
    CommentFactory(name="Public", open_reports=1)

    def names(query: str = "") -> set[str]:
        page = desk.get(f"/admin/comments/{query}")
        assert page.status_code == 200
        return {row.name for row in page.context["object_list"]}

    assert names() == {"Waiter"}
    assert names("?state=SPAM") == {"Spammer"}
    assert names("?state=REPORTED") == {"Public"}
    assert names("?state=ALL") == {"Waiter", "Spammer", "Public"}
    assert names(f"?state=ALL&q={waiting.email}") == {"Waiter"}
    assert names("?state=ALL&q=pamm") == {"Spammer"}


def test_a_comment_s_screen_shows_its_writer_s_history(desk: Client) -> None:
    comment = CommentFactory(waiting=True, email="ana@example.com", spam_reasons=["1 link"])
    CommentFactory(email="ana@example.com", text="An earlier one")
    CommentFactory(email="ana@example.com", spam=True)

    page = desk.get(f"/admin/comments/inspect/{comment.pk}/")

    html = page.content.decode()
    assert "1 public, 0 waiting, 0 rejected, 1 spam" in html
    assert "An earlier one" in html
    assert "1 link" in html


@pytest.mark.parametrize(
    ("button", "status"), [("approve", "APPROVED"), ("reject", "REJECTED"), ("spam", "SPAM")]
)
def test_buttons_decide(desk: Client, button: str, status: str) -> None:
    comment = CommentFactory(waiting=True)

    for _ in range(2):
        answer = desk.post(f"/admin/comments/{button}/{comment.pk}/")
        assert answer.status_code == 302

    comment.refresh_from_db()
    assert comment.status == status


def test_a_refused_reply_is_kept_for_another_try(desk: Client) -> None:
    comment = CommentFactory(waiting=True)
    long = "y" * 5_001

    desk.post(f"/admin/comments/reply/{comment.pk}/", {"text": long})
    page = desk.get(f"/admin/comments/inspect/{comment.pk}/").content.decode()
    desk.post(f"/admin/comments/reply/{comment.pk}/", {"text": "4242 4242 4242 4242"})

    assert long in page
    assert "4242" not in desk.get(f"/admin/comments/inspect/{comment.pk}/").content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "status"), [("approve", "APPROVED"), ("reject", "REJECTED"), ("spam", "SPAM")]
)
def test_many_are_decided_at_once_and_those_that_cannot_be_are_named(
    desk: Client, action: str, status: str
) -> None:
    comments = CommentFactory.create_batch(3, waiting=True)
    done = CommentFactory(status=status, name="Done already")
    query = "&".join(f"id={comment.pk}" for comment in [*comments, done])
    path = f"/admin/bulk/blog/comment/{action}/?{query}&next=/admin/comments/"

    page = desk.get(path)
    assert page.status_code == 200
    assert "Done already" in page.content.decode()
    answer = desk.post(path)

    assert answer.status_code == 302
    assert Comment.objects.filter(status=status).count() == 4


def test_a_bulk_action_takes_no_nonsense(desk: Client) -> None:
    CommentFactory(waiting=True)

    for ids in ("id=x", "id=", "id=" + "9" * 40, "id=-1"):
        assert desk.get(f"/admin/bulk/blog/comment/approve/?{ids}").status_code == 200

    assert Comment.objects.get().status == CommentStatus.WAITING


def test_without_the_right_nobody_decides(client: Client) -> None:
    comment = CommentFactory(waiting=True)
    for user in (staff(), staff("view_comment"), UserFactory()):
        client.force_login(user)
        for button in ("approve", "reject", "spam", "keep", "reply"):
            client.post(f"/admin/comments/{button}/{comment.pk}/", {"text": "Hello"})
        client.post(f"/admin/bulk/blog/comment/approve/?id={comment.pk}&next=/admin/comments/")
    client.force_login(moderator())
    for path in ("new", f"edit/{comment.pk}", f"delete/{comment.pk}"):
        client.post(f"/admin/comments/{path}/", {"text": "Changed"})

    comment.refresh_from_db()
    assert (comment.status, Comment.objects.count()) == ("WAITING", 1)


def test_what_waits_is_counted_on_the_first_page(desk: Client) -> None:
    CommentFactory.create_batch(2, waiting=True)
    CommentFactory(open_reports=1)

    html = " ".join(desk.get("/admin/").content.decode().split())

    assert "2 <span>comments wait</span>" in html
    assert "1 <span>comment is reported</span>" in html
    assert "private question" not in html


def test_the_groups_are_there_with_their_rights() -> None:
    group = Group.objects.filter(name="Comment moderators").first()
    if group is None:
        pytest.skip("A test before this one emptied the database, the migration's rows included.")

    codenames = set(group.permissions.values_list("codename", flat=True))

    assert codenames == {"access_admin", "view_comment", "moderate_comment"}


# --- The clinical inbox -----------------------------------------------------------------------


def test_a_private_question_is_read_by_clinical_roles_alone_and_that_is_noted(
    client: Client,
) -> None:
    question = PrivateQuestion.objects.create(
        article=ArticlePageFactory(),
        name="Ana",
        email="ana@example.com",
        sealed_text=WORDS.seal("I have psoriasis"),
        submission_key="k",
        consent_text="Yes",
        asked_at=AT,
    )
    path = f"/admin/private-questions/inspect/{question.pk}/"
    client.force_login(moderator())
    assert client.get(path).status_code == 302
    client.force_login(staff("view_privatequestion", "answer_privatequestion"))

    page = client.get(path)

    assert "I have psoriasis" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    listed = client.get("/admin/private-questions/").content.decode()
    assert "psoriasis" not in listed
    history = client.get(f"/admin/private-questions/history/{question.pk}/").content.decode()
    assert "The question was read" in history
    client.post(f"/admin/private-questions/answered/{question.pk}/")
    question.refresh_from_db()
    assert question.status == "ANSWERED"
