"""What the editor offers about an article's review, and how it says no."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PublishMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
)
from wagtail.models import Page

from blog.models import ArticlePage
from blog.review import gate, workflow

ASK = "action-ask-review"
_NOT_PUBLISHED = (
    "Saved as a draft, not published: what “%s” says now has no clinical approval."
    " Ask for a review; once it is approved you can publish or schedule it."
)


class AskMenuItem(ActionMenuItem):
    """Saves the draft and goes on to the choice of a reviewer."""

    name = ASK
    label = "Ask for clinical review"
    icon_name = "clipboard-list"


class WithdrawMenuItem(CancelWorkflowMenuItem):
    """Takes the question back, so that the article can be edited again."""

    label = "Withdraw from review"


def arrange_menu(items: list[Any], context: dict[str, Any]) -> None:
    """Offer publishing for what is approved, and asking for what is not, before all else."""
    page = context.get("page")
    if not _is_article(page, context.get("parent_page")) or context["view"] == "revisions_revert":
        return
    unwanted: tuple[type[Any], ...] = (
        SubmitForModerationMenuItem,
        RestartWorkflowMenuItem,
        CancelWorkflowMenuItem,
    )
    is_approved = page is not None and page.pk and gate.may_be_published(page)
    if not is_approved:
        unwanted = (*unwanted, PublishMenuItem)
    is_locked = bool(context.get("locked_for_user"))
    left = [item for item in items if not isinstance(item, unwanted)]
    if not is_approved and not is_locked:
        left.append(AskMenuItem())
    if page is not None and workflow.is_clinical(page.current_workflow_task):
        withdraw = WithdrawMenuItem()
        left += [withdraw] if withdraw.is_shown(context) else []
    # The first one is the button that is always seen: what is to be done next.
    items[:] = sorted(left, key=lambda item: not isinstance(item, (AskMenuItem, PublishMenuItem)))


def refuse_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead back to the editor, the draft saved, when somebody publishes what is not approved."""
    if not isinstance(page, ArticlePage) or gate.may_be_published(page):
        return None
    _say_not_published(request, page)
    return redirect("wagtailadmin_pages:edit", page.pk)


def go_on_to_asking(request: HttpRequest, page: Page) -> HttpResponse | None:
    """After saving, go where the reviewer is chosen, if that was the button."""
    if isinstance(page, ArticlePage) and ASK in request.POST:
        return redirect("reviews:ask", page.pk)
    return None


def refuse_bulk(request: HttpRequest, pages: list[Page], action: Any) -> HttpResponse | None:
    """Refuse to publish many pages at once while one of them is not approved."""
    wanted = ArticlePage.objects.filter(pk__in=[page.pk for page in pages])
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        for page in pages:
            wanted |= ArticlePage.objects.filter(path__startswith=page.path, live=False)
    drafts = (article.get_latest_revision_as_object() for article in wanted)
    refused = [draft.title for draft in drafts if not gate.may_be_published(draft)]
    if not refused:
        return None
    titles = ", ".join(refused)
    messages.error(request, f"Nothing was published. Without clinical approval: {titles}.")
    return redirect(action.next_url)


def refuse_live_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to publish a copy under another title: nobody has approved that."""
    article = page.specific
    if not isinstance(article, ArticlePage) or not request.POST.get("publish_copies"):
        return None
    article.title = request.POST.get("new_title", article.title)
    if not article.live or gate.may_be_published(article):
        return None
    messages.error(
        request,
        "Nothing was copied: under its new title the copy has no clinical approval."
        " Leave out “publish copies” and ask for a review of the copy.",
    )
    return redirect(reverse("wagtailadmin_pages:copy", args=[page.pk]))


def _say_not_published(request: HttpRequest, page: Page) -> None:
    ask = messages.button(reverse("reviews:ask", args=[page.pk]), "Ask for clinical review")
    messages.warning(request, _NOT_PUBLISHED % page.title, buttons=[ask])


def _is_article(page: Any, parent: Any) -> bool:
    if page is not None:
        return isinstance(page, ArticlePage)
    return parent is not None and ArticlePage in parent.specific_class.allowed_subpage_models()
