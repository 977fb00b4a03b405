"""Find or make the people, topics and tags that posts name."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.text import slugify
from taggit.models import Tag

from blog.models import Person, Topic
from blog.wordpress.items import Author, SiteFacts, Term
from blog.wordpress.notes import Notes

LONGEST_NAME = 120
LONGEST_TOPIC = 60
LONGEST_TAG = 100
# Where WordPress puts what nobody sorted.
_UNSORTED = "uncategorized"


@dataclass
class People:
    """The authors, topics and tags of one import; a dry run makes none."""

    facts: SiteFacts
    writes: bool
    made: dict[str, int] = field(default_factory=lambda: {"people": 0, "topics": 0, "tags": 0})
    _authors: dict[str, Person | None] = field(default_factory=dict)
    _topics: dict[str, Topic | None] = field(default_factory=dict)
    _tags: dict[str, Tag | None] = field(default_factory=dict)

    def author(self, login: str, notes: Notes) -> Person | None:
        """The person who goes by a login on the old site; nobody in a dry run if they are new."""
        if not login:
            notes.add("post without an author")
            return None
        if login not in self.facts.authors:
            notes.add("author who is only known by a login", login)
        if login not in self._authors:
            known = self.facts.authors.get(login) or Author(login=login, name=login)
            self._authors[login] = self._person(known)
        return self._authors[login]

    def topics(self, terms: Iterable[Term], notes: Notes) -> list[Topic]:
        """The topics for the categories of a post."""
        found: dict[str, Topic] = {}
        for term in terms:
            if term.kind == "category" and term.slug == _UNSORTED:
                continue
            if term.kind == "category":
                topic = self._topic(term, notes)
                if topic is not None:
                    found[topic.slug] = topic
            elif term.kind != "post_tag":
                notes.add(f"word of another kind ({term.kind})", term.name)
        return list(found.values())

    def tags(self, terms: Iterable[Term], notes: Notes) -> list[Tag]:
        """The tags of a post."""
        found: dict[str, Tag] = {}
        for term in terms:
            if term.kind != "post_tag":
                continue
            if len(term.name) > LONGEST_TAG:
                notes.add("tag that is too long", term.name)
            tag = self._tag(term.name[:LONGEST_TAG])
            if tag is not None:
                found[tag.name] = tag
        return list(found.values())

    def _person(self, author: Author) -> Person | None:
        name = author.name[:LONGEST_NAME]
        slug = slugify(name)[:LONGEST_NAME] or slugify(author.login) or "author"
        same = Person.objects.filter(name__iexact=name) | Person.objects.filter(slug=slug)
        found: Person | None = same.order_by("pk").first()
        if found is not None:
            return found
        self.made["people"] += 1
        if not self.writes:
            return None
        return Person.objects.create(name=name, slug=slug, email=author.email[:254])

    def _topic(self, term: Term, notes: Notes) -> Topic | None:
        name = term.name[:LONGEST_TOPIC]
        if name not in self._topics:
            if len(term.name) > LONGEST_TOPIC:
                notes.add("topic whose name is too long", term.name)
            self._topics[name] = self._make_topic(name, term.slug)
        return self._topics[name]

    def _make_topic(self, name: str, old_slug: str) -> Topic | None:
        slug = slugify(old_slug)[:LONGEST_TOPIC] or slugify(name)[:LONGEST_TOPIC] or "topic"
        same = Topic.objects.filter(name__iexact=name) | Topic.objects.filter(slug=slug)
        found: Topic | None = same.order_by("pk").first()
        if found is not None:
            return found
        self.made["topics"] += 1
        if not self.writes:
            return None
        known = self.facts.categories.get(old_slug)
        description = known.description[:300] if known else ""
        return Topic.objects.create(name=name, slug=slug, description=description)

    def _tag(self, name: str) -> Tag | None:
        if name not in self._tags:
            found = Tag.objects.filter(name__iexact=name).order_by("pk").first()
            if found is None:
                self.made["tags"] += 1
                found = Tag.objects.create(name=name) if self.writes else None
            self._tags[name] = found
        return self._tags[name]
