"""Uploads handed out by the shop itself, where no proxy or bucket does it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve


def show_upload(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with one uploaded file.

    :raises Http404: if there is none, or the name could not be a file's.
    """
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (OSError, ValueError) as problem:
        raise Http404("No such file.") from problem
    response.headers.setdefault("Cache-Control", "public, max-age=3600")
    return response
