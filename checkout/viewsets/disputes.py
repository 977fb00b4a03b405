"""The evidence about a dispute, on an order's screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from checkout.disputes import pdf
from checkout.disputes.evidence import evidence_of
from checkout.models import Dispute, Order
from checkout.views.order import private


class EvidenceView(PermissionCheckedMixin, View):
    """Hands out everything about one dispute as one file, to whoever may pay back."""

    model = Order
    permission_required = "refund"

    def get(self, _request: HttpRequest, pk: int, dispute_id: int) -> HttpResponse:
        rows = Dispute.objects.select_related("order__user", "payment")
        dispute = get_object_or_404(rows, pk=dispute_id, order_id=pk)
        drawn = pdf.drawn(evidence_of(dispute), at=timezone.now())
        response = HttpResponse(drawn, content_type="application/pdf")
        name = f"evidence-{dispute.order.number}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return private(response)
