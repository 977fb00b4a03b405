"""WordPress exports of our own making: one with everything in it, and any number of plain posts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

OLD = "https://old.example"
HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file -->
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The old scalp blog</title>
<link>{OLD}</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{OLD}</wp:base_site_url>
<wp:base_blog_url>{OLD}</wp:base_blog_url>
"""
TAIL = "</channel>\n</rss>\n"


def cdata(text: str) -> str:
    """Text as WordPress writes it, whatever is in it."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


@dataclass
class OldComment:
    number: int
    text: str = "Thank you, this helped."
    author: str = "Mira"
    email: str = "mira@example.com"
    approved: str = "1"
    parent: int = 0
    kind: str = "comment"
    date: str = "2024-03-05 10:00:00"
    user: int = 0

    def xml(self) -> str:
        return (
            f"<wp:comment><wp:comment_id>{self.number}</wp:comment_id>"
            f"<wp:comment_author>{cdata(self.author)}</wp:comment_author>"
            f"<wp:comment_author_email>{cdata(self.email)}</wp:comment_author_email>"
            f"<wp:comment_author_url></wp:comment_author_url>"
            f"<wp:comment_author_IP>203.0.113.9</wp:comment_author_IP>"
            f"<wp:comment_date>{self.date}</wp:comment_date>"
            f"<wp:comment_date_gmt>{self.date}</wp:comment_date_gmt>"
            f"<wp:comment_content>{cdata(self.text)}</wp:comment_content>"
            f"<wp:comment_approved>{self.approved}</wp:comment_approved>"
            f"<wp:comment_type>{self.kind}</wp:comment_type>"
            f"<wp:comment_parent>{self.parent}</wp:comment_parent>"
            f"<wp:comment_user_id>{self.user}</wp:comment_user_id></wp:comment>\n"
        )


@dataclass
class OldPost:
    number: int
    content: str = "<p>Words.</p>"
    title: str = "A post"
    slug: str = ""
    kind: str = "post"
    status: str = "publish"
    creator: str = "ada"
    excerpt: str = ""
    date: str = "2024-03-04 09:30:00"
    date_gmt: str = "2024-03-04 08:30:00"
    link: str | None = None
    parent: int = 0
    password: str = ""
    attachment_url: str = ""
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: list[OldComment] = field(default_factory=list)

    def xml(self) -> Iterator[str]:
        slug = self.slug or f"post-{self.number}"
        link = f"{OLD}/2024/03/{slug}/" if self.link is None else self.link
        yield f"<item><title>{cdata(self.title)}</title><link>{escape(link)}</link>"
        yield "<pubDate>Mon, 04 Mar 2024 08:30:00 +0000</pubDate>"
        yield f"<dc:creator>{cdata(self.creator)}</dc:creator>"
        yield f'<guid isPermaLink="false">{OLD}/?p={self.number}</guid><description></description>'
        yield f"<content:encoded>{cdata(self.content)}</content:encoded>"
        yield f"<excerpt:encoded>{cdata(self.excerpt)}</excerpt:encoded>"
        yield f"<wp:post_id>{self.number}</wp:post_id>"
        yield f"<wp:post_date>{self.date}</wp:post_date>"
        yield f"<wp:post_date_gmt>{self.date_gmt}</wp:post_date_gmt>"
        yield "<wp:comment_status>open</wp:comment_status><wp:ping_status>open</wp:ping_status>"
        yield f"<wp:post_name>{cdata(slug)}</wp:post_name><wp:status>{self.status}</wp:status>"
        yield f"<wp:post_parent>{self.parent}</wp:post_parent><wp:menu_order>0</wp:menu_order>"
        yield f"<wp:post_type>{self.kind}</wp:post_type>"
        yield f"<wp:post_password>{cdata(self.password)}</wp:post_password>"
        yield "<wp:is_sticky>0</wp:is_sticky>"
        if self.attachment_url:
            yield f"<wp:attachment_url>{cdata(self.attachment_url)}</wp:attachment_url>"
        for domain, nicename, name in self.terms:
            yield f'<category domain="{domain}" nicename="{nicename}">{cdata(name)}</category>'
        for key, value in self.meta.items():
            yield (
                f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
                f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
            )
        yield from (comment.xml() for comment in self.comments)
        yield "</item>\n"


AUTHORS = [
    (1, "ada", "Ada Lindqvist", "ada@old.example"),
    (2, "ben", "Ben Osei", "ben@old.example"),
]
CATEGORIES = [("aftercare", "Aftercare", "What to do after a session."), ("basics", "Basics", "")]
TAGS = [("sun", "Sun"), ("washing", "Washing")]


def author_xml(number: int, login: str, name: str, email: str) -> str:
    return (
        f"<wp:author><wp:author_id>{number}</wp:author_id><wp:author_login>{cdata(login)}"
        f"</wp:author_login><wp:author_email>{cdata(email)}</wp:author_email>"
        f"<wp:author_display_name>{cdata(name)}</wp:author_display_name>"
        f"<wp:author_first_name></wp:author_first_name>"
        f"<wp:author_last_name></wp:author_last_name></wp:author>\n"
    )


def category_xml(slug: str, name: str, description: str) -> str:
    return (
        f"<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>{slug}"
        f"</wp:category_nicename><wp:category_parent></wp:category_parent>"
        f"<wp:cat_name>{cdata(name)}</wp:cat_name>"
        f"<wp:category_description>{cdata(description)}</wp:category_description>"
        f"</wp:category>\n"
    )


def tag_xml(slug: str, name: str) -> str:
    return (
        f"<wp:tag><wp:term_id>4</wp:term_id><wp:tag_slug>{slug}</wp:tag_slug>"
        f"<wp:tag_name>{cdata(name)}</wp:tag_name></wp:tag>\n"
    )


def write_export(path: Path, posts: Iterable[OldPost]) -> Path:
    """Write an export with these posts, a piece at a time, and return its path."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(author_xml(*each) for each in AUTHORS)
        file.writelines(category_xml(*each) for each in CATEGORIES)
        file.writelines(tag_xml(*each) for each in TAGS)
        for post in posts:
            file.writelines(post.xml())
        file.write(TAIL)
    return path


GOOD = HEAD + "".join(OldPost(1).xml()) + TAIL
