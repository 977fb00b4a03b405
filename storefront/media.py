"""Uploads handed out by the shop itself, where no proxy or bucket does it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve


def show_upload(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with one uploaded file."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers.setdefault("Cache-Control", "public, max-age=3600")
    return response
