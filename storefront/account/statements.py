"""The signed statement of one's own pass, and the keys that it is checked with."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from storefront.account import statement_pdf
from storefront.account.home import own_pass
from storefront.account.personal import personal
from treatments import statement, statement_keys


@personal
@require_safe
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand out the statement of one's own pass as a file."""
    row = own_pass(request, public_id)
    said = statement.signed_statement(row, at=timezone.now())
    response = JsonResponse(said, json_dumps_params={"indent": 2})
    name = f"statement-{str(row.public_id)[:8]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@personal
@require_safe
def download_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand out the statement of one's own pass to read and print, the signed file attached."""
    row, at = own_pass(request, public_id), timezone.now()
    drawn = statement_pdf.drawn(statement_pdf.paper_of(row, at=at), at=at)
    response = HttpResponse(drawn, content_type="application/pdf")
    name = f"statement-{str(row.public_id)[:8]}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def keys(_request: HttpRequest) -> HttpResponse:
    """Publish the public halves of the shop's keys."""
    return JsonResponse({"format": "galea-statement-keys/1", "keys": statement_keys.public_keys()})
