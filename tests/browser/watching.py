"""Whatever a browser complains of: its console, our policy, what failed, who else was asked."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Told by the response already, with its status.
_TOLD_TWICE = "Failed to load resource: the server responded with a status of"
# Somebody went on before a picture had arrived.
_LEFT_BEHIND = "net::ERR_ABORTED"


class Watch:
    """Notes every complaint about the pages of one browser context."""

    def __init__(self, context: BrowserContext, *, origins: Iterable[str]) -> None:
        self.complaints: list[str] = []
        self._origins = set(origins)
        self._expected: set[int] = set()
        context.on("page", self._follow)
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        context.on("requestfailed", self._note_failure)

    def expect(self, *statuses: int) -> None:
        """Let pages of this context answer with these error statuses as well."""
        self._expected |= set(statuses)

    def _follow(self, page: Page) -> None:
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_TOLD_TWICE):
            self.complaints.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"data", "blob", "about"}:
            return
        if f"{address.scheme}://{address.netloc}" not in self._origins:
            self.complaints.append(f"third party: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            request = response.request
            self.complaints.append(f"status {response.status}: {request.method} {request.url}")

    def _note_failure(self, request: Request) -> None:
        if request.failure != _LEFT_BEHIND:
            self.complaints.append(f"failed: {request.url} ({request.failure})")
