"""The guide's own screens in the admin."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from blog.viewsets.articles import ArticleViewSet
from blog.viewsets.people import PersonViewSet, person_chooser
from blog.viewsets.reviews import ReviewViewSet
from blog.viewsets.topics import TopicViewSet

__all__ = ["GuideGroup", "person_chooser"]


class GuideGroup(ModelViewSetGroup):
    """The guide: articles, reviews, people and topics."""

    menu_label = "Guide"
    menu_name = "guide"
    menu_icon = "openquote"
    menu_order = 130
    items = (ArticleViewSet, ReviewViewSet, PersonViewSet, TopicViewSet)
