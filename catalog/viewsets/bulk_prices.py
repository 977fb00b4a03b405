"""The screen that changes many prices: choose, look at every row, agree."""

import secrets
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from catalog import planned_prices, price_rounds, prices
from catalog.bulk_forms import MOST_OFFERS, PriceRuleForm
from catalog.models import Offer
from catalog.price_preview import PreviewRow, fingerprint, preview
from catalog.viewsets.offer_list import offers_asked_for

REFUSALS = (
    planned_prices.EndsTooSoon,
    planned_prices.Overlaps,
    planned_prices.TooLate,
    price_rounds.NothingToChange,
    price_rounds.PricesMoved,
    prices.Backdated,
    prices.ReasonMissing,
)


class BulkView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView[Any]):
    """A change of many offers: those named by ``id``, or all that the list's filters leave."""

    model = Offer
    permission_required = "change"
    index_url_name = ""
    header_icon = "edit"

    def asked_for(self) -> "QuerySet[Offer]":
        return offers_asked_for(self.request)

    def get_initial(self) -> dict[str, Any]:
        if self.request.method == "POST":
            return {}
        ids = self.asked_for().order_by("sku").values_list("pk", flat=True)
        chosen = list(ids[: MOST_OFFERS + 1])
        return {"offers": ",".join(map(str, chosen)), "token": secrets.token_urlsafe(16)}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": "Offers"},
            {"url": "", "label": self.get_page_title()},
        ]

    def chosen_count(self, form: Any) -> int:
        """Say how many offers the change is for."""
        chosen = form["offers"].value() or ""
        return len([each for each in str(chosen).split(",") if each])


class BulkPricesView(BulkView):
    """Shows what a rule would do to each price; does it only after that was seen."""

    form_class = PriceRuleForm
    page_title = "Change prices"
    template_name = "catalog/admin/bulk_prices.html"
    round_url_name = "price_round:inspect"

    def form_valid(self, form: PriceRuleForm) -> HttpResponse:
        rule, chosen, at = form.rule(), form.cleaned_data["offers"], timezone.now()
        if "apply" not in self.request.POST:
            return self._show(form, preview(rule, chosen, at))
        try:
            done = price_rounds.carry_out(
                rule=rule,
                offer_ids=chosen,
                seen=form.cleaned_data["seen"],
                token=form.cleaned_data["token"],
                reason=form.cleaned_data["reason"],
                by=self.request.user,  # type: ignore[arg-type]
                at=at,
            )
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
            return self._show(form, preview(rule, chosen, at))
        log(instance=done, action="wagtail.create", user=self.request.user, title=str(done))
        messages.success(self.request, f"Done: {done.rule}.")
        return redirect(reverse(self.round_url_name, args=[done.pk]))

    def _show(self, form: PriceRuleForm, rows: list[PreviewRow]) -> HttpResponse:
        changing = [row for row in rows if not row.refusal]
        return self.render_to_response(
            self.get_context_data(
                form=form,
                rows=rows,
                seen=fingerprint(rows),
                changing_count=len(changing),
                refused_count=len(rows) - len(changing),
                is_scheduled=bool(form.cleaned_data["starts_at"]),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = context["form"]
        context["chosen_count"] = self.chosen_count(form)
        context["plain_fields"] = [form[name] for name in ("step", "value", "ending")]
        context["time_fields"] = [form[name] for name in ("starts_at", "ends_at")]
        return context
