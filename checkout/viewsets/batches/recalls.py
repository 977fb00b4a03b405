"""Recalls and drills: find a batch, see who got it, review the mail, send it."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from accounts.models import User
from catalog.models import Batch
from checkout.batches import recall_mails, recalling
from checkout.models import Recall
from checkout.viewsets.stripe import ReadOnlyViewSet
from cms.sheet_files import CSV, XLSX, sheet_response

SHOWN_BATCHES = 20
SHOWN_NOTICES = 200
HEADINGS = ("Order", "Name", "E-mail", "Placed", "Pieces", "Batch")


class RecallScreen(PermissionCheckedMixin):
    """Asks for the right to call goods back."""

    model = Recall
    permission_required: str | None = "start"


class StartForm(forms.Form):
    """Which batch, why, and whether it is only tried."""

    batch = forms.IntegerField(min_value=1, max_value=2**62)
    reason = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=[("drill", "drill"), ("recall", "recall")])


class StartView(RecallScreen, WagtailAdminTemplateMixin, TemplateView):
    """Scan or type the number of a batch; then try the recall, or start it."""

    page_title = "Call a batch back"
    template_name = "checkout/admin/recall_start.html"
    header_icon = "warning"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("recalls:index"), "label": "Recalls"}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").replace("\0", "").strip()[:60]
        batches = Batch.objects.exclude(code="").filter(code__icontains=words)
        found = batches.select_related("offer__page").order_by("-arrived_on", "-pk")
        shown = list(found[:SHOWN_BATCHES]) if words else []
        return {**super().get_context_data(**kwargs), "words": words, "batches": shown}

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        form = StartForm(request.POST)
        back = redirect(f"{reverse('recalls:start')}?{request.GET.urlencode()}")
        if not form.is_valid():
            messages.error(request, "Nothing was started: say why.")
            return back
        batch = get_object_or_404(Batch, pk=form.cleaned_data["batch"])
        by = cast(User, request.user)
        try:
            recall = recalling.start(
                batch_id=batch.pk,
                reason=form.cleaned_data["reason"],
                is_drill=form.cleaned_data["kind"] == "drill",
                by=by,
                at=timezone.now(),
            )
        except recalling.REFUSALS as refusal:
            messages.error(request, str(refusal))
            return back
        log(instance=recall, action="wagtail.create", user=by, title=str(recall))
        return redirect("recalls:inspect", recall.pk)


class WordsForm(forms.Form):
    subject = forms.CharField(max_length=120)
    text = forms.CharField(
        label="What they read",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="After “Hello …,”. How many pieces they got and the link to the order follow.",
    )


class RecallInspectView(InspectView):
    """The report of one recall: how many were found, who, in what time; and the draft."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recall = self.object
        notices = list(recall.notices.select_related("order")[:SHOWN_NOTICES])
        words = {"subject": recall.subject, "text": recall.text}
        for notice in notices:
            notice.recall = recall
        return {
            **super().get_context_data(**kwargs),
            "notices": notices,
            "waiting": recalling.waiting_parcels(recall.batch),
            "words_form": kwargs.get("words_form") or WordsForm(initial=words),
            "draft": recall_mails.write(notices[0]) if notices else None,
            "may_start": self.user_has_permission("start"),
            "may_send": self.user_has_permission("start")
            and not recall.is_drill
            and recall.sent_at is None,
        }


class WordView(RecallScreen, View):
    """What is written is changed."""

    http_method_names: tuple[str, ...] = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        recall = get_object_or_404(Recall, pk=pk)
        form = WordsForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Nothing was saved: the mail needs a subject and a text.")
            return redirect("recalls:inspect", pk)
        try:
            recalling.word(recall_id=recall.pk, **form.cleaned_data)
        except recalling.SentBefore as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The draft is saved; read it once more below.")
        return redirect("recalls:inspect", pk)


class SendView(RecallScreen, View):
    """Every buyer is written to."""

    http_method_names: tuple[str, ...] = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        recall = get_object_or_404(Recall, pk=pk)
        by = cast(User, request.user)
        try:
            count = recalling.send(recall_id=recall.pk, by=by, at=timezone.now())
        except recalling.REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            log(instance=recall, action="wagtail.edit", user=by, title=str(recall))
            words = f"{count} mail{'' if count == 1 else 's'} on the way."
            messages.success(request, words)
        return redirect("recalls:inspect", pk)


class FileView(RecallScreen, View):
    """The report as a file: who got how many."""

    def get(self, _request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        if kind not in {CSV, XLSX}:
            raise Http404
        recall = get_object_or_404(Recall.objects.select_related("batch"), pk=pk)
        rows = [
            (
                notice.order.number,
                notice.order.name,
                notice.order.email,
                timezone.localdate(notice.order.placed_at).isoformat(),
                notice.quantity,
                recall.batch.code,
            )
            for notice in recall.notices.select_related("order")
        ]
        answer = sheet_response(f"recall-{recall.pk}", kind, HEADINGS, rows)
        answer["Cache-Control"] = "private, no-store"
        return answer


class RecallIndexView(IndexView):
    default_ordering = "-started_at"

    def get_base_queryset(self) -> QuerySet[Recall]:
        rows: QuerySet[Recall] = super().get_base_queryset()
        return rows.select_related("batch__offer", "started_by")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("start"):
            return []
        url = reverse("recalls:start")
        return [HeaderButton("Call a batch back", url=url, icon_name="warning")]


def _kind(recall: Recall) -> str:
    return "Drill" if recall.is_drill else "Recall"


class RecallViewSet(ReadOnlyViewSet):
    model = Recall
    name = "recalls"
    icon = "warning"
    menu_label = "Recalls"
    # Nothing is ever edited by hand, but a viewset asks for the fields of its forms.
    form_fields = ("reason",)
    index_view_class = RecallIndexView
    inspect_view_class = RecallInspectView
    inspect_template_name = "checkout/admin/recall_inspect.html"
    inspect_view_fields = ("batch", "reason", "started_at", "started_by")
    list_display = (
        TitleColumn(
            "batch",
            label="Batch",
            get_url=lambda recall: reverse("recalls:inspect", args=[recall.pk]),
        ),
        Column("kind", label="Kind", accessor=_kind),
        Column("reason", label="Why"),
        NumberColumn("found_orders", label="Orders"),
        NumberColumn("found_pieces", label="Pieces"),
        DateColumn("started_at", label="Started", sort_key="started_at"),
        DateColumn("sent_at", label="Mails sent"),
    )
    search_fields = ("batch__code", "batch__offer__sku")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("start/", StartView.as_view(), name="start"),
            path("word/<int:pk>/", WordView.as_view(), name="word"),
            path("send/<int:pk>/", SendView.as_view(), name="send"),
            path("file/<int:pk>/<slug:kind>/", FileView.as_view(), name="file"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.filter(
            content_type__app_label="checkout", codename__in=["view_recall", "start_recall"]
        )
