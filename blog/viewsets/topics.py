"""The shelves of the guide, in the order in which readers see them."""

from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from blog.models import Topic


class TopicViewSet(ModelViewSet):
    model = Topic
    icon = "tag"
    menu_label = "Topics"
    copy_view_enabled = False
    sort_order_field = "sort_order"
    list_display = ("name", "description")
    panels = (TitleFieldPanel("name"), FieldPanel("slug"), FieldPanel("description"))
