"""A whole site moves in: nothing is lost that the report does not name, and twice does it once."""

import io
import json
import re
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex
import pytest

from accounts.models import User
from blog.html_tree import parse
from blog.models import (
    ArticlePage,
    Comment,
    ImportedComment,
    ImportedPicture,
    ImportedPost,
    Person,
    Topic,
)
from blog.wordpress import writing
from cms.models import CustomImage
from storefront.models import ContentPage
from tests.blog.factories import ArticleIndexPageFactory
from tests.blog.wordpress.conftest import Run
from tests.blog.wordpress.everything import SITE, write_uploads
from tests.blog.wordpress.exports import GOOD, OldPost, write_export

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]


@pytest.fixture
def uploads(tmp_path: Path) -> str:
    return str(write_uploads(tmp_path / "uploads"))


def everything_stored() -> dict[str, list[Any]]:
    """All rows that an import may write."""
    models: tuple[Any, ...] = (
        ArticlePage, Comment, ContentPage, CustomImage, ImportedComment, ImportedPicture,
        ImportedPost, Page, Person, Redirect, Topic,
    )  # fmt: skip
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def drafts() -> dict[str, Page]:
    pages = [*ArticlePage.objects.all(), *ContentPage.objects.all()]
    return {page.slug: page for page in pages}


def text_of(page: Page) -> str:
    return json.dumps(page.body.get_prep_value(), ensure_ascii=False)


def test_every_word_and_picture_lands_or_is_named(run: Run, uploads: str) -> None:
    told = run(SITE, "--uploads", uploads)

    named = {item["number"]: json.dumps(item, ensure_ascii=False) for item in told["items"]}
    pages = {row.number: row.page for row in ImportedPost.objects.select_related("page")}
    for post in SITE:
        if post.kind not in {"post", "page"}:
            continue
        page = pages.get(post.number)
        if page is None:
            # A post that stays behind is named as a whole.
            assert post.title in named[post.number]
            continue
        landed = _all_text(page.specific)
        for word in _words(post):
            assert word in landed or word in named[post.number], (post.number, word)
        for picture in re.findall(r'src="([^"]+\.jpg)"', post.content):
            stem = re.sub(r"-\d+x\d+", "", picture).rsplit("/", 1)[1]
            addresses = ImportedPicture.objects.filter(address__endswith=stem)
            assert addresses.exists() or stem in named[post.number], (post.number, picture)


def _words(post: OldPost) -> set[str]:
    shown = re.sub(r"<(script|style)\b.*?</\1>", "", post.content, flags=re.DOTALL)
    shown = re.sub(r"<!--.*?-->", " ", shown, flags=re.DOTALL)
    shown = re.sub(r"\[/?\w+( [^\[\]]*)?\]", " ", shown)
    words = re.findall(r"[\w😀🙂]+", " ".join(parse(shown).strings()))
    return {
        *words,
        *re.findall(r"\w+", parse(post.title).text()),
        *re.findall(r"\w+", post.excerpt),
    }


def _all_text(page: Page) -> str:
    body = page.body.get_prep_value()
    return " ".join([page.title, page.intro, json.dumps(body, ensure_ascii=False)])


def test_blocks_become_blocks(run: Run, uploads: str) -> None:
    run(SITE, "--uploads", uploads)
    page = ArticlePage.objects.get(slug="every-block")

    assert [block.block_type for block in page.body] == [
        "text", "figure", "figure", "figure", "text", "quote", "quote", "table", "text", "figure",
        "text", "figure", "text", "faq", "text",
    ]  # fmt: skip
    first = page.body[0].value.source
    assert '<a href="/scalp-guide/classic/">our classic post</a>' in first
    assert "<ol><li>Ordered item<ul><li>Nested item</li></ul></li></ol>" in first
    assert page.body[1].value["alt"] == "A bottle of wash"
    assert page.body[1].value["image"].alt == "A bottle of wash"
    assert page.body[1].value["caption"] == "Caption of the wash"
    assert page.body[5].value["attribution"] == "Quoted person"
    assert page.body[7].value.columns[1]["heading"] == "Habit"
    assert page.body[13].value["questions"][0]["question"] == "Folded question"
    assert page.title == "Every & block"
    assert page.intro == "An excerpt of its own."
    assert page.search_description == "Found by this."
    assert page.hero_image.alt == "Alt of the hero"
    assert page.author.name == "Ada Lindqvist"
    assert [topic.name for topic in page.topics.all()] == ["Aftercare"]
    assert [tag.name for tag in page.tags.all()] == ["Sun"]
    assert page.first_published_at.isoformat() == "2024-03-04T08:30:00+00:00"


def test_every_state_becomes_the_right_one(run: Run) -> None:
    told = run(SITE)
    pages = drafts()

    assert {slug for slug, page in pages.items() if page.live} == set()
    assert {item["title"]: item["outcome"] for item in told["items"]}["Thrown"] == "skipped"
    assert pages["planned"].go_live_at.isoformat() == "2199-01-01T09:00:00+00:00"
    assert pages["planned"].latest_revision.approved_go_live_at is None
    assert pages["wrong"].first_published_at is None
    assert pages["post-6"].title == "Draft"
    assert pages["every-block-2"].title == "Same"
    assert pages["漢字"].title == "Untitled post 14"
    assert isinstance(pages["about-us"], ContentPage)
    assert set(told["not_carried"]) >= {
        "private post became a draft",
        "post with a password became a draft; its password is not carried over",
        "post that was trash",
        "date that cannot be true (posted)",
        "address that was taken",
        "page below another page now stands beside it",
        "nav_menu_item that has no place here",
        "author who is only known by a login",
        "shortcode",
        "block that is made anew on each page",
        "<script>",
    }


def test_nothing_hostile_comes_along(run: Run) -> None:
    run(SITE)
    page = ArticlePage.objects.get(slug="hostile")

    assert page.title == "Hostile"
    for evil in (
        "<script",
        "javascript:",
        "onerror",
        "onclick",
        "onload",
        "srcdoc",
        "evil.example",
    ):
        assert evil not in text_of(page)


def test_a_second_run_changes_nothing(run: Run, uploads: str) -> None:
    run(SITE, "--uploads", uploads)
    before = everything_stored()

    told = run(SITE, "--uploads", uploads)

    assert everything_stored() == before
    assert told["counts"]["posts unchanged"] == 10
    assert "posts added" not in told["counts"]


def test_a_dry_run_says_the_same_and_writes_nothing(run: Run, uploads: str) -> None:
    before = everything_stored()
    foretold = run(SITE, "--uploads", uploads, "--dry-run")
    assert everything_stored() == before

    told = run(SITE, "--uploads", uploads)

    assert foretold | {"dry_run": False} == told


def test_a_post_that_was_edited_there_gets_a_new_draft(run: Run) -> None:
    run([OldPost(1, "<p>Old words.</p>", slug="a")])
    page = ArticlePage.objects.get(slug="a")
    page.save_revision().publish()
    ImportedPost.objects.update(revision=ArticlePage.objects.get(slug="a").latest_revision_id)

    told = run([OldPost(1, "<p>New words.</p>", slug="a")])

    page = ArticlePage.objects.get(slug="a")
    assert told["counts"] == {"posts updated": 1}
    assert "Old words" in text_of(page)
    assert "New words" in text_of(page.get_latest_revision_as_object())


def test_what_was_edited_or_deleted_here_is_left_alone(run: Run) -> None:
    run([OldPost(1, slug="edited"), OldPost(2, slug="deleted")])
    ArticlePage.objects.get(slug="edited").save_revision()
    ArticlePage.objects.get(slug="deleted").delete()

    told = run([OldPost(1, "<p>New.</p>", slug="edited"), OldPost(2, slug="deleted")])

    assert told["counts"] == {"posts left alone": 2}
    assert "New." not in text_of(ArticlePage.objects.get().get_latest_revision_as_object())


def test_old_addresses_lead_on(run: Run, client: Any) -> None:
    run([OldPost(1, slug="a"), OldPost(2, slug="b", link="https://old.example/?p=2")])
    ArticlePage.objects.get(slug="a").save_revision().publish()

    answer = client.get("/2024/03/a/")

    assert (answer.status_code, answer.url) == (301, "/scalp-guide/a/")
    assert Redirect.objects.count() == 1


def test_a_refused_file_writes_nothing(tmp_path: Path) -> None:
    ArticleIndexPageFactory.create()
    before = everything_stored()
    (tmp_path / "x.xml").write_text(GOOD[:-20])

    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_wordpress", str(tmp_path / "x.xml"))

    assert everything_stored() == before


def test_the_exit_code_says_whether_everything_came(tmp_path: Path) -> None:
    ArticleIndexPageFactory.create()
    plain = OldPost(1, excerpt="In short.")
    path = write_export(tmp_path / "x.xml", [plain])
    call_command("import_wordpress", str(path))

    write_export(path, [plain, OldPost(2)])
    with pytest.raises(SystemExit) as left:
        call_command("import_wordpress", str(path))

    assert left.value.code == 3


def test_what_was_public_is_published_only_when_somebody_answers_for_it(run: Run) -> None:
    mara = User.objects.create_superuser(email="mara@example.com", password="x" * 20)
    old = [
        OldPost(1, slug="public"),
        OldPost(2, slug="private", status="private"),
        OldPost(3, slug="locked", password="x"),
        OldPost(4, slug="later", status="future", date_gmt="2199-01-01 09:00:00"),
        OldPost(5, slug="page", kind="page"),
        OldPost(6, "<p>This serum regrows hair and cures dandruff.</p>", slug="claim"),
    ]
    told = run(old, "--by", mara.email, "--publish-because", "Read by a doctor there.")
    pages = drafts()

    assert {slug for slug, page in pages.items() if page.live} == {"public", "page"}
    approval = pages["public"].approval
    assert (approval.kind, approval.by, approval.reason) == (
        "LET_THROUGH", mara, "Read by a doctor there.",
    )  # fmt: skip
    assert pages["public"].reviewer is None
    assert pages["public"].first_published_at.isoformat() == "2024-03-04T08:30:00+00:00"
    assert pages["later"].approved_schedule
    assert told["not_carried"]["post with claims that nobody has allowed stays a draft"] == 1


def test_nobody_publishes_without_the_right_to(tmp_path: Path) -> None:
    ArticleIndexPageFactory.create()
    User.objects.create_user(email="nobody@example.com", password="x" * 20)
    path = write_export(tmp_path / "x.xml", [OldPost(1)])

    for by in ([], ["--by", "nobody@example.com"]):
        with pytest.raises(CommandError, match="without clinical review"):
            call_command("import_wordpress", str(path), "--publish-because", "Please", *by)

    assert ImportedPost.objects.count() == 0


def test_what_is_written_in_bulk_equals_what_wagtail_leaves(run: Run, uploads: str) -> None:
    run(SITE, "--uploads", uploads)
    page = ArticlePage.objects.get(slug="every-block")
    before = (_rows_about(page), page.latest_revision.content)

    # Saved once more by Wagtail itself, nothing is different.
    page.save()
    page.save_revision()

    page = ArticlePage.objects.get(slug="every-block")
    assert _rows_about(page) == before[0]
    ignored = {"latest_revision", "latest_revision_created_at"}
    assert _without(page.latest_revision.content, ignored) == _without(before[1], ignored)
    assert Page.find_problems() == ([], [], [], [], [])
    assert ArticlePage.objects.search("lukewarm").count() == 1


def _rows_about(page: Page) -> list[Any]:
    references = ReferenceIndex.get_references_for_object(page)
    facts = ("to_content_type", "to_object_id", "model_path", "content_path")
    return sorted(references.values_list(*facts))


def _without(content: dict[str, Any], names: set[str]) -> dict[str, Any]:
    known = {name: value for name, value in content.items() if name not in names}
    for row in known["tagged_items"]:
        row.pop("pk")
    return known


def test_a_run_that_is_killed_goes_on_where_it_was(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blog.wordpress.importing.BATCH", 2)
    posts = [OldPost(n, slug=f"p{n}") for n in range(1, 8)]
    written = writing.add
    calls = iter(range(100))

    def dies_in_the_third_batch(*args: Any, **kwargs: Any) -> Any:
        result = written(*args, **kwargs)
        if next(calls) == 2:
            raise KeyboardInterrupt
        return result

    with monkeypatch.context() as patched:
        patched.setattr(writing, "add", dies_in_the_third_batch)
        with pytest.raises(KeyboardInterrupt):
            run(posts)
    assert ArticlePage.objects.count() == ImportedPost.objects.count() == 4

    told = run(posts)

    assert told["counts"] == {"posts added": 3, "posts unchanged": 4}
    assert ArticlePage.objects.count() == 7


class _Screen(io.StringIO):
    """Somebody's terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_shows_how_far_the_file_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", screen := _Screen())
    monkeypatch.setattr("blog.wordpress.reading.PIECE", 1_000)

    run([OldPost(1), OldPost(2)])

    drawn = screen.getvalue().removesuffix("\n").split("\r")[1:]
    bars = [re.fullmatch(r"(\w+) +\[(#*)\.*\] +(\d+)%", each) for each in drawn]
    told = [(bar[1], len(bar[2]), int(bar[3])) for bar in bars if bar]
    checking = [each for each in told if each[0] == "Checking"]
    importing = told[len(checking) :]
    assert len(told) == len(drawn)
    for stage, name in ((checking, "Checking"), (importing, "Importing")):
        assert len(stage) > 2
        assert {each[0] for each in stage} == {name}
        assert stage == sorted(stage)
        assert stage[-1] == (name, 30, 100)


def test_nobody_who_does_not_watch_is_shown_a_bar(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", screen := io.StringIO())

    run([OldPost(1)])

    assert screen.getvalue() == ""
