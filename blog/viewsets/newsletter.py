"""The newsletter's screens in the admin."""

from wagtail.snippets.views.snippets import SnippetViewSetGroup

from blog.viewsets.newsletter_issues import IssueViewSet
from blog.viewsets.newsletter_subscribers import SubscriberViewSet

__all__ = ["NewsletterGroup"]


class NewsletterGroup(SnippetViewSetGroup):
    """The newsletter: issues and subscribers."""

    menu_label = "Newsletter"
    menu_name = "newsletter"
    menu_icon = "mail"
    menu_order = 140
    items = (IssueViewSet, SubscriberViewSet)
