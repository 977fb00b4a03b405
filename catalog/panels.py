"""What editors see of a page's offers without being able to change them there."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from catalog.models.offers import Offer

_SHOWN = 30


class OffersPanel(Panel):
    """Lists the page's offers with price, stock and the way to their own screens."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalog/admin/offers_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            offers = Offer.objects.filter(page_id=self.instance.pk).with_stock()
            context["offers"] = [
                {
                    "offer": offer,
                    "url": reverse("offer:inspect", args=[offer.pk]),
                }
                for offer in (offers if self.instance.pk else [])
            ]
            context["add_url"] = reverse("offer:add")
            return context


class OurOrderPanel(Panel):
    """Lists the pages beneath a part of the shop in the order of the tree, which is “Our order”.

    No revision holds that order, so publishing an old one cannot bring an old order back.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalog/admin/our_order_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            context["children"] = list(page.get_children()[:_SHOWN]) if page.pk else []
            context["more_count"] = max(0, page.numchild - _SHOWN) if page.pk else 0
            allowed = page.pk and page.permissions_for_user(self.request.user)
            if allowed and allowed.can_reorder_children():
                explorer = reverse("wagtailadmin_explore", args=[page.pk])
                context["order_url"] = f"{explorer}?ordering=ord"
            return context
