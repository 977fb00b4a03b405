"""The Stripe stand-in as a process: its API, the buyers on its pages, its control buttons."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.races.processes import NotStarted, Process, free_port

SECRET = "whsec_races"
GOOD_CARD = "4242424242424242"
# A debit that is decided only when somebody presses the button.
DEBIT = "debit"
API_KEY = "sk_test_suite"  # pragma: allowlist secret


class PaymentService:
    """A running stand-in, known by its address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._port = int(url.rpartition(":")[2])
        self._process: Process | None = None

    @classmethod
    def start(cls, folder: Path, *, notify: str = "") -> "PaymentService":
        """Start one; `notify` is where it sends its notices, nowhere when empty."""
        for _attempt in range(5):
            started = cls(f"http://127.0.0.1:{free_port()}")
            command = ["-m", "stripe_standin", "--port", str(started._port)]
            command += ["--state", str(folder / "standin.sqlite3")]
            if notify:
                command += ["--webhook-url", notify, "--webhook-secret", SECRET]
            started._process = Process(command, env={}, log=folder / "standin.log")
            try:
                started._process.wait_until(started._is_up)
            except NotStarted as problem:
                # Between asking for a free port and listening on it somebody else took it.
                if "cannot listen" not in str(problem):
                    raise
            else:
                return started
        raise NotStarted("no port could be had for the stand-in")

    def _is_up(self) -> bool:
        try:
            return self._ask("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def pay(self, session_id: str, *, card: str = GOOD_CARD) -> bool:
        """Pay as a buyer does; tell whether the session could still be paid."""
        status, answer = self._press(f"sessions/{session_id}/pay", card=card)
        assert status == 200 or "not open" in json.dumps(answer), answer
        return status == 200

    def control(self, button: str, **fields: str) -> Any:
        """Press a button of the control page and return what it says."""
        status, answer = self._press(button, **fields)
        assert status == 200, answer
        return answer

    def all(self, path: str, **query: str) -> list[Any]:
        """Return every object of a list, newest first."""
        found: list[Any] = []
        while True:
            after = {"starting_after": found[-1]["id"]} if found else {}
            page = self.get(path, limit="100", **query, **after)
            found += page["data"]
            if not page["has_more"]:
                return found

    def newest(self, path: str, count: int) -> list[Any]:
        """Return the newest objects of a list, the newest first."""
        return list(self.get(path, limit=str(count))["data"])

    def get(self, path: str, **query: str) -> Any:
        status, body = self._ask("GET", f"/v1/{path}?{urlencode(query)}")
        assert status == 200, body
        return json.loads(body)

    def sessions_of(self, order_number: str) -> list[Any]:
        """Return every Checkout Session that was made for an order a moment ago."""
        return [
            session
            for session in self.newest("checkout/sessions", 20)
            if session["client_reference_id"] == order_number
        ]

    def _press(self, button: str, **fields: str) -> tuple[int, Any]:
        status, body = self._ask("POST", f"/control/{button}", fields)
        return status, json.loads(body)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {API_KEY}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            body = urlencode(fields) if fields is not None else None
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()
