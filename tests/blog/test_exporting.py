"""Nothing is locked in: articles can be taken away as files, again and again."""

from pathlib import Path

from django.core.management import CommandError, call_command
import pytest
import yaml

from blog.exporting import Export
from tests.blog.factories import ArticlePageFactory, PersonFactory, TopicFactory
from tests.catalog.factories import ImageFactory

pytestmark = pytest.mark.django_db


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_articles_are_written_with_their_facts_and_pictures(tmp_path: Path) -> None:
    PersonFactory.create(bio="<p>Writes <b>well</b>.</p>", email="ada@example.com")
    image = ImageFactory.create()
    ArticlePageFactory.create(
        slug="sun",
        title="Sun",
        hero_image=image,
        topics=[TopicFactory.create()],
        body=[("figure", {"image": image, "alt": "A hat", "caption": ""})],
    )
    ArticlePageFactory.create(slug="later", live=False)

    call_command("export_articles", str(tmp_path))

    written = files(tmp_path)
    picture = f"pictures/{image.pk}-{Path(image.file.name).name}"
    assert set(written) == {
        "articles/scalp-guide/sun.md",
        "articles/scalp-guide/later.md",
        "people/ada-lindqvist.md",
        picture,
        "topics.json",
        "export.json",
    }
    article = written["articles/scalp-guide/sun.md"].decode()
    facts = yaml.safe_load(article.split("---\n")[1])
    assert (facts["status"], facts["topics"]) == ("live", ["Aftercare"])
    assert f"![A hat](../../{picture})" in article
    assert written[picture] == image.file.storage.open(image.file.name).read()
    assert "Writes **well**." in written["people/ada-lindqvist.md"].decode()
    assert b"ada@example.com" not in b"".join(written.values())


def test_a_draft_stands_beside_what_is_published(tmp_path: Path) -> None:
    article = ArticlePageFactory.create(slug="sun", title="Sun")
    article.title = "Sun and snow"
    article.save_revision()

    Export(tmp_path).run()

    written = files(tmp_path)
    assert b"# Sun\n" in written["articles/scalp-guide/sun.md"]
    assert b"# Sun and snow\n" in written["articles/scalp-guide/sun.draft.md"]


def test_a_second_export_changes_nothing_and_forgets_what_is_gone(tmp_path: Path) -> None:
    ArticlePageFactory.create(slug="sun")
    gone = ArticlePageFactory.create(slug="gone")
    Export(tmp_path).run()
    before = files(tmp_path)

    again = Export(tmp_path)
    again.run()

    assert (again.changed, files(tmp_path)) == (0, before)

    gone.delete()
    (tmp_path / "mine.txt").write_text("Not of the export.")
    Export(tmp_path).run()

    assert "articles/scalp-guide/gone.md" not in files(tmp_path)
    assert "mine.txt" in files(tmp_path)


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    ArticlePageFactory.create(slug="sun")
    (tmp_path / "mine.txt").write_text("Not of the export.")

    with pytest.raises(CommandError, match="not empty"):
        call_command("export_articles", str(tmp_path))

    assert set(files(tmp_path)) == {"mine.txt"}


def test_a_picture_without_its_file_is_named(tmp_path: Path) -> None:
    image = ImageFactory.create()
    ArticlePageFactory.create(slug="sun", hero_image=image)
    image.file.storage.delete(image.file.name)

    with pytest.raises(CommandError, match=f"pictures/{image.pk}-"):
        call_command("export_articles", str(tmp_path))

    assert "articles/scalp-guide/sun.md" in files(tmp_path)
