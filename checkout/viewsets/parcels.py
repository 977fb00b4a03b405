"""The parcels that wait to leave: hand over many at once, by code, or with a carrier's file."""

from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts.models import User
from checkout import carrier_files, shipments
from checkout.carriers import CARRIERS
from checkout.viewsets.order_list import ticked
from checkout.viewsets.packing import PER_PAGE, BenchScreen

LARGEST_FILE = 1_000_000
CSV = "csv"


class ParcelsView(BenchScreen):
    """What is packed and has not left; ticked parcels are handed over together."""

    page_title = "Parcels that wait"
    template_name = "checkout/admin/parcels.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = carrier_files.waiting().with_contents()
        kind = self.request.GET.get("kind", "")
        if kind in {"courier", "pickup"}:
            found = found.filter(is_pickup=kind == "pickup")
        words = self.request.GET.get("q", "").replace("\0", "").strip()[:60]
        if words:
            found = found.filter(
                Q(order__number__icontains=words)
                | Q(order__name__icontains=words)
                | Q(tracking_number__iexact=words)
            )
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("p"))
        return {**super().get_context_data(**kwargs), "parcels": page, "kind": kind, "words": words}

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        """Hand over what is ticked; what is refused is named and holds up no other."""
        ids = ticked(request.POST)[:PER_PAGE]
        by = cast(User, request.user)
        done = 0
        for shipment in carrier_files.waiting().filter(pk__in=ids).order_by("order", "pk"):
            try:
                shipments.hand_over(shipment_id=shipment.pk, by=by, at=timezone.now())
            except shipments.REFUSALS as refusal:
                messages.error(request, f"{shipment}: {refusal}")
                continue
            log(instance=shipment.order, action="checkout.hand_over", user=by)
            done += 1
        if done:
            messages.success(request, f"{done} parcel{'' if done == 1 else 's'} handed over.")
        elif not ids:
            messages.warning(request, "Tick the parcels that leave.")
        return redirect("orders:parcels")


class AnnounceView(BenchScreen):
    """The file that tells a carrier of the parcels that wait for it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        parcels = list(carrier_files.to_announce())
        file = CARRIERS[CSV].announce(parcels)
        if file is None:
            return redirect("orders:parcels")
        response = HttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.filename}"'
        response["Cache-Control"] = "private, no-store"
        return response


class NumbersForm(forms.Form):
    file = forms.FileField(label="The carrier's file")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 1 MB.")
        return file


class NumbersView(BenchScreen):
    """A carrier's file of tracking numbers: what it would do, and then does."""

    page_title = "Take tracking numbers"
    template_name = "checkout/admin/tracking_numbers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"form": NumbersForm(), **super().get_context_data(**kwargs)}

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        if "text" in request.POST:
            return self._take(request, request.POST["text"][:LARGEST_FILE])
        form = NumbersForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        answer: bytes = form.cleaned_data["file"].read()
        found = carrier_files.look(CSV, answer)
        text = answer.decode("utf-8-sig", errors="replace")
        return self.render_to_response(self.get_context_data(form=form, found=found, text=text))

    def _take(self, request: HttpRequest, text: str) -> HttpResponseBase:
        by = cast(User, request.user)
        try:
            count = carrier_files.take(CSV, text.encode(), by=by, at=timezone.now())
        except (carrier_files.FileNotTaken, *shipments.REFUSALS) as refusal:
            messages.error(request, str(refusal))
            return redirect("orders:numbers")
        messages.success(request, f"{count} parcels have a new tracking number.")
        return redirect("orders:parcels")
