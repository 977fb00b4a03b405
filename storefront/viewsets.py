"""The shop's own screens in the admin: what means the same when somebody searches."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from storefront.models import Synonym


class SynonymViewSet(ModelViewSet):
    model = Synonym
    icon = "search"
    menu_label = "Search synonyms"
    menu_order = 910
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display = ("words",)
    search_fields = ("words",)
    panels = (FieldPanel("words"),)
