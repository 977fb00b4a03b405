"""Which rows with words no customer reads, so that the claims check leaves them alone.

Pages, the rows that are part of them, and rows that are `CheckedWords` are read by the check. A row
of `visible_rows.NEVER` is shown on no page. What is left stands here with its reason; a test
walks the fields of all models and fails when one is in none of these places.
"""

from storefront import visible_rows

SHOWN_BUT_NO_TEXT = {
    "cms.CustomRendition": "a size and a format of a picture",
    "cms.SocialPicture": "a digest of what is drawn; the words are the page's own",
    "storefront.SearchWord": "single words of pages that are checked themselves",
    "storefront.Synonym": "words that are looked for; no page shows them",
    "storefront.VocabularyMark": "how far pages were read",
    "treatments.QuestionnaireVersion": "questions about somebody's health, asked in private",
    "wagtailcore.Locale": "a code of a language",
    "wagtailcore.Page": "every page is one of ours, and checked as such",
    "wagtailcore.PageViewRestriction": "a password",
    "wagtailredirects.Redirect": "addresses",
    "wagtailsearch.SQLiteFTSIndexEntry": "an index of pages that are checked themselves",
}


def reason_to_leave_out(label: str) -> str:
    """Why a model's words are not checked; empty where they are."""
    if label in visible_rows.NEVER:
        return "no public page shows them"
    return SHOWN_BUT_NO_TEXT.get(label, "")
