"""Who writes and checks the demo's articles, and what they are about."""

from accounts.models import User
from blog.models import Person, Topic
from storefront.demo import content, markup


def seed() -> None:
    """Add the people and topics of the guide; those with an account are tied to it."""
    facts = content.facts("guide")
    for person in facts["person"]:
        bio = markup.rich_text(person["bio"])
        user = User.objects.filter(email=person["email"]).first()
        Person.objects.create(**{**person, "bio": bio}, user=user)
    for order, topic in enumerate(facts["topic"]):
        Topic.objects.create(sort_order=order, **topic)
