"""Articles, and the people and topics around them, to test with."""

import datetime as dt

import factory

from blog.models import ArticleIndexPage, ArticlePage, Person, Topic
from tests.catalog.factories import HomePageFactory, PageFactory

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class PersonFactory(factory.django.DjangoModelFactory):
    """An author; with `reviewing=True` somebody who may review."""

    name = "Ada Lindqvist"
    slug = "ada-lindqvist"
    role = "Writer"

    class Meta:
        model = Person
        django_get_or_create = ("slug",)

    class Params:
        reviewing = factory.Trait(
            name="Dr Grace Okafor", slug="grace-okafor", role="Dermatologist", may_review=True
        )


class TopicFactory(factory.django.DjangoModelFactory):
    name = "Aftercare"
    slug = "aftercare"

    class Meta:
        model = Topic
        django_get_or_create = ("slug",)


class ArticleIndexPageFactory(PageFactory):
    title = "Scalp guide"
    slug = "scalp-guide"
    parent = factory.SubFactory(HomePageFactory)

    class Meta:
        model = ArticleIndexPage


class ArticlePageFactory(PageFactory):
    slug = factory.Sequence(lambda n: f"article-{n:06}")
    title = factory.LazyAttribute(lambda page: page.slug.title())
    intro = "In short."
    author = factory.SubFactory(PersonFactory)
    first_published_at = NEW_YEAR
    parent = factory.SubFactory(ArticleIndexPageFactory)

    class Meta:
        model = ArticlePage
