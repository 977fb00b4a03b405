"""What a browser may load: nothing but our own files, with a little more room in the admin."""

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from csp.constants import NONCE, SELF
from csp.middleware import CSPMiddleware, PolicyParts

from blog import video_players

ADMIN_PREFIX: Final = "/admin/"
# Wagtail previews pictures as blobs before they are uploaded, and shows pages in a frame beside
# the editor. Its rich-text editor makes styles, see static/js/editor-styles.js; the scripts that
# it writes into pages are ours as data, see cms/widget_starts.py.
ADMIN_ADDITIONS: Final = {
    "style-src": [NONCE],
    "img-src": ["blob:"],
    "frame-src": [SELF],
}
ADMIN_REPLACEMENTS: Final = {"frame-ancestors": [SELF]}
# Nobody's film plays where somebody pays, or reads what is theirs alone.
WITHOUT_FILMS: Final = ("/account/", "/basket/", "/checkout/", "/documents/", "/orders/")


class ShopCSPMiddleware(CSPMiddleware):
    """One strict policy for every page; the admin's screens and articles' films add to it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the parts that the header is built from."""
        parts = super().get_policy_parts(request, response, report_only=report_only)
        if request.path.startswith(ADMIN_PREFIX) and not report_only:
            parts.update = {**ADMIN_ADDITIONS, **(parts.update or {})}
            parts.replace = {**ADMIN_REPLACEMENTS, **(parts.replace or {})}
        elif not request.path.startswith(WITHOUT_FILMS) and not report_only:
            parts.update = {**_films(), **(parts.update or {})}
        # A page is previewed under its own address, in a frame beside the editor.
        if getattr(request, "is_preview", False) and not report_only:
            parts.replace = {**ADMIN_REPLACEMENTS, **(parts.replace or {})}
            parts.update = {**(parts.update or {}), "frame-src": [SELF, *video_players.origins()]}
        return parts


def _films() -> dict[str, list[str]]:
    """Let pages of the guide show the players that this shop has chosen, if any."""
    allowed = video_players.origins()
    return {"frame-src": allowed} if allowed else {}
