"""The people behind the guide: who writes it and who checks it."""

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from blog.models import Person
from cms.deleting import ProtectedDeleteView


class PersonViewSet(ModelViewSet):
    model = Person
    icon = "user"
    menu_label = "People"
    delete_view_class = ProtectedDeleteView
    copy_view_enabled = False
    list_display = ("name", "role", "credentials", BooleanColumn("may_review", label="Reviews"))
    list_filter = ("may_review",)
    panels = (
        TitleFieldPanel("name"),
        FieldPanel("slug"),
        MultiFieldPanel(
            [
                FieldPanel("role"),
                FieldRowPanel([FieldPanel("credentials"), FieldPanel("registration_number")]),
                FieldPanel("portrait"),
                FieldPanel("bio"),
            ],
            "What readers see",
        ),
        MultiFieldPanel(
            [FieldPanel("may_review"), FieldPanel("email"), FieldPanel("user")],
            "For the clinic alone",
        ),
    )


class PersonChooserViewSet(ChooserViewSet):
    """How an article's author and reviewer are chosen."""

    model = Person
    icon = "user"
    choose_one_text = "Choose a person"
    choose_another_text = "Choose another person"
    edit_item_text = "Edit this person"


person_chooser = PersonChooserViewSet("person_chooser")
