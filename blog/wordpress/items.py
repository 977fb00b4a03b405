"""What a WordPress export holds, as our own dataclasses."""

from dataclasses import dataclass, field

# What readers of the old site could open; all else hangs on these or is WordPress's own.
POSTS = ("post", "page")


@dataclass(slots=True)
class Author:
    """Somebody who wrote; `login` is how posts name them, `number` how comments do."""

    login: str
    name: str
    email: str = ""
    number: int = 0


@dataclass(slots=True)
class Term:
    """A category or a tag."""

    kind: str
    slug: str
    name: str
    description: str = ""


@dataclass(slots=True)
class SourceComment:
    """One comment, as it was written."""

    number: int
    author: str
    email: str
    url: str
    date: str
    date_gmt: str
    content: str
    approved: str
    kind: str
    parent: int
    user: int = 0


@dataclass(slots=True)
class Item:
    """A post, a page, an attachment, or whatever else WordPress keeps as a post."""

    number: int
    kind: str
    status: str
    title: str = ""
    link: str = ""
    guid: str = ""
    slug: str = ""
    creator: str = ""
    content: str = ""
    excerpt: str = ""
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    modified_gmt: str = ""
    parent: int = 0
    password: str = ""
    is_sticky: bool = False
    comment_status: str = ""
    attachment_url: str = ""
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: list[SourceComment] = field(default_factory=list)


@dataclass(slots=True)
class Attachment:
    """A file of the old site's uploads."""

    number: int
    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""
    parent: int = 0


@dataclass(frozen=True, slots=True)
class PostPlace:
    """Where a post was to be found."""

    number: int
    kind: str
    link: str
    slug: str
    title: str


@dataclass(slots=True)
class SiteFacts:
    """What holds for the whole export, read before anything is written."""

    title: str = ""
    address: str = ""
    wxr_version: str = ""
    authors: dict[str, Author] = field(default_factory=dict)
    categories: dict[str, Term] = field(default_factory=dict)
    tags: dict[str, Term] = field(default_factory=dict)
    attachments: dict[int, Attachment] = field(default_factory=dict)
    reusable: dict[int, str] = field(default_factory=dict)
    posts: list[PostPlace] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    comment_count: int = 0
