"""Imports: upload a file, look at what it would change, apply it, take it back."""

import tempfile
from typing import Any

from django.db.models import QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from catalog.import_forms import ExportForm, UploadForm
from catalog.imports import columns, exporting, runs, sheets, uploads
from catalog.models import ImportRun
from catalog.models.imports import ImportStatus

SHOWN_PROBLEMS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COUNTS = {
    "pages_added": "products added",
    "pages_changed": "products changed",
    "offers_added": "offers added",
    "offers_changed": "offers changed",
    "prices_changed": "prices changed",
    "stock_moved": "stock levels changed",
    "rules_changed": "stock settings changed",
    "pictures_added": "pictures added",
}


def visible_to(user: Any) -> QuerySet[ImportRun]:
    """Return the imports that somebody may see: their own, and all for who may do everything."""
    found = ImportRun.objects.select_related("owner")
    return found if user.is_superuser else found.filter(owner=user)


def is_wrong(run: ImportRun) -> bool:
    return run.status == ImportStatus.REFUSED


class ImportIndexView(IndexView):
    """The imports so far, with the ways to a template and to an export."""

    more_urls: dict[str, str] = {}  # noqa: RUF012

    def get_base_queryset(self) -> QuerySet[ImportRun]:
        return visible_to(self.request.user)

    @property
    def header_more_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = super().header_more_buttons
        own = [
            ("Export products", "export", "download"),
            ("Download the template", "template", "doc-full"),
        ]
        return [
            *buttons,
            *(
                HeaderButton(label, url=reverse(self.more_urls[name]), icon_name=icon)
                for label, name, icon in own
            ),
        ]


class UploadView(CreateView):
    """Takes the file; the worker does the rest."""

    template_name = "catalog/admin/import_upload.html"
    page_title = "Import"
    template_url_name = ""
    inspect_url_name = ""

    def get_form(self, form_class: Any = None) -> UploadForm:  # noqa: ARG002
        return UploadForm(**{k: v for k, v in self.get_form_kwargs().items() if k != "instance"})

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return {name: kwargs[name] for name in ("data", "files", "initial") if name in kwargs}

    def form_valid(self, form: UploadForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            run = runs.start(
                owner=self.request.user,
                kind=form.kind,
                file_name=file.name,
                chunks=file.chunks(),
                most_bytes=form.most_bytes,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except uploads.TooLarge as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        log(instance=run, action="wagtail.create", user=self.request.user)
        return redirect(self.inspect_url_name, run.pk)

    def form_invalid(self, form: UploadForm) -> HttpResponse:
        self.form = form
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["columns"] = columns.ALL
        context["template_url"] = reverse(self.template_url_name)
        context["most_rows"] = sheets.MOST_ROWS
        context["submit_button_label"] = "Check the file"
        context["submit_button_active_label"] = "Uploading…"
        return context


def state_of(run: ImportRun) -> dict[str, Any]:
    """Gather what the screen of one import shows."""
    report = run.report
    counts = report.get("counts", {})
    return {
        "run": run,
        "counts": [(counts[name], label) for name, label in _COUNTS.items() if counts.get(name)],
        "rows": counts.get("rows", 0),
        "examples": report.get("examples", []),
        "notices": report.get("notices", []),
        "kept": report.get("kept", [])[:SHOWN_PROBLEMS],
        "kept_count": report.get("kept_count", 0),
        "removed": report.get("removed", 0),
        "problems": list(run.problems.all()[:SHOWN_PROBLEMS]),
        "percent": round(100 * run.done / run.total) if run.total else None,
        "has_file": run.expires_at > timezone.now() and run.parts.exists(),
        "is_ready": run.status == ImportStatus.READY,
        "is_refused": run.status == ImportStatus.REFUSED,
        "is_applied": run.status == ImportStatus.APPLIED,
        "is_undone": run.status == ImportStatus.UNDONE,
        "is_expired": run.status == ImportStatus.EXPIRED,
    }


class RunView(InspectView):
    """One import: how far it is, what it found, and the buttons that lead on."""

    page_title = "Import"
    state_url_name = ""
    act_url_name = ""
    problems_url_name = ""
    template_name = "catalog/admin/import_run.html"

    def get_queryset(self) -> QuerySet[ImportRun]:
        return visible_to(self.request.user)

    def get_object(self, queryset: Any = None) -> ImportRun:  # noqa: ARG002
        return get_object_or_404(visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        names = {"state": self.state_url_name, "act": self.act_url_name}
        urls = {name: reverse(url, args=[self.object.pk]) for name, url in names.items()}
        urls["problems"] = reverse(self.problems_url_name, args=[self.object.pk])
        return {**context, **state_of(self.object), "urls": urls}


class ImportAddress(PermissionCheckedMixin, View):
    """Something at an address of one import that only its owner may ask for."""

    model = ImportRun
    inspect_url_name = ""
    state_url_name = ""
    act_url_name = ""
    problems_url_name = ""

    def run_of(self, request: HttpRequest, pk: int) -> ImportRun:
        return get_object_or_404(visible_to(request.user), pk=pk)


class StateView(ImportAddress):
    """The changing part of the screen alone, for the script that asks how far it is."""

    permission_required = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        run = self.run_of(request, pk)
        names = {
            "state": self.state_url_name,
            "act": self.act_url_name,
            "problems": self.problems_url_name,
        }
        urls = {name: reverse(url, args=[pk]) for name, url in names.items()}
        answer = TemplateResponse(
            request, "catalog/admin/_import_state.html", {**state_of(run), "urls": urls}
        )
        answer["Cache-Control"] = "private, no-store"
        return answer


class ActView(ImportAddress):
    """What the buttons of an import do."""

    http_method_names = ("post",)
    permission_required = "add"

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        run = self.run_of(request, pk)
        act = request.POST.get("act", "")
        at = timezone.now()
        try:
            if act == "apply":
                runs.confirm(run_id=run.pk, at=at)
            elif act == "check":
                runs.check_again(run_id=run.pk, at=at)
            elif act == "undo":
                runs.ask_undo(run_id=run.pk)
        except (runs.TransitionRefused, uploads.FileGone) as refusal:
            messages.warning(request, str(refusal))
        else:
            log(instance=run, action="wagtail.edit", user=request.user, data={"act": act[:10]})
        return redirect(self.inspect_url_name, run.pk)


class ProblemsView(ImportAddress):
    """Everything that is wrong with a file, as CSV."""

    permission_required = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        run = self.run_of(request, pk)
        rows = run.problems.values_list("row", "column", "message")
        lines = (
            [str(row), sheets.as_cell(column), sheets.as_cell(text)] for row, column, text in rows
        )
        heading = [["row", "column", "message"]]
        return _csv([*heading, *lines], "problems.csv")


class TemplateView(PermissionCheckedMixin, View):
    """An empty sheet with two examples."""

    model = ImportRun
    permission_required = "view"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if request.GET.get("format") == "csv":
            return _csv(exporting.template_rows(), "galea-template.csv")
        return _workbook(exporting.template_rows(), "galea-template.xlsx")


class ExportView(PermissionCheckedMixin, View):
    """Asks which products and as what, then writes them into the answer."""

    model = ImportRun
    permission_required = "view"
    index_url_name = ""
    template_name = "catalog/admin/import_export.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = ExportForm(request.GET or None)
        if not request.user.has_perm("catalog.view_offer"):
            messages.error(request, "You may not see offers.")
            return redirect(self.index_url_name)
        if not form.is_bound or not form.is_valid():
            return TemplateResponse(request, self.template_name, self._context(form))
        pages = form.pages()
        stem = f"galea-{timezone.localdate():%Y-%m-%d}"
        if form.cleaned_data["format"] == "csv":
            return _csv(exporting.rows(pages), f"{stem}.csv")
        if pages.count() > exporting.MOST_IN_A_WORKBOOK:
            form.add_error("format", str(exporting.TooManyForAWorkbook()))
            return TemplateResponse(request, self.template_name, self._context(form))
        return _workbook(exporting.rows(pages), f"{stem}.xlsx")

    def _context(self, form: ExportForm) -> dict[str, Any]:
        return {
            "form": form,
            "header_title": "Export products",
            "page_title": "Export products",
            "header_icon": "download",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": "Home"},
                {"url": reverse(self.index_url_name), "label": "Imports"},
                {"url": "", "label": "Export"},
            ],
        }


def _csv(lines: Any, name: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(exporting.as_csv(lines), content_type="text/csv; charset=utf-8")
    return _attached(answer, name)


def _workbook(lines: Any, name: str) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent.
    exporting.as_workbook(lines, file)
    file.seek(0)
    return _attached(FileResponse(file, content_type=XLSX), name)


def _attached(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class ImportViewSet(ModelViewSet):
    model = ImportRun
    icon = "upload"
    menu_label = "Import and export"
    name = "imports"
    # Nothing is typed into a form of its own, but a viewset asks for its fields.
    form_fields = ("reason",)
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    index_view_class = ImportIndexView
    add_view_class = UploadView
    inspect_view_class = RunView
    list_display = (
        TitleColumn("file_name", label="File", url_name="imports:inspect"),
        Column("owner", label="By"),
        Column("get_kind_display", label="What", sort_key="kind"),
        StatusTagColumn("get_status_display", label="Status", sort_key="status", primary=is_wrong),
        DateColumn("created_at", label="When", sort_key="created_at"),
    )
    list_filter = ("kind", "status")
    search_fields = ("file_name", "reason")

    def _named(self, *names: str) -> dict[str, str]:
        return {f"{name}_url_name": self.get_url_name(name) for name in names}

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        urls = {name: self.get_url_name(name) for name in ("export", "template")}
        wanted: dict[str, Any] = super().get_index_view_kwargs(more_urls=urls, **kwargs)
        return wanted

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = self._named("template", "inspect")
        own = {"template_name": UploadView.template_name, **named, **kwargs}
        wanted: dict[str, Any] = super().get_add_view_kwargs(**own)
        return wanted

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = self._named("state", "act", "problems")
        own = {"template_name": RunView.template_name, **named, **kwargs}
        wanted: dict[str, Any] = super().get_inspect_view_kwargs(**own)
        return wanted

    def get_urlpatterns(self) -> list[URLPattern]:
        one = self._named("inspect", "state", "act", "problems")
        views: dict[str, Any] = {"state": StateView, "act": ActView, "problems": ProblemsView}
        index = {"index_url_name": self.get_url_name("index")}
        return [
            path("template/", self.construct_view(TemplateView), name="template"),
            path("export/", self.construct_view(ExportView, **index), name="export"),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, **one), name=name)
                for name, view in views.items()
            ),
            *super().get_urlpatterns(),
        ]
