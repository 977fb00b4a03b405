"""Stock takes in the admin: begin one, count blind by scanner or hand, look, approve."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from accounts.models import User
from catalog.forms import MOST
from catalog.models import CategoryPage, Offer, StockTake
from catalog.stock_takes import sheets, taking
from catalog.viewsets.batches.asked import AskedAsStock, StockScreen
from catalog.viewsets.offer_list import searched

MOST_LISTED = 300


class TakeScreen(StockScreen):
    above = ("stock_take:index", "Stock takes")


class BeginForm(forms.Form):
    name = forms.CharField(
        max_length=80, help_text="For the list, such as “Shelf by the door, autumn”."
    )


class BeginView(TakeScreen):
    """Choose what is counted: everything, a category, or what a search leaves."""

    page_title = "Begin a stock take"
    template_name = "catalog/admin/stock_take_begin.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").replace("\0", "").strip()[:60]
        chosen = self.request.GET.get("category", "")
        categories = CategoryPage.objects.order_by("title")
        category = categories.filter(pk=chosen).first() if _is_id(chosen) else None
        articles = searched(Offer.objects.filter(stock__isnull=False, is_kit=False), words)
        if category is not None:
            articles = articles.filter(page__path__startswith=category.path)
        named = articles.select_related("page", "stock").order_by("page__title", "sort_order", "pk")
        return {
            "form": BeginForm(initial={"name": category.title if category else ""}),
            **super().get_context_data(**kwargs),
            "words": words,
            "category": category,
            "categories": list(categories),
            "articles": list(named[:MOST_LISTED]),
        }

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        form = BeginForm(request.POST)
        ids = [int(each) for each in request.POST.getlist("id")[:MOST_LISTED] if _is_id(each)]
        by = cast(User, request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            take = taking.begin(
                name=form.cleaned_data["name"], offer_ids=ids, by=by, at=timezone.now()
            )
        except taking.NothingToCount as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form))
        log(instance=take, action="wagtail.create", user=by, title=take.name)
        return redirect("stock_take:count", take.pk)


class OneTake(TakeScreen):
    """A screen of one stock take."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.take = get_object_or_404(StockTake, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.take.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "take": self.take}


class CountView(OneTake):
    """Blind: nothing on it says how many there should be. Without a script, scans travel along."""

    page_title = "Count"
    template_name = "catalog/admin/stock_take_count.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = context.get("rows") or sheets.rows(self.take)
        return {**context, "rows": shown, "done": sum(bool(row.counts) for row in shown)}

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        shown = sheets.rows(self.take)
        typed = {row.line.pk: request.POST.get(row.field_name, "").strip()[:8] for row in shown}
        if request.POST.get("act") != "save":
            code = request.POST.get("scan", "").replace("\0", "").strip()[:60]
            return self._scan(typed, code)
        wrong = [each for each in typed.values() if each and not _is_count(each)]
        if wrong:
            said = sheets.Scanned(typed, f"“{wrong[0]}” is no number of pieces.", is_wrong=True)
            return self._show(said)
        counted = {pk: int(each) for pk, each in typed.items() if each}
        by = cast(User, request.user)
        try:
            count = taking.count(take_id=self.take.pk, counted=counted, by=by, at=timezone.now())
        except taking.REFUSALS as refusal:
            return self._show(sheets.Scanned(typed, str(refusal), is_wrong=True))
        messages.success(request, f"{count} line{'' if count == 1 else 's'} counted.")
        return redirect("stock_take:count", self.take.pk)

    def _scan(self, typed: dict[int, str], code: str) -> HttpResponse:
        if not code:
            return self._show(sheets.Scanned(typed, ""))
        return self._show(sheets.scan(sheets.rows(self.take, typed), code))

    def _show(self, said: sheets.Scanned) -> HttpResponse:
        shown = sheets.rows(self.take, said.typed)
        return self.render_to_response(self.get_context_data(rows=shown, said=said))


class ReviewView(OneTake):
    """The differences, each against what stood there when it was counted."""

    page_title = "Differences"
    permission_required = "view"
    template_name = "catalog/admin/stock_take_review.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = sheets.rows(self.take)
        holding = taking.newest(self.take)
        twice = taking.corrected_since(holding) if self.take.is_open else []
        return {
            **super().get_context_data(**kwargs),
            "rows": [row for row in shown if row.counts],
            "missing": [row for row in shown if not row.counts],
            "differing": sum(bool(each.difference) for each in holding),
            "pieces": sum(each.difference for each in holding),
            "seen": taking.fingerprint(holding),
            "corrected": {each.line_id for each in twice},
            "may_count": self.user_has_permission("change"),
            "may_approve": self.request.user.has_perm("catalog.approve_stocktake"),
        }


class EndView(OneTake):
    """A button that ends a stock take."""

    http_method_names: tuple[str, ...] = ("post",)
    permission_required = "approve"

    @cached_property
    def permission_policy(self) -> Any:
        return ModelPermissionPolicy(StockTake)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        by = cast(User, request.user)
        try:
            self.end(request, by)
        except taking.REFUSALS as refusal:
            messages.error(request, str(refusal))
            typed = urlencode({"reason": request.POST.get("reason", "")})
            return redirect(f"{reverse('stock_take:review', args=[self.take.pk])}?{typed}")
        log(instance=self.take, action="wagtail.edit", user=by, title=self.take.name)
        return redirect("stock_take:review", self.take.pk)

    def end(self, request: HttpRequest, by: User) -> None:
        """Make the one call."""
        raise NotImplementedError


class ApproveView(EndView):
    def end(self, request: HttpRequest, by: User) -> None:
        moved = taking.approve(
            take_id=self.take.pk,
            seen=request.POST.get("seen", ""),
            reason=request.POST.get("reason", "")[:160],
            by=by,
            at=timezone.now(),
        )
        words = f"Approved: {moved} stock level{'' if moved == 1 else 's'} put right."
        messages.success(request, words)


class GiveUpView(EndView):
    def end(self, request: HttpRequest, by: User) -> None:
        taking.give_up(take_id=self.take.pk, by=by, at=timezone.now())
        messages.success(request, "Given up: nothing was changed.")


class StockTakeIndexView(AskedAsStock, IndexView):
    default_ordering = "-started_at"

    def get_base_queryset(self) -> QuerySet[StockTake]:
        takes: Any = super().get_base_queryset().select_related("started_by", "ended_by")
        found: QuerySet[StockTake] = takes.annotate(
            line_count=Count("lines", distinct=True),
            counted_count=Count("lines__counts__line", distinct=True),
        )
        return found

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("change"):
            return []
        url = reverse("stock_take:begin")
        return [HeaderButton("Begin a stock take", url=url, icon_name="plus")]


class StockTakeViewSet(ModelViewSet):
    model = StockTake
    name = "stock_take"
    icon = "list-ol"
    menu_label = "Stock takes"
    # Nothing is ever edited by hand, but a viewset asks for the fields of its forms.
    form_fields = ("name",)
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = StockTakeIndexView
    search_fields = ("name",)
    list_display = (
        TitleColumn(
            "name",
            label="Stock take",
            get_url=lambda take: reverse("stock_take:review", args=[take.pk]),
        ),
        StatusTagColumn("status", accessor="get_status_display", primary=lambda take: take.is_open),
        NumberColumn("counted_count", label="Counted"),
        NumberColumn("line_count", label="Of lines"),
        DateColumn("started_at", label="Begun", sort_key="started_at"),
        Column("started_by", label="By"),
        DateColumn("ended_at", label="Ended"),
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("begin/", BeginView.as_view(), name="begin"),
            path("<int:pk>/count/", CountView.as_view(), name="count"),
            path("<int:pk>/review/", ReviewView.as_view(), name="review"),
            path("<int:pk>/approve/", ApproveView.as_view(), name="approve"),
            path("<int:pk>/give-up/", GiveUpView.as_view(), name="give_up"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.filter(
            content_type__app_label="catalog", codename="approve_stocktake"
        )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= MOST
