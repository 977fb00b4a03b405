"""Products: their list, and the screen that makes a new one from one there is."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.validators import validate_slug
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from catalog import duplication
from catalog.models import CatalogPage, CategoryPage, Offer, ProductPage
from catalog.viewsets.product_list import COLUMNS, EXPORTED, ProductFilterSet, ProductIndexView

_SKU = Offer._meta.get_field("sku")


class DuplicateForm(forms.Form):
    """What the new product is called, and the SKU of each of its offers."""

    title = forms.CharField(max_length=255, label="Title of the new product")
    slug = forms.CharField(
        max_length=255, label="Its address", validators=[validate_slug], help_text="Such as my-wash"
    )

    def __init__(self, *args: Any, offers: list[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        for offer in offers:
            self.fields[f"sku-{offer.pk}"] = forms.CharField(
                label=f"SKU of the new “{offer.label}”",
                required=False,
                max_length=40,
                validators=_SKU.validators[:1],
                help_text=f"Costs {offer.price} like {offer.sku}, none in stock. "
                "Empty: leave this size out.",
            )

    def skus(self) -> dict[int, str]:
        """Return the new SKUs by the offers that they are copies of."""
        typed = {offer.pk: self.cleaned_data[f"sku-{offer.pk}"] for offer in self.offers}
        return {offer_id: sku for offer_id, sku in typed.items() if sku}


def may_duplicate(user: Any, page: Page) -> bool:
    """Tell whether somebody may add a page beside this one, and offers."""
    parent = page.get_parent()
    may_add_page = parent is not None and parent.permissions_for_user(user).can_add_subpage()
    may_add_offer = policy_registry.get_by_type(Offer).user_has_permission(user, "add")
    return bool(may_add_page and may_add_offer)


class DuplicateView(WagtailAdminTemplateMixin, FormView[DuplicateForm]):
    """A draft beside the product, with offers of its own."""

    form_class = DuplicateForm
    template_name = "cms/admin/verb_form.html"
    page_title = "Duplicate product"
    header_icon = "copy"
    index_url_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(ProductPage, pk=kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_duplicate(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        offers = Offer.objects.filter(page=self.page.pk).order_by("sort_order", "pk")
        return {**super().get_form_kwargs(), "offers": list(offers)}

    def get_initial(self) -> dict[str, Any]:
        return {"title": f"{self.page.title} (copy)", "slug": f"{self.page.slug}-copy"}

    def form_valid(self, form: DuplicateForm) -> HttpResponse:
        try:
            copy = duplication.duplicate(
                page_id=self.page.pk,
                title=form.cleaned_data["title"],
                slug=form.cleaned_data["slug"],
                skus=form.skus(),
                by=self.request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except (duplication.SlugTaken, duplication.SkuTaken) as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, "Here is the copy. Nobody sees it before you publish it.")
        return redirect(reverse("wagtailadmin_pages:edit", args=[copy.pk]))

    def get_page_subtitle(self) -> str:
        return f"Duplicate {self.page.title}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": "Products"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["action_url"] = self.request.path
        context["submit_button_label"] = "Make the copy"
        context["submit_button_active_label"] = "Copying…"
        context["media"] = context["form"].media
        return context


class ProductViewSet(PageListingViewSet):
    model = ProductPage
    name = "products"
    icon = "tag"
    menu_label = "Products"
    index_view_class = ProductIndexView
    columns: ClassVar = list(COLUMNS)
    filterset_class = ProductFilterSet
    list_export = tuple(EXPORTED)
    export_filename = "products"

    def get_urlpatterns(self) -> list[URLPattern]:
        duplicate = DuplicateView.as_view(index_url_name=self.get_url_name("index"))
        return [
            *super().get_urlpatterns(),
            path("duplicate/<int:pk>/", duplicate, name="duplicate"),
        ]


class DuplicateButton(PageMenuItem):
    """Leads from a product to its duplicate; Wagtail's own copy leaves the offers behind."""

    label = "Duplicate with offers"
    icon_name = "copy"

    def is_shown(self, user: Any) -> bool:
        return isinstance(self.page.specific_deferred, ProductPage) and may_duplicate(
            user, self.page
        )

    @cached_property
    def url(self) -> str:
        return reverse("products:duplicate", args=[self.page.pk])


class OurOrderButton(PageMenuItem):
    """Leads from a part of the shop to its pages, ready to be dragged into “Our order”."""

    label = "Put products in order"
    icon_name = "list-ul"

    def is_shown(self, user: Any) -> bool:
        is_list = isinstance(self.page.specific_deferred, (CatalogPage, CategoryPage))
        return is_list and bool(self.page.permissions_for_user(user).can_reorder_children())

    @cached_property
    def url(self) -> str:
        return reverse("wagtailadmin_explore", args=[self.page.pk]) + "?ordering=ord"
