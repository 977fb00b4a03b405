"""Which rows visitors can see, and the receivers for those that Wagtail's own views write.

Our verbs say themselves what they change (`freshness.changes.changed`), in the transaction that
changes it. Rows without a verb of ours are listened to here. A test walks all models: one that is
in none of these tables fails it, so nothing new is shown from a cache without anybody thinking.

Signals are not sent by `bulk_create`, `bulk_update`, `update` and raw SQL: whoever writes rows of
the first two tables that way calls `changed()` in the same transaction.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from modelcluster.fields import ParentalKey
from wagtail.models import COMMENTS_RELATION_NAME, Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from catalog.kits import pages_selling
from catalog.models import Offer
from cms.models import CustomImage, CustomRendition
from freshness.changes import SITE, changed, offers_of
from storefront import navigation

# May stand on any page. Pages of every kind, and the rows that are part of one (`ParentalKey`),
# belong here too and need no line.
ANYWHERE = {
    "blog.Person",
    "blog.Topic",
    "blog.CommentSettings",
    "catalog.Concern",
    "catalog.FreeFrom",
    "catalog.ResponsiblePerson",
    "catalog.SkinFeel",
    "checkout.DeliveryMethod",
    "checkout.DeliveryRate",
    "checkout.DeliveryZone",
    "checkout.Holiday",
    "cms.CustomImage",
    "storefront.SiteSettings",
    "taggit.Tag",
    "treatments.CareTag",
    "treatments.Practitioner",
    "treatments.Treatment",
    "wagtailcore.Locale",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.Site",
    "wagtaildocs.Document",
    "wagtailredirects.Redirect",
    "wagtailsearchpromotions.SearchPromotion",
}
# Shown on the pages that sell it, and in lists.
ON_PAGES_THAT_SELL = {"catalog.Offer"}
# The module that writes them says what changes, and only when somebody can see it.
SAID_BY_VERBS = {
    "blog.ArticleLikeness": "blog.likeness",
    "blog.IssueArticle": "blog.newsletter_issues; an issue is fixed once it is public",
    "blog.NewsletterIssue": "blog.newsletter_issues",
    "blog.Comment": "blog.comments.moderation",
    "catalog.BoughtTogether": "the job that counts what is bought together",
    "catalog.OfferPart": "catalog.kits",
    "catalog.Stock": "catalog.stock",
    "cms.SocialPicture": "cms.social_pictures",
    "storefront.SearchWord": "storefront.search.vocabulary",
    "storefront.Synonym": "its own save and delete",
    "storefront.VocabularyMark": "storefront.search.vocabulary",
    "treatments.QuestionnaireVersion": "treatments.questionnaires",
    "cms.CustomRendition": "cms.pictures; Wagtail's own deleting is listened to",
}
# No public page shows them.
NEVER = {
    "blog.Approval",
    "blog.ClinicalReviewTask",
    "blog.ClinicalReviewTaskState",
    "blog.ReviewRequest",
    "account.EmailAddress",
    "account.EmailConfirmation",
    "accounts.AccountSession",
    "accounts.User",
    "mfa.Authenticator",
    "auth.Group",
    "auth.Permission",
    "blog.ArticleViews",
    "blog.IssueDelivery",
    "blog.MailTrouble",
    "blog.NewsletterConsent",
    "blog.SendingPace",
    "blog.Subscriber",
    "blog.ImportedComment",
    "blog.ImportedPicture",
    "blog.ImportedPost",
    "blog.CommentReport",
    "blog.NetworkSalt",
    "blog.PostingCount",
    "blog.PrivateQuestion",
    "blog.ReplySubscription",
    "blog.SpamWord",
    "catalog.Batch",
    "catalog.BatchMove",
    "catalog.GoodsReceipt",
    "catalog.GoodsReceiptLine",
    "catalog.ImportPart",
    "catalog.ImportProblem",
    "catalog.ImportRun",
    "catalog.ImportedChange",
    "catalog.OfferPrice",
    "catalog.PlannedPrice",
    "catalog.PriceRound",
    "catalog.PriceRoundLine",
    "catalog.Reservation",
    "catalog.SalesCount",
    "catalog.StockCount",
    "catalog.StockMovement",
    "catalog.StockTake",
    "catalog.StockTakeLine",
    "checkout.AdditionCount",
    "checkout.Basket",
    "checkout.BasketCard",
    "checkout.BasketCheck",
    "checkout.BasketLine",
    "checkout.DeliveryAddress",
    "checkout.DeskBasket",
    "checkout.DestinationRate",
    "checkout.DestinationVat",
    "checkout.Discount",
    "checkout.DiscountCode",
    "checkout.DiscountUse",
    "checkout.Dispute",
    "checkout.EnteredCode",
    "checkout.GiftCard",
    "checkout.GiftCardEvent",
    "checkout.GiftCardUse",
    "checkout.HandReduction",
    "checkout.Invoice",
    "checkout.InvoiceBuyer",
    "checkout.InvoiceCounter",
    "checkout.InvoiceSeller",
    "checkout.ItemToSend",
    "checkout.LineReduction",
    "checkout.Order",
    "checkout.OrderCard",
    "checkout.OrderCheck",
    "checkout.OrderEvent",
    "checkout.OrderLine",
    "checkout.OrderLinePart",
    "checkout.OrderFile",
    "checkout.OrderNote",
    "checkout.OrderTag",
    "checkout.ParcelBatch",
    "checkout.Payment",
    "checkout.Recall",
    "checkout.RecallNotice",
    "checkout.ReconciliationRun",
    "checkout.Refund",
    "checkout.RefundLine",
    "checkout.RefundRate",
    "checkout.RefundSettings",
    "checkout.Return",
    "checkout.ReturnLine",
    "checkout.ReturnPhoto",
    "checkout.SavedView",
    "checkout.Shipment",
    "checkout.ShipmentLine",
    "checkout.StripeBooking",
    "checkout.StripeCustomer",
    "checkout.StripeEvent",
    "checkout.Withdrawal",
    "checkout.WithdrawalDecision",
    "checkout.WithdrawalLine",
    "claims.ClaimOverride",
    "claims.Evidence",
    "cms.Download",
    "cms.DownloadPart",
    "contenttypes.ContentType",
    "django_tasks_database.DBTaskResult",
    "freshness.Change",
    "outbox.OutboundMail",
    "sessions.Session",
    "storefront.JobRun",
    "storefront.KeptRole",
    "storefront.MissingAddress",
    "storefront.UnansweredTerm",
    "storefront.ViewLogMark",
    "taggit.TaggedItem",
    "treatments.AftercareStop",
    "treatments.AftercareWindow",
    "treatments.Appointment",
    "treatments.AppointmentDay",
    "treatments.CalendarLink",
    "treatments.Gift",
    "treatments.LedgerEntry",
    "treatments.LedgerNote",
    "treatments.ConsultationRequest",
    "treatments.Questionnaire",
    "treatments.SuitabilityCheck",
    "treatments.Protocol",
    "treatments.SessionPass",
    "treatments.SymptomReport",
    "treatments.WarningSign",
    "wagtailadmin.Admin",
    "wagtailadmin.EditingSession",
    "wagtailadmin.FormState",
    "wagtailcore.APIToken",
    "wagtailcore.Collection",
    "wagtailcore.CollectionViewRestriction",
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.GroupApprovalTask",
    "wagtailcore.GroupCollectionPermission",
    "wagtailcore.GroupPagePermission",
    "wagtailcore.GroupSitePermission",
    "wagtailcore.ModelLogEntry",
    "wagtailcore.PageLogEntry",
    "wagtailcore.PageSubscription",
    "wagtailcore.ReferenceIndex",
    "wagtailcore.Revision",
    "wagtailcore.Task",
    "wagtailcore.TaskState",
    "wagtailcore.UploadedFile",
    "wagtailcore.Workflow",
    "wagtailcore.WorkflowContentType",
    "wagtailcore.WorkflowPage",
    "wagtailcore.WorkflowState",
    "wagtailcore.WorkflowTask",
    "wagtailembeds.Embed",
    "wagtailforms.FormSubmission",
    "wagtailimages.Image",
    "wagtailimages.Rendition",
    "wagtailsearch.IndexEntry",
    "wagtailsearch.SQLiteFTSIndexEntry",
    "wagtailsearchpromotions.Query",
    "wagtailsearchpromotions.QueryDailyHits",
    "wagtailusers.UserProfile",
}

# What is saved of a page while it is a draft, and of a picture that is measured.
_UNSEEN_FIELDS = {
    COMMENTS_RELATION_NAME, "draft_title", "file_hash", "file_size", "has_unpublished_changes",
    "latest_revision", "latest_revision_created_at", "live_revision", "locked", "locked_at",
    "locked_by", "numchild",
}  # fmt: skip


def connect() -> None:
    """Listen to what Wagtail writes; called once, when all apps are loaded."""
    anywhere = {model for model in apps.get_models() if is_shown_anywhere(model)}
    for model in anywhere:
        post_save.connect(_note_saved, sender=model, dispatch_uid="visible_rows")
        post_delete.connect(_note_site, sender=model, dispatch_uid="visible_rows")
    for through in _relations_of(anywhere):
        m2m_changed.connect(_note_site, sender=through, dispatch_uid="visible_rows")
    for happened in (page_published, page_unpublished, post_page_move):
        happened.connect(_note_site, dispatch_uid="visible_rows")
    post_delete.connect(_note_site, sender=CustomRendition, dispatch_uid="visible_rows")
    pre_save.connect(_note_page_left, sender=Offer, dispatch_uid="visible_rows")
    post_save.connect(_note_offer, sender=Offer, dispatch_uid="visible_rows")
    post_delete.connect(_note_offer, sender=Offer, dispatch_uid="visible_rows")


def is_shown_anywhere(model: type[Model]) -> bool:
    """Tell whether any page may show a row: a page, a part of one, or one of the table."""
    return issubclass(model, Page) or _is_part_of_page(model) or model._meta.label in ANYWHERE


def _is_part_of_page(model: type[Model]) -> bool:
    """Tell whether a row belongs to a page of ours; Wagtail's own are notes for editors."""
    return model._meta.app_label not in {"wagtailcore", "wagtailadmin"} and any(
        isinstance(field, ParentalKey) and issubclass(field.related_model, Page)
        for field in model._meta.local_fields
    )


def _relations_of(models: Collection[type[Model]]) -> Iterator[type[Model]]:
    for model in models:
        for field in model._meta.local_many_to_many:
            if (through := field.remote_field.through) is not None:
                yield through


def _note_saved(
    *,
    instance: Model,
    created: bool,
    update_fields: Collection[str] | None = None,
    **_signal: Any,
) -> None:
    if update_fields is not None and set(update_fields) <= _UNSEEN_FIELDS:
        return
    if created and isinstance(instance, CustomImage):
        return  # No page shows it yet.
    _note_site()


def _note_site(**_signal: Any) -> None:
    changed(SITE)
    transaction.on_commit(navigation.forget)


def _note_page_left(
    *, instance: Offer, update_fields: Collection[str] | None = None, **_signal: Any
) -> None:
    """An offer that moves to another page is missed on the one it leaves."""
    may_move = update_fields is None or "page" in update_fields
    if instance._state.adding or not may_move:
        return
    left = Offer.objects.filter(pk=instance.pk).exclude(page=instance.page_id)
    changed(*offers_of(*left.values_list("page_id", flat=True)))


def _note_offer(*, instance: Offer, **_signal: Any) -> None:
    changed(*offers_of(instance.page_id, *sorted(pages_selling([instance.pk]))))
