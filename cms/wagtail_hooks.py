"""What pages of every kind share in the admin: links, and what may not be published."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from claims import checking
from cms.downloads.screens import DownloadFileView, DownloadsView
from cms.page_links import LivePageLinks
from cms.schedule import HELD_BACK
from cms.told_edits import EDITED, EditFormatter


@hooks.register("before_bulk_action")
def publish_only_what_may_be_said(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse to publish many pages at once while one of them says what it may not."""
    pages = [each for each in objects if isinstance(each, Page)]
    if action_type != "publish" or not pages:
        return None
    drafts = [page.get_latest_revision_as_object() for page in pages]
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        below = (child for page in pages for child in page.get_descendants().not_live())
        drafts += [page.get_latest_revision_as_object() for page in below]
    return redirect(action.next_url) if _refused(request, drafts) else None


@hooks.register("before_copy_page")
def copy_only_what_may_be_said(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to publish copies, or to mirror pages, whose sentences nobody has allowed there."""
    is_public = request.POST.get("publish_copies") or request.POST.get("alias")
    if request.method != "POST" or not is_public:
        return None
    originals = [page.specific]
    if request.POST.get("copy_subpages"):
        originals += page.get_descendants().live().specific()
    is_refused = _refused(request, originals, as_copies=not request.POST.get("alias"))
    return redirect("wagtailadmin_pages:copy", page.pk) if is_refused else None


@hooks.register("register_admin_urls")
def register_files() -> list[URLPattern]:
    """The files that the worker makes, each for whoever asked for it."""
    return [
        path("files/", DownloadsView.as_view(), name="downloads"),
        path("files/<int:pk>/", DownloadFileView.as_view(), name="download_file"),
    ]


@hooks.register("register_log_actions")
def name_what_is_asked_for(actions: Any) -> None:
    """How the shop's history says that somebody had a file made."""
    actions.register_action("cms.ask_for_file", "Ask for a file", "A file was asked for")


@hooks.register("register_reports_menu_item")
def files() -> MenuItem:
    return MenuItem(
        "Your files", reverse("downloads"), icon_name="download", name="files", order=900
    )


@hooks.register("register_log_actions")
def tell_edits(actions: Any) -> None:
    """How the shop's history says what an edit changed."""
    actions.register_action(EDITED)(EditFormatter)


@hooks.register("register_log_actions")
def name_what_is_held_back(actions: Any) -> None:
    """How a page's history says that its moment came and it stayed a draft."""

    @actions.register_action(HELD_BACK)
    class HeldBack(LogFormatter):
        label = "Held back"

        def format_message(self, log_entry: Any) -> str:
            return f"Held back when its moment came. {log_entry.data.get('why', '')}"


def _refused(request: HttpRequest, pages: Iterable[Page], *, as_copies: bool = False) -> bool:
    is_refused = False
    for page in pages:
        found = checking.check_row(page)
        blocking = [one for one in found if one.finding.is_blocking]
        for one in blocking if as_copies else checking.not_allowed(page, found):
            is_refused = True
            messages.error(request, f"Nothing was published. {page.title}. {checking.explain(one)}")
    return is_refused


@hooks.register("register_rich_text_features", order=10)
def lead_to_public_pages_only(features: FeatureRegistry) -> None:
    """Take the place of Wagtail's own links between pages."""
    features.register_link_type(LivePageLinks)
