"""`{% kept %}` renders a part once, and again as soon as something it shows has changed."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.template import Context, Template, TemplateSyntaxError
import pytest

from freshness import head, keeping
from freshness.answers import collecting, shows
from freshness.changes import SITE, changed
from tests.storefront.page_cache import page_cache  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Thing:
    """Something that a page shows, as it was read."""

    name: str
    as_of: int | None
    tag: str = SITE

    def __str__(self) -> str:
        shows(self.tag)
        return self.name


def render(thing: Thing | None, *, asked: str = "") -> str:
    source = '{% kept "part" thing asked %}{{ thing }}{{ asked }}{% endkept %}'
    return Template(source).render(Context({"thing": thing, "asked": asked}))


@pytest.fixture
def followed(page_cache: Path) -> None:  # noqa: F811
    """A shop whose head is up, as after the first request."""
    head.publish(release="this")


@pytest.mark.usefixtures("followed")
class TestKept:
    def test_a_part_is_rendered_once_for_what_it_depends_on(self) -> None:
        since = keeping.as_of()

        assert render(Thing("old", since)) == "old"
        assert render(Thing("new", since)) == "old"
        assert render(Thing("new", since), asked="?") == "new?"

    @pytest.mark.parametrize("tag", [SITE, "offers:7"])
    def test_what_changes_is_shown_at_once(self, tag: str) -> None:
        render(Thing("old", keeping.as_of(), "offers:7"))

        changed(tag)

        assert render(Thing("new", keeping.as_of(), "offers:7")) == "new"

    def test_what_it_does_not_show_leaves_it(self) -> None:
        render(Thing("old", keeping.as_of(), "offers:7"))

        changed("offers:8")

        assert render(Thing("new", keeping.as_of(), "offers:7")) == "old"

    def test_facts_read_before_a_change_are_not_kept_beyond_it(self) -> None:
        """The change comes between the reading of a page and its rendering."""
        read_before = Thing("old", keeping.as_of())
        assert read_before.as_of is not None
        changed(SITE)
        keeping.as_of()  # Another visitor's request learns of the change.

        assert render(read_before) == "old"
        assert render(Thing("new", keeping.as_of())) == "new"

    def test_the_whole_page_knows_what_a_kept_part_shows(self) -> None:
        since = keeping.as_of()
        render(Thing("old", since, "offers:7"))

        with collecting() as shown:
            render(Thing("old", since, "offers:7"))

        assert shown.tags == {SITE, "offers:7"}

    def test_drafts_and_what_is_not_there_are_rendered_each_time(self) -> None:
        assert render(Thing("first", None)) == "first"
        assert render(Thing("second", None)) == "second"
        assert render(None) == "None"

    def test_a_transaction_keeps_nothing(self) -> None:
        """It sees rows of its own, which may never be committed."""
        with transaction.atomic():
            assert keeping.as_of() is None

    def test_only_so_many_parts_are_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keeping, "MOST", 2)
        since = keeping.as_of()
        for asked in "abc":
            render(Thing("old", since), asked=asked)

        assert render(Thing("new", since), asked="c") == "oldc"
        assert render(Thing("new", since), asked="a") == "newa"


def test_without_a_page_cache_nothing_is_kept() -> None:
    assert keeping.as_of() is None


@pytest.mark.parametrize("words", ["", '"part"', "part thing"])
def test_it_needs_a_name_and_the_thing_it_shows(words: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="needs a name"):
        Template(f"{{% kept {words} %}}{{% endkept %}}")
