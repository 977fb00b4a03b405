"""Invoices and credit notes on an order's screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from checkout.models import Invoice, Order
from checkout.views.invoice import as_file, as_xml


class DocumentView(PermissionCheckedMixin, View):
    """Hands out one document of an order to whoever may see the order."""

    model = Order
    permission_required = "view"

    def get(self, _request: HttpRequest, pk: int, document_id: int) -> HttpResponse:
        return as_file(get_object_or_404(Invoice, pk=document_id, order_id=pk))


class XmlView(DocumentView):
    """Hands it out for machines."""

    def get(self, _request: HttpRequest, pk: int, document_id: int) -> HttpResponse:
        return as_xml(get_object_or_404(Invoice, pk=document_id, order_id=pk))
