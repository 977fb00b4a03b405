"""A person's own files in the admin: how far each is, and the file once it is ready."""

from typing import Any, cast

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.models import User
from cms.downloads import making
from cms.downloads.kinds import kind_called
from cms.models import Download, DownloadStatus

LOOK_AGAIN_SECONDS = 2


class DownloadsView(WagtailAdminTemplateMixin, TemplateView):
    """All files that somebody asked for today."""

    page_title = "Your files"
    header_icon = "download"
    template_name = "cms/admin/downloads.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [_shown(each) for each in Download.objects.filter(owner=_user(self.request))]
        is_moving = any(each["is_moving"] for each in rows)
        return {
            **super().get_context_data(**kwargs),
            "rows": rows,
            "kept_hours": int(making.KEPT.total_seconds() // 3600),
            "look_again_seconds": LOOK_AGAIN_SECONDS if is_moving else None,
        }


class DownloadFileView(View):
    """Hands a file to whoever asked for it, as long as they may have it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        rows = Download.objects.filter(owner=_user(request), status=DownloadStatus.READY)
        found = get_object_or_404(rows, pk=pk)
        kind = kind_called(found.kind)
        if kind is None or not _user(request).has_perm(kind.permission):
            raise Http404("This file is not for you.")
        response: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(
            making.content_of(found), content_type=kind.content_type
        )
        response["Content-Disposition"] = f'attachment; filename="{kind.file_name}"'
        response["Cache-Control"] = "private, no-store"
        return response


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _shown(download: Download) -> dict[str, Any]:
    kind = kind_called(download.kind)
    is_ready = download.status == DownloadStatus.READY
    return {
        "title": kind.title if kind else download.kind,
        "download": download,
        "is_moving": download.status in {DownloadStatus.WAITING, DownloadStatus.WORKING},
        "url": reverse("download_file", args=[download.pk]) if is_ready else "",
    }
