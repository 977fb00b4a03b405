"""Documents of one's own order, as PDF: from the account, or behind the order's link."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from checkout.invoices import e_invoice, issuing, pdf
from checkout.invoices.content import Content
from checkout.models import Invoice, InvoiceSeller, Order
from checkout.order_links import TooManyGuesses, order_behind
from checkout.views.order import private, too_many


@require_safe
def behind_link(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Hand out a document of an order to whoever holds its link."""
    try:
        order = order_behind(request, token, at=timezone.now())
    except TooManyGuesses:
        return too_many(request)
    return _answer(order, number)


@require_safe
@login_required
def of_my_order(request: HttpRequest, number: str, document: str) -> HttpResponse:
    """Hand out a document of one's own order; somebody else's is as good as none."""
    user = request.user
    orders = Order.objects.visible_to(user) if isinstance(user, User) else Order.objects.none()
    order = None if "\0" in number else orders.filter(number=number).first()
    if order is None:
        raise Http404("Nothing is found here.")
    return _answer(order, document)


def as_file(invoice: Invoice) -> HttpResponse:
    """Draw a document and hand it out under its number."""
    content, buyer = Content.from_json(invoice.content), issuing.buyer_of(invoice)
    drawn = pdf.drawn(content, buyer, with_xml=InvoiceSeller.load().has_xml)
    return _attached(drawn, f"{invoice.number}.pdf", "application/pdf")


def as_xml(invoice: Invoice) -> HttpResponse:
    """Hand a document out for machines alone."""
    content, buyer = Content.from_json(invoice.content), issuing.buyer_of(invoice)
    written = e_invoice.written(content, buyer)
    return _attached(written, f"{invoice.number}.xml", "application/xml")


def _attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


def _answer(order: Order, number: str) -> HttpResponse:
    invoice = None if "\0" in number else order.invoices.filter(number=number).first()
    if invoice is None:
        raise Http404("Nothing is found here.")
    return as_file(invoice)
