"""The clinic: treatments with their pages, and the packages of sessions that are sold for them."""

import datetime as dt
from collections.abc import Mapping

from wagtail.models import Page

from catalog import prices
from catalog.models import (
    CategoryPage,
    Offer,
    OfferKind,
    PackagePage,
    PackagePageImage,
    PackagePageRecommendation,
    ProductPage,
)
from cms.models import CustomImage
from money.money import Money
from storefront.demo import content, markup, people, pictures, tree
from storefront.demo.shelves import OPENED
from treatments.models import Treatment, TreatmentIndexPage, TreatmentPage

PACKAGES_SLUG = "session-packages"


def seed(at: dt.datetime) -> None:
    """Add every treatment, the page that sells its packages and the page that explains it."""
    images = pictures.by_title()
    by, opened = people.marketer(), at - OPENED
    shelf = CategoryPage.objects.get(slug=PACKAGES_SLUG)
    index = _index_page()
    tree.add(tree.home(), index, by=by, at=opened)
    for order, facts in enumerate(content.each("treatments")):
        treatment = _add_treatment(facts, order)
        package = _package_page(facts, treatment, images)
        tree.add(shelf, package, by=by, at=opened)
        for place, offer in enumerate(facts["package"]["offers"]):
            _add_offer(package, treatment, offer, place, at=opened)
        page = _treatment_page(facts, treatment, package, images)
        tree.add(index, page, by=by, at=opened)


def refund_rule(offers: list[content.Facts]) -> str:
    """Write what comes back for unused sessions, with an example from the package's own prices."""
    text = content.facts("packages")["text"]
    by_size = {offer["sessions"]: Money.parse(offer["price"]) for offer in offers}
    single = by_size[1]
    if len(by_size) == 1:
        return str(text["refund_rule_single"]).format(single=single)
    return str(text["refund_rule"]).format(single=single, example=_example(by_size))


def _example(by_size: Mapping[int, Money]) -> str:
    """Reckon two cases: one with something left, and one where the rule stops at zero."""
    single, paid, most = by_size[1], by_size[6], max(by_size)
    text = (
        f"An example: 6 sessions cost {paid}. You used 2, which is 2 × {single} = {single * 2}. "
        f"You get {paid - single * 2} back."
    )
    used = most - 1
    if single * used >= by_size[most]:
        text += (
            f" Another: {most} sessions cost {by_size[most]}. You used {used}, which is "
            f"{used} × {single} = {single * used}. That is more than you paid, so nothing comes "
            "back and you owe nothing."
        )
    return text


def _index_page() -> TreatmentIndexPage:
    facts = content.facts("shop")["treatments"]
    return TreatmentIndexPage(show_in_menus=True, **facts)


def _add_treatment(facts: content.Facts, order: int) -> Treatment:
    return Treatment.objects.create(
        name=facts["name"],
        slug=facts["slug"],
        summary=facts["summary"],
        duration_minutes=facts["duration_minutes"],
        sort_order=order,
    )


def _package_page(
    facts: content.Facts, treatment: Treatment, images: Mapping[str, CustomImage]
) -> PackagePage:
    package, rules = facts["package"], content.facts("packages")["text"]
    page = PackagePage(
        title=package["title"],
        slug=package["slug"],
        search_description=package["search_description"],
        benefit=package["benefit"],
        treatment=treatment,
        intro=markup.rich_text(package["intro"]),
        body=tree.body(package["body"]),
        how_to_book=markup.rich_text(rules["how_to_book"]),
        refund_rule=markup.rich_text(refund_rule(package["offers"])),
        transfer_rule=markup.rich_text(rules["transfer_rule"]),
    )
    page.gallery_images = [
        PackagePageImage(image=images[title], sort_order=order)
        for order, title in enumerate(package["photos"])
    ]
    after = {product.slug: product for product in ProductPage.objects.all()}
    page.goes_well_with = [
        PackagePageRecommendation(related_page=after[slug], sort_order=order)
        for order, slug in enumerate(package["goes_well_with"])
    ]
    return page


def _add_offer(
    page: PackagePage, treatment: Treatment, facts: content.Facts, order: int, *, at: dt.datetime
) -> None:
    terms = content.facts("packages")
    validity = terms["validity"]["single" if facts["sessions"] == 1 else "bundle"]
    prices.create_first(
        offer=Offer(
            sku=facts["sku"],
            page=page,
            label=facts["label"],
            kind=OfferKind.PACKAGE,
            price_minor=Money.parse(facts["price"]).minor,
            sort_order=order,
            treatment=treatment,
            sessions=facts["sessions"],
            validity_days=validity["days"],
            validity_rule=validity["rule"],
            refund_terms_version=terms["refund_terms_version"],
        ),
        by=people.manager(),
        at=at,
    )


def _treatment_page(
    facts: content.Facts, treatment: Treatment, package: Page, images: Mapping[str, CustomImage]
) -> TreatmentPage:
    return TreatmentPage(
        title=facts["name"],
        slug=facts["slug"],
        search_description=facts["search_description"],
        treatment=treatment,
        hero_image=images[facts["photo"]],
        intro=facts["intro"],
        what_happens=tree.steps(facts["steps"]),
        consult_first_when=markup.rich_text(facts["consult_first_when"]),
        aftercare=markup.rich_text(facts["aftercare"]),
        body=tree.body(facts["body"]),
        packages_page=package,
    )
