"""The screen that changes many stock levels: a sheet with a number for each, looked at first."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from catalog import stock, stock_rounds
from catalog.bulk_forms import StockSheetForm
from catalog.models import MovementKind, Offer, Stock
from catalog.viewsets.bulk_prices import BulkView
from catalog.viewsets.offer_list import offers_asked_for

REFUSALS = (
    stock.NotEnoughOnHand,
    stock.NotSoMany,
    stock.ReasonMissing,
    stock_rounds.NothingMoves,
    stock_rounds.StockMoved,
)


class BulkStockView(BulkView):
    """Whoever may change stock; offers without a stock of their own are left out."""

    form_class = StockSheetForm
    page_title = "Change stock"
    template_name = "catalog/admin/bulk_stock.html"

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Stock)

    def asked_for(self) -> QuerySet[Offer]:
        return offers_asked_for(self.request).filter(stock__isnull=False, is_kit=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = context["form"]
        context["chosen_count"] = self.chosen_count(form)
        return context if "rows" in context else context | self._untyped(form)

    def _untyped(self, form: Any) -> dict[str, Any]:
        """Return a row for each of the offers asked for, or why they are too many for a sheet."""
        try:
            chosen: list[int] = form.fields["offers"].to_python(form["offers"].value())
        except ValidationError as refusal:
            return {"rows": [], "too_many": " ".join(refusal.messages)}
        return {"rows": stock_rounds.preview(MovementKind.COUNTED, dict.fromkeys(chosen, None))}

    def form_valid(self, form: StockSheetForm) -> HttpResponse:
        kind, numbers = MovementKind(form.cleaned_data["kind"]), form.numbers()
        if "apply" not in self.request.POST:
            return self._show(form, kind, numbers)
        try:
            moved = stock_rounds.carry_out(
                kind=kind,
                numbers=numbers,
                seen=form.cleaned_data["seen"],
                reason=form.cleaned_data["reason"],
                by=self.request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
            return self._show(form, kind, numbers)
        messages.success(
            self.request, f"{moved} stock levels changed: {form.cleaned_data['reason']}"
        )
        return redirect(reverse(self.index_url_name))

    def _show(
        self, form: StockSheetForm, kind: MovementKind, numbers: dict[int, int | None]
    ) -> HttpResponse:
        rows = stock_rounds.preview(kind, numbers)
        moving = [row for row in rows if row.change and not row.refusal]
        return self.render_to_response(
            self.get_context_data(
                form=form,
                rows=rows,
                is_preview=True,
                seen=stock_rounds.fingerprint(rows),
                moving_count=len(moving),
            )
        )
