"""What a kit is made of: the screen on which staff say it."""

import datetime as dt
from typing import Any

from accounts.models import User
from catalog import kits
from catalog.kit_form import PartsForm
from catalog.models import Offer
from cms.verb_view import VerbView


class PartsView(VerbView):
    model = Offer
    form_class = PartsForm
    template_name = "catalog/admin/parts_form.html"
    page_title = "Parts of the kit"
    done_message = "The parts are stored. Orders placed before keep theirs."
    refusals = (kits.KitRefused,)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kit": self.object}

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        kits.set_parts(kit_id=self.object.pk, parts=data["parts"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["submit_button_label"] = "Save the parts"
        context["suggestions"] = context["form"].suggestions()
        return context
