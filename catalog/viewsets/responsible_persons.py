"""Who answers by law for products, market by market."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from catalog.models import ResponsiblePerson


class ResponsiblePersonViewSet(ModelViewSet):
    model = ResponsiblePerson
    icon = "group"
    menu_label = "Responsible persons"
    copy_view_enabled = False
    list_display = ("name", "market", "electronic_address")
    list_filter = ("market",)
    search_fields = ("name", "postal_address", "electronic_address")
    panels = (
        FieldPanel("market"),
        FieldPanel("name"),
        FieldPanel("postal_address"),
        FieldPanel("electronic_address"),
    )
