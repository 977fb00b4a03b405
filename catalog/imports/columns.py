"""The columns that a sheet may have: one table for reading, writing, template and help."""

from dataclasses import dataclass

from catalog.imports import facts


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is for, and an example for the template."""

    name: str
    about: str
    example: str = ""
    example_of_sibling: str = ""


WHERE = (
    Column("product", "The product's address: the last part of its page's URL. It never changes.",
           "calming-scalp-mist", "calming-scalp-mist"),
    Column("category", "The address of its category. A new product needs one; it never moves.",
           "care"),
    Column("status", "live or draft. A new product is a draft unless it says live.", "draft"),
)  # fmt: skip
ABOUT_FACTS = {
    "title": ("Its name.", "Calming Scalp Mist"),
    "benefit": ("What it does, in one line.", "Takes the heat out after a session."),
    "intro": ("A few sentences below the title.", ""),
    "function": ("What it is, in plain words, as on the box.", "leave-on scalp mist"),
    "application": ("LEAVE_ON, RINSE_OFF, SET or NOT_COSMETIC.", "LEAVE_ON"),
    "how_to_use": ("Text, or simple HTML; each line becomes a paragraph.", "Spray twice a day."),
    "suited_to": ("Whom it suits.", ""),
    "not_for": ("Whom it does not suit.", ""),
    "ingredients": ("The full INCI list, in the order of the box.", "Aqua, Panthenol, Glycerin"),
    "key_ingredients": ("Each on a line: name | percent | purpose.", "Panthenol | 5 | soothes"),
    "ph_from": ("The lower pH.", "5.0"),
    "ph_to": ("The higher pH.", "5.4"),
    "warnings": ("Word for word as on the box.", ""),
    "has_no_warnings": ("yes once you have looked and the box carries none.", "yes"),
    "months_after_opening": ("How many months it keeps once opened.", "12"),
    "durability": ("Instead of that: why, or until when, it keeps.", ""),
    "made_in": ("The country of origin.", "Germany"),
    "responsible_eu": ("The name of the responsible person in the EU.", ""),
    "responsible_gb": ("The name of the responsible person in Great Britain.", ""),
    "sold_in": ("The markets it is meant for: EU, GB or both.", "EU GB"),
    "size_note": ("Its size in words.", ""),
    "concerns": ("Slugs of concerns, separated by commas.", ""),
    "skin_feels": ("Slugs of skin feels.", ""),
    "free_from": ("Slugs of free-from claims.", ""),
    "care_tags": ("Slugs of care tags.", ""),
    "seo_title": ("The title for search engines.", ""),
    "search_description": ("The text for search engines.", ""),
}
FACTS = tuple(Column(name, *ABOUT_FACTS[name]) for name in facts.FIELDS)
OFFER = (
    Column("sku", "Capitals, digits and hyphens. It never changes.", "CSM-100", "CSM-250"),
    Column("label", "Tells it from its siblings.", "100 ml", "250 ml"),
    Column("content", "How much is in it.", "100", "250"),
    Column("unit", "ML, G or PIECE.", "ML", "ML"),
    Column("weight_grams", "Packed; decides what delivery costs.", "140", "310"),
    Column("barcode", "The EAN or GTIN on the box.", "", ""),
    Column("vat_rate", "In percent.", "19", "19"),
    Column("tax_code", "Stripe's code for the kind of goods."),
    Column("on_sale_from", "A day, or a day and a time: 2026-12-01 09:00."),
    Column("on_sale_until", "As before; nothing is sold from then on."),
    Column("position", "Its place among its siblings.", "0", "1"),
)
PRICE = (
    Column("price", "VAT included.", "18.00", "36.00"),
    Column("reduction", "yes announces a lower price as reduced.", "no", "no"),
)
STOCK = (
    Column("stock", "How many there are.", "20", "12"),
    Column("stock_was", "How many there were when the file was written; what has been sold since "
           "is then not undone."),
    Column("low_from", "From how few on the page says “3 left”.", "5", "5"),
    Column("back_order_limit", "How many may be sold before they arrive.", "0", "0"),
    Column("back_order_days", "How many days until they arrive.", "14", "14"),
)  # fmt: skip
ALL = (*WHERE, *FACTS, *OFFER, *PRICE, *STOCK)
NAMES = tuple(column.name for column in ALL)
FACT_NAMES = tuple(column.name for column in FACTS)
