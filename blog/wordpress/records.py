"""Turn the elements of an export into items and facts."""

from dataclasses import dataclass, field

from blog.wordpress.items import (
    POSTS,
    Attachment,
    Author,
    Item,
    PostPlace,
    SiteFacts,
    SourceComment,
    Term,
)

# Their text is kept from the first reading, for the posts that refer to them.
_REUSABLE = "wp_block"


@dataclass(slots=True)
class Fields:
    """One element: its attributes, its text, and the elements inside by name."""

    attributes: dict[str, str]
    text: str = ""
    inside: "dict[str, list[Fields]]" = field(default_factory=dict)

    def add(self, name: str, inner: "Fields") -> None:
        """Put an element inside this one."""
        self.inside.setdefault(name, []).append(inner)

    def get(self, name: str) -> str:
        """The text of the first element of a name; empty if there is none."""
        return self.inside[name][0].text if name in self.inside else ""

    def number(self, name: str) -> int:
        """A text that should be a number; 0 if it is none."""
        text = self.get(name).strip()
        return int(text) if text.isdecimal() and len(text) <= 18 else 0

    def all(self, name: str) -> "list[Fields]":
        return self.inside.get(name, [])


def facts_of(facts: SiteFacts, name: str, record: Fields) -> None:
    """Note what one element of the channel says about the whole site."""
    match name:
        case "title":
            facts.title = record.text.strip()
        case "wp:wxr_version":
            facts.wxr_version = record.text.strip()
        case "link" | "wp:base_site_url" | "wp:base_blog_url":
            facts.address = record.text.strip().rstrip("/") or facts.address
        case "wp:author":
            author = _author(record)
            facts.authors[author.login] = author
        case "wp:category":
            category = _category(record)
            facts.categories[category.slug] = category
        case "wp:tag":
            tag = _tag(record)
            facts.tags[tag.slug] = tag
        case "item":
            _count(facts, record)


def item_of(record: Fields) -> Item:
    """Return one `<item>` as it was exported."""
    return Item(
        number=record.number("wp:post_id"),
        kind=record.get("wp:post_type").strip(),
        status=record.get("wp:status").strip(),
        title=record.get("title").strip(),
        link=record.get("link").strip(),
        guid=record.get("guid").strip(),
        slug=record.get("wp:post_name").strip(),
        creator=record.get("dc:creator").strip(),
        content=record.get("content:encoded"),
        excerpt=record.get("excerpt:encoded"),
        date=record.get("wp:post_date").strip(),
        date_gmt=record.get("wp:post_date_gmt").strip(),
        modified=record.get("wp:post_modified").strip(),
        modified_gmt=record.get("wp:post_modified_gmt").strip(),
        parent=record.number("wp:post_parent"),
        password=record.get("wp:post_password"),
        is_sticky=record.get("wp:is_sticky").strip() == "1",
        comment_status=record.get("wp:comment_status").strip(),
        attachment_url=record.get("wp:attachment_url").strip(),
        terms=[_term(each) for each in record.all("category")],
        meta=_meta(record),
        comments=[_comment(each) for each in record.all("wp:comment")],
    )


def _count(facts: SiteFacts, record: Fields) -> None:
    item = item_of(record)
    key = f"{item.kind or '?'}: {item.status or '?'}"
    facts.counts[key] = facts.counts.get(key, 0) + 1
    facts.comment_count += len(item.comments)
    if item.kind in POSTS:
        facts.posts.append(PostPlace(item.number, item.kind, item.link, item.slug, item.title))
    if item.kind == "attachment":
        facts.attachments[item.number] = Attachment(
            number=item.number,
            url=item.attachment_url or item.guid,
            title=item.title,
            alt=item.meta.get("_wp_attachment_image_alt", ""),
            caption=item.excerpt,
            parent=item.parent,
        )
    elif item.kind == _REUSABLE:
        facts.reusable[item.number] = item.content


def _author(record: Fields) -> Author:
    login = record.get("wp:author_login").strip()
    first, last = record.get("wp:author_first_name"), record.get("wp:author_last_name")
    name = record.get("wp:author_display_name").strip() or f"{first} {last}".strip() or login
    email, number = record.get("wp:author_email").strip(), record.number("wp:author_id")
    return Author(login=login, name=name, email=email, number=number)


def _category(record: Fields) -> Term:
    slug, name = record.get("wp:category_nicename").strip(), record.get("wp:cat_name").strip()
    description = record.get("wp:category_description").strip()
    return Term(kind="category", slug=slug, name=name or slug, description=description)


def _tag(record: Fields) -> Term:
    slug, name = record.get("wp:tag_slug").strip(), record.get("wp:tag_name").strip()
    return Term(kind="post_tag", slug=slug, name=name or slug)


def _term(record: Fields) -> Term:
    slug = record.attributes.get("nicename", "").strip()
    kind = record.attributes.get("domain", "category")
    return Term(kind=kind, slug=slug, name=record.text.strip() or slug)


def _meta(record: Fields) -> dict[str, str]:
    """Custom fields by their names; one that is there several times has a line for each."""
    found: dict[str, str] = {}
    for each in record.all("wp:postmeta"):
        key, value = each.get("wp:meta_key"), each.get("wp:meta_value")
        found[key] = f"{found[key]}\n{value}" if key in found else value
    return found


def _comment(record: Fields) -> SourceComment:
    return SourceComment(
        number=record.number("wp:comment_id"),
        author=record.get("wp:comment_author").strip(),
        email=record.get("wp:comment_author_email").strip(),
        url=record.get("wp:comment_author_url").strip(),
        date=record.get("wp:comment_date").strip(),
        date_gmt=record.get("wp:comment_date_gmt").strip(),
        content=record.get("wp:comment_content"),
        approved=record.get("wp:comment_approved").strip(),
        kind=record.get("wp:comment_type").strip(),
        parent=record.number("wp:comment_parent"),
        user=record.number("wp:comment_user_id"),
    )
