"""What an issue reads like: composed once, and addressed to each subscriber by two links."""

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.rich_text import expand_db_html

from blog import newsletter_links
from cms import renditions
from cms.pictures import FALLBACK_WIDTH, filter_spec
from cms.structured_data import absolute
from outbox import mail
from outbox.mail import RenderedMail

if TYPE_CHECKING:
    from blog.models import NewsletterIssue
    from cms.models import CustomImage

ISSUE: Final = "newsletter_issue"
# Stand in for what differs between subscribers; nobody can own these addresses (RFC 2606).
_LEAVE: Final = "https://unsubscribe.invalid/"
_CHOOSE: Final = "https://preferences.invalid/"
# A mail is shown as a mail program would: no script, no form, no picture but our own.
MAIL_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'"
)
_LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_OWN = re.compile(r'href="/')
_BREAKS = re.compile(r"<br\s*/?>|</(?:p|h\d|ul|ol)>")
_MANY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Story:
    """One article as a mail shows it; every address is complete."""

    title: str
    teaser: str
    url: str
    picture_url: str
    picture_alt: str
    reading_minutes: int


def compose(issue: "NewsletterIssue", *, is_test: bool = False) -> RenderedMail:
    """Write the mail of an issue; whose it is stays open until `addressed`."""
    intro, closing = (_complete(expand_db_html(text)) for text in (issue.intro, issue.closing))
    rendered = mail.render(
        event=ISSUE,
        subject=issue.subject,
        context={
            "issue": issue,
            "is_test": is_test,
            "intro_text": plain(intro),
            "closing_text": plain(closing),
            "stories": stories(issue),
            "leave_url": _LEAVE,
            "choose_url": _CHOOSE,
            "web_url": issue.web_url if issue.slug else "",
        },
    )
    return replace(rendered, html=mail.inline_css(_complete(rendered.html)))


def addressed(rendered: RenderedMail, *, key: str) -> RenderedMail:
    """Put a subscriber's own links into a composed mail."""
    leave, choose = newsletter_links.unsubscribe_url(key), newsletter_links.preferences_url(key)
    return _linked(rendered, leave=leave, choose=choose)


def to_nobody(rendered: RenderedMail) -> RenderedMail:
    """Lead both links of a composed mail to the sign-up page, for tests and previews."""
    page = settings.SITE_URL + reverse("blog:newsletter")
    return _linked(rendered, leave=page, choose=page)


def stories(issue: "NewsletterIssue") -> list[Story]:
    """Return the articles of an issue in their order; a handful of queries."""
    chosen = [(each, each.article) for each in issue.articles.all()]
    images = renditions.load({page.hero_image_id for _, page in chosen if page.hero_image_id})
    found = []
    for each, page in chosen:
        image = images.get(page.hero_image_id)
        found.append(
            Story(
                title=page.title,
                teaser=each.teaser or page.intro,
                url=absolute(page.get_url() or ""),
                picture_url=_picture_url(image),
                picture_alt=image.default_alt_text if image else "",
                reading_minutes=page.reading_minutes,
            )
        )
    return found


def plain(html: str) -> str:
    """Write rich text as lines of plain text, with the address of each link behind its words."""
    linked = _LINK.sub(r"\2 (\1)", html)
    broken = _BREAKS.sub("\n\n", linked.replace("<li", "\n- <li"))
    return _MANY_LINES.sub("\n\n", unescape(strip_tags(broken))).strip()


def _complete(html: str) -> str:
    """Make links to our own pages lead there from anywhere."""
    return _OWN.sub(f'href="{settings.SITE_URL}/', html)


def _picture_url(image: "CustomImage | None") -> str:
    """Return a file that every mail program shows: a JPEG, twice as wide as needed at most."""
    if image is None:
        return ""
    rendition = image.get_rendition(filter_spec(FALLBACK_WIDTH, "jpeg", "8:5"))
    return absolute(rendition.url)


def _linked(rendered: RenderedMail, *, leave: str, choose: str) -> RenderedMail:
    def put(text: str) -> str:
        return text.replace(_LEAVE, leave).replace(_CHOOSE, choose)

    return replace(rendered, text=put(rendered.text), html=put(rendered.html))
