"""The roles that every shop has, and which of them may what.

A right is Django's own name for it, or an action on pages, images or documents as Wagtail gives
them, for the whole tree: `page publish`. docs/roles.md is written from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RoleOfShop:
    """What a group is for.

    :ivar key: names it for good; staff may rename the group itself.
    :ivar letter: stands for it in the table of rights.
    """

    key: str
    letter: str
    group: str
    does: str


ROLES: Final = (
    RoleOfShop("fulfilment", "F", "Fulfilment", "Packs, hands over and counts goods."),
    RoleOfShop(
        "front_desk", "D", "Front desk", "Redeems sessions, answers for appointments and orders."
    ),
    RoleOfShop(
        "marketer", "W", "Marketers", "Writes pages and articles, moderates, sends the newsletter."
    ),
    RoleOfShop(
        "clinical_reviewer",
        "C",
        "Clinical reviewers",
        "Answers for what is said and asked about health; the only one who reads it.",
    ),
    RoleOfShop(
        "manager", "M", "Managers", "Runs the shop: prices, stock, money back, delivery, all pages."
    ),
    RoleOfShop("owner", "O", "Owners", "A manager who also decides who works here and as what."),
)

# Nobody but clinical reviewers reads or writes what is told of somebody's health: an owner who
# is one belongs to both groups.
RIGHTS: Final[Mapping[str, str]] = {
    "wagtailadmin.access_admin": "FDWCMO",
    # Orders and money
    "checkout.view_order": "FDMO",
    "checkout.pack_order": "FDMO",
    "checkout.send_disputed": "MO",
    "checkout.note_order": "FDMO",
    "checkout.cancel_order": "DMO",
    "checkout.sell_order": "DMO",
    "checkout.lessen_order": "MO",
    "checkout.refund_order": "MO",
    "checkout.report_order": "MO",
    "checkout.refund_large": "MO",
    "checkout.change_refundsettings": "O",
    "checkout.change_invoiceseller": "MO",
    "checkout.change_destinationvat": "MO",
    "checkout.view_withdrawal": "DMO",
    "checkout.view_return": "FDMO",
    "checkout.handle_return": "FDMO",
    "checkout.view_discount": "DWMO",
    "checkout.add_discount": "WMO",
    "checkout.change_discount": "WMO",
    "checkout.delete_discount": "MO",
    "checkout.view_giftcard": "DMO",
    "checkout.issue_giftcard": "MO",
    "checkout.view_recall": "FMO",
    "checkout.start_recall": "MO",
    "checkout.view_deliveryzone": "MO",
    "checkout.add_deliveryzone": "MO",
    "checkout.change_deliveryzone": "MO",
    "checkout.delete_deliveryzone": "MO",
    "checkout.view_deliverymethod": "MO",
    "checkout.add_deliverymethod": "MO",
    "checkout.change_deliverymethod": "MO",
    "checkout.delete_deliverymethod": "MO",
    "checkout.view_deliveryrate": "MO",
    "checkout.add_deliveryrate": "MO",
    "checkout.change_deliveryrate": "MO",
    "checkout.delete_deliveryrate": "MO",
    "checkout.view_holiday": "MO",
    "checkout.add_holiday": "MO",
    "checkout.change_holiday": "MO",
    "checkout.delete_holiday": "MO",
    "checkout.view_stripeevent": "MO",
    "checkout.view_reconciliationrun": "MO",
    "checkout.repair_reconciliationrun": "MO",
    "outbox.view_outboundmail": "MO",
    "outbox.resend_outboundmail": "MO",
    # What is for sale
    "catalog.view_offer": "FWMO",
    "catalog.add_offer": "MO",
    "catalog.change_offer": "MO",
    "catalog.view_stock": "FMO",
    "catalog.change_stock": "FMO",
    "catalog.approve_stocktake": "MO",
    "catalog.value_stock": "MO",
    "catalog.view_importrun": "MO",
    "catalog.add_importrun": "MO",
    "catalog.view_concern": "WMO",
    "catalog.add_concern": "WMO",
    "catalog.change_concern": "WMO",
    "catalog.view_skinfeel": "WMO",
    "catalog.add_skinfeel": "WMO",
    "catalog.change_skinfeel": "WMO",
    "catalog.view_freefrom": "WMO",
    "catalog.add_freefrom": "WMO",
    "catalog.change_freefrom": "WMO",
    "catalog.view_responsibleperson": "WMO",
    "catalog.add_responsibleperson": "WMO",
    "catalog.change_responsibleperson": "WMO",
    # The clinic
    "treatments.view_sessionpass": "DCMO",
    "treatments.redeem_sessionpass": "DCMO",
    "treatments.adjust_sessionpass": "MO",
    "treatments.override_sessionpass": "C",
    "treatments.view_appointment": "DCMO",
    "treatments.answer_appointment": "DCMO",
    "treatments.view_treatment": "DCMO",
    "treatments.add_treatment": "MO",
    "treatments.change_treatment": "CMO",
    "treatments.view_protocol": "DCMO",
    "treatments.add_protocol": "C",
    "treatments.view_caretag": "CMO",
    "treatments.add_caretag": "C",
    "treatments.change_caretag": "C",
    "treatments.view_questionnaire": "C",
    "treatments.add_questionnaire": "C",
    "treatments.change_questionnaire": "C",
    "treatments.publish_questionnaire": "C",
    "treatments.view_consultationrequest": "C",
    "treatments.answer_consultationrequest": "C",
    "treatments.view_symptomreport": "C",
    "treatments.answer_symptomreport": "C",
    # The guide
    "blog.view_person": "WCMO",
    "blog.add_person": "WMO",
    "blog.change_person": "WMO",
    "blog.view_topic": "WCMO",
    "blog.add_topic": "WMO",
    "blog.change_topic": "WMO",
    "blog.delete_topic": "WMO",
    "blog.ask_for_review": "WMO",
    "blog.give_review": "C",
    "blog.let_through": "MO",
    "blog.view_comment": "WCMO",
    "blog.moderate_comment": "WCMO",
    "blog.change_commentsettings": "MO",
    "blog.view_privatequestion": "C",
    "blog.answer_privatequestion": "C",
    "blog.view_newsletterissue": "WMO",
    "blog.add_newsletterissue": "WMO",
    "blog.change_newsletterissue": "WMO",
    "blog.delete_newsletterissue": "WMO",
    "blog.send_newsletterissue": "WMO",
    "blog.view_subscriber": "WMO",
    "blog.change_subscriber": "WMO",
    "blog.erase_subscriber": "WMO",
    "claims.view_evidence": "WCMO",
    "claims.add_evidence": "C",
    "claims.change_evidence": "C",
    "claims.view_claimoverride": "WCMO",
    "claims.add_claimoverride": "C",
    # Pages, pictures and the ways to them
    "page add": "WMO",
    "page change": "WCMO",
    "page publish": "WMO",
    "page bulk_delete": "MO",
    "page lock": "MO",
    "page unlock": "MO",
    "image add": "WMO",
    "image change": "WMO",
    "image choose": "WCMO",
    "document add": "WMO",
    "document change": "WMO",
    "document choose": "WMO",
    "storefront.view_synonym": "WMO",
    "storefront.add_synonym": "WMO",
    "storefront.change_synonym": "WMO",
    "storefront.delete_synonym": "WMO",
    "storefront.view_missingaddress": "WMO",
    "storefront.change_missingaddress": "WMO",
    "wagtailsearchpromotions.add_searchpromotion": "WMO",
    "wagtailsearchpromotions.change_searchpromotion": "WMO",
    "wagtailsearchpromotions.delete_searchpromotion": "WMO",
    "wagtailredirects.add_redirect": "WMO",
    "wagtailredirects.change_redirect": "WMO",
    "wagtailredirects.delete_redirect": "WMO",
    "storefront.change_sitesettings": "MO",
    # Customers, and who works here
    "accounts.merge_user": "MO",
    "accounts.add_user": "O",
    "accounts.change_user": "O",
    "auth.add_group": "O",
    "auth.change_group": "O",
    "auth.delete_group": "O",
}


def rights_of(role: RoleOfShop) -> frozenset[str]:
    """Return what the table gives to a role."""
    return frozenset(right for right, letters in RIGHTS.items() if role.letter in letters)
