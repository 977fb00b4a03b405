"""Pages of the catalogue that nobody edits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog import comparison
from freshness.answers import public_page


@public_page("p")
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show up to three products side by side: `?p=slug&p=slug`."""
    compared = comparison.compare(request.GET.getlist("p"), timezone.now(), request)
    return render(request, "catalog/compare.html", {"comparison": compared})
