"""A supplier's delivery on one screen: scan what has arrived, then take all of it in."""

import secrets
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin import messages

from accounts.models import User
from catalog.batches import receiving
from catalog.batches.forms import ArrivedFormSet, ReceiptForm
from catalog.models import GoodsReceipt, Offer, OfferKind
from catalog.viewsets.batches.asked import StockScreen

SHOWN = 20


class ReceiveGoodsView(StockScreen):
    """Without a script: each scan is one turn to the server, and the lines travel along."""

    page_title = "Incoming goods"
    header_icon = "download"
    template_name = "catalog/admin/incoming_goods.html"

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form, lines = ReceiptForm(request.POST), ArrivedFormSet(request.POST, prefix="line")
        act = request.POST.get("act", "scan")
        if act != "receive":
            code = request.POST.get("scan", "").replace("\0", "").strip()[:60]
            return self._scan(form, lines, code, is_other_batch=act == "another")
        if form.is_valid() and lines.is_valid():
            refusal = self._receive(form, lines)
            if refusal is None:
                return redirect("stock:incoming")
            form.add_error(None, refusal)
        return self._show(form, lines)

    def _scan(
        self, form: ReceiptForm, lines: Any, code: str, *, is_other_batch: bool
    ) -> HttpResponse:
        """Count one more of the article, or begin a line for another batch of it."""
        typed = [_typed(each) for each in lines.forms] if lines.is_bound else []
        offer = _meant(code)
        if offer is None:
            said = f"No article is called {code}." if code else "Scan or type an article first."
            return self._show(_as_typed(form), _filled(typed), said=said, is_wrong=True)
        same = [each for each in typed if each["offer"] == str(offer.pk)]
        if same and not is_other_batch:
            same[-1]["quantity"] = str(_number(same[-1]["quantity"]) + 1)
        else:
            typed.append({"offer": str(offer.pk), "quantity": "1"})
        return self._show(_as_typed(form), _filled(typed), said=f"{_name(offer)} is on the list.")

    def _receive(self, form: ReceiptForm, lines: Any) -> str | None:
        """Take the delivery in, or return why not."""
        arrived = [each.arrived() for each in lines.forms if each.cleaned_data["quantity"]]
        try:
            receipt = receiving.receive(
                arrived=arrived,
                by=cast(User, self.request.user),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except receiving.REFUSALS as refusal:
            return str(refusal)
        pieces = sum(line.quantity for line in arrived)
        messages.success(self.request, f"{pieces} pieces are in: {receipt}.")
        return None

    def _show(
        self, form: ReceiptForm, lines: Any, said: str = "", *, is_wrong: bool = False
    ) -> HttpResponse:
        context = self.get_context_data(form=form, lines=lines, said=said, is_wrong=is_wrong)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            token = secrets.token_hex(16)
            kwargs |= {"form": ReceiptForm(initial={"token": token}), "lines": _filled([])}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = list(context["lines"].forms)
        ids = {_number(str(row["offer"].value() or "")) for row in rows}
        offers = Offer.objects.select_related("page").in_bulk(ids - {0})
        newest = GoodsReceipt.objects.prefetch_related("lines__offer__page", "lines__batch")
        return {
            **context,
            "rows": [
                {"form": row, "offer": offers.get(_number(str(row["offer"].value() or "")))}
                for row in rows
            ],
            "receipts": list(newest.select_related("received_by")[:SHOWN]),
        }


def _meant(code: str) -> Offer | None:
    """Return the article that a scanner, or somebody who types, names by barcode or SKU."""
    if not code:
        return None
    articles = Offer.objects.filter(kind=OfferKind.PRODUCT, is_kit=False, stock__isnull=False)
    found = articles.filter(Q(sku__iexact=code) | Q(barcode=code)).select_related("page")
    return found.order_by("pk").first()


def _name(offer: Offer) -> str:
    return f"{offer.page.title if offer.page else offer.sku}, {offer.label}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _typed(form: forms.Form) -> dict[str, str]:
    return {name: str(form[name].value() or "") for name in form.fields}


def _as_typed(form: ReceiptForm) -> ReceiptForm:
    """Show again what was typed, without complaining of what is not typed yet."""
    return ReceiptForm(initial=_typed(form) | {"token": form["token"].value()})


def _filled(typed: list[dict[str, str]]) -> Any:
    return ArrivedFormSet(prefix="line", initial=typed)
