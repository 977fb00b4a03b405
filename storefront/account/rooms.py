"""Every room that holds something of people, and every model that is not handed out, with why."""

from collections.abc import Mapping
from typing import Any, Final

from accounts import person as accounts
from accounts.person import Person, Room
from blog import personal_data as blog
from checkout import personal_data as checkout
from outbox import personal_data as outbox
from treatments import personal_data as treatments


def _mails(person: Person) -> Mapping[str, Any]:
    return {"mails": outbox.hand_out(person.emails)}


def _forget_mails(person: Person) -> None:
    outbox.forget(person.emails, instead=person.nobodys_address)


# Accounts come last: the others know by it who is meant.
ROOMS: Final = (
    treatments.ROOM,
    checkout.ROOM,
    blog.ROOM,
    Room("Mails we sent", outbox.HOLDS, _mails, _forget_mails),
    accounts.ROOM,
)

_ACT_OF_STAFF: Final = "an act of staff in the shop's own books; a customer has none"
_EDITOR: Final = "Wagtail's note of an editor's work; a customer has none"
_OF_BOOKS: Final = "part of the shop's own catalogue, made by staff"

# Models that lead to an account or hold an address and are not handed out to customers.
NOT_HANDED_OUT: Final[Mapping[str, str]] = {
    "accounts.User_groups": "roles of staff",
    "accounts.User_user_permissions": "roles of staff",
    "account.EmailConfirmation": "codes in mails take its place; it stays empty",
    "blog.Approval": _ACT_OF_STAFF,
    "blog.ImportedComment": "where a comment stood before; the comment itself is handed out",
    "blog.Person": "a public professional, named on the pages of the guide",
    "blog.ReviewRequest": _ACT_OF_STAFF,
    "blog.CommentReport": "says nothing of who reported",
    "blog.Subscriber_topics": "handed out with the newsletter, as names",
    "catalog.Batch": _ACT_OF_STAFF,
    "catalog.BatchMove": _ACT_OF_STAFF,
    "catalog.GoodsReceipt": _ACT_OF_STAFF,
    "catalog.ImportRun": _ACT_OF_STAFF,
    "catalog.OfferPrice": _ACT_OF_STAFF,
    "catalog.PlannedPrice": _ACT_OF_STAFF,
    "catalog.PriceRound": _ACT_OF_STAFF,
    "catalog.StockCount": _ACT_OF_STAFF,
    "catalog.StockMovement": _ACT_OF_STAFF,
    "catalog.StockTake": _ACT_OF_STAFF,
    "checkout.Recall": _ACT_OF_STAFF,
    "checkout.InvoiceSeller": "the shop's own address",
    "claims.ClaimOverride": _ACT_OF_STAFF,
    "cms.CustomImage": _OF_BOOKS,
    "cms.Download": "files that staff had made, deleted within a day",
    "mfa.Authenticator": "the second factor of staff, sealed; a customer has none",
    "storefront.SiteSettings": "the clinic's own address",
    "treatments.LedgerNote": "what clinical staff wrote, sealed; read by them alone and forgotten",
    "treatments.Protocol": _ACT_OF_STAFF,
    "treatments.QuestionnaireVersion": _ACT_OF_STAFF,
    "wagtailadmin.EditingSession": _EDITOR,
    "wagtailadmin.FormState": _EDITOR,
    "wagtailcore.APIToken": _EDITOR,
    "wagtailcore.Comment": _EDITOR,
    "wagtailcore.CommentReply": _EDITOR,
    "wagtailcore.ModelLogEntry": "the history of what staff did; it names rows, not people",
    "wagtailcore.Page": _EDITOR,
    "wagtailcore.PageLogEntry": _EDITOR,
    "wagtailcore.PageSubscription": _EDITOR,
    "wagtailcore.Revision": _EDITOR,
    "wagtailcore.TaskState": _EDITOR,
    "wagtailcore.UploadedFile": _EDITOR,
    "wagtailcore.WorkflowState": _EDITOR,
    "wagtaildocs.Document": _OF_BOOKS,
    "wagtailimages.Image": _OF_BOOKS,
    "wagtailusers.UserProfile": "settings of the admin",
}
