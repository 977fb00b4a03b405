"""The words that lead to products, in the order in which they are shown."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from catalog.models import Concern


class ConcernViewSet(ModelViewSet):
    model = Concern
    icon = "tag"
    menu_label = "Concerns"
    copy_view_enabled = False
    sort_order_field = "sort_order"
    list_display = ("name", "blurb")
    panels = (FieldPanel("name"), FieldPanel("slug"), FieldPanel("blurb"))
