"""How products feel and what they leave out, in the order in which it is shown."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from catalog.models import FreeFrom, SkinFeel


class FacetWordViewSet(ModelViewSet):
    copy_view_enabled = False
    sort_order_field = "sort_order"
    list_display = ("name", "slug")
    panels = (FieldPanel("name"), FieldPanel("slug"))


class SkinFeelViewSet(FacetWordViewSet):
    model = SkinFeel
    icon = "pick"
    menu_label = "Skin feels"


class FreeFromViewSet(FacetWordViewSet):
    model = FreeFrom
    icon = "cross"
    menu_label = "Free from"
