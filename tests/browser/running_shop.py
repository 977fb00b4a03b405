"""One running demo shop: web server, worker and payment service, as `make demo` starts them."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.browser import seeded_template
from tests.browser.processes import Process, free_port

WEBHOOK_SECRET = "whsec_browser"


class RunningShop:
    """Real processes on free ports, on a copy of the seeded shop; stopped as one."""

    def __init__(self, folder: Path) -> None:
        self.folder = seeded_template.copy_to(folder / "var")
        self.logs = folder
        self._port, stripe_port = free_port(), free_port()
        self.origin = f"http://localhost:{self._port}"
        self.stripe = PaymentService(f"http://127.0.0.1:{stripe_port}")
        self.logins = seeded_template.logins(self.folder)
        self.env = seeded_template.environment(
            self.folder,
            site_url=self.origin,
            stripe_url=self.stripe.origin,
            webhook_secret=WEBHOOK_SECRET,
        )
        self._stripe = self._start_stripe(stripe_port)
        self._web = self._start_web()
        self._worker = Process(["manage.py", "worker"], env=self.env, log=self.logs / "worker.log")
        self.backstage = Backstage(self.env, self.logs / "backstage.log")
        self._stripe.wait_until(lambda: answers(f"{self.stripe.origin}/healthz"))
        self._web.wait_until(self._is_open)

    def _start_stripe(self, port: int) -> Process:
        return Process(
            [
                "-m",
                "stripe_standin",
                f"--port={port}",
                "--settle-after=3600",
                "--retry-after=1,1",
                f"--state={self.folder / 'stripe_standin.sqlite3'}",
                f"--webhook-url=http://127.0.0.1:{self._port}/stripe/webhook/",
            ],
            env={
                "STANDIN_WEBHOOK_SECRET": WEBHOOK_SECRET,
                "STANDIN_MERCHANT": "Galea",
                "PATH": self.env.get("PATH", ""),
                "PYTHONUNBUFFERED": "1",
            },
            log=self.logs / "stripe.log",
        )

    def _start_web(self) -> Process:
        flags = [f"--bind=127.0.0.1:{self._port}", "--workers=1", "--worker-class=gthread"]
        flags += ["--threads=8", "--no-control-socket", "--timeout=60", "--graceful-timeout=5"]
        return Process(
            ["-m", "gunicorn", "storefront.wsgi:application", *flags],
            env=self.env,
            log=self.logs / "web.log",
        )

    def _is_open(self) -> bool:
        return answers(f"{self.origin}/healthz")

    def restart_web(self) -> None:
        """End the web server and start it again; nothing that it remembered is left."""
        self._web.stop()
        self._web = self._start_web()
        self._web.wait_until(self._is_open)

    @property
    def web_log(self) -> str:
        return (self.logs / "web.log").read_text(errors="replace")

    def stop(self) -> None:
        self.backstage.stop()
        for process in (self._worker, self._web, self._stripe):
            process.stop()


class Backstage:
    """The door to `tests.browser.backstage`: each act is a line, each line an act."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self._process = Process(
            ["-m", "tests.browser.backstage"], env=env, log=log, is_spoken_to=True
        )

    def do(self, act: str, **details: Any) -> Any:
        """Let an act be done and return its result."""
        self._process.stdin.write(json.dumps({"act": act, **details}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{act} failed: {self._process.last_words()}"
        return json.loads(answer)["result"]

    def orders_of(self, email: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.do("orders_of", email=email)
        return found

    def only_order_of(self, email: str) -> dict[str, Any]:
        """Return the one order of a buyer; a second one is a failure."""
        [order] = self.orders_of(email)
        return order

    def free(self, sku: str) -> int:
        """Return how many pieces can still be sold."""
        shelf = self.do("shelf", sku=sku)
        return int(shelf["on_hand"] - shelf["reserved"])

    def stop(self) -> None:
        self._process.stop()


class PaymentService:
    """The stand-in, and what it would show on its Dashboard."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(_ask(f"{self.origin}/control/state"))
        return state

    def control(self, act: str, **fields: Any) -> None:
        """Press one of the control page's buttons."""
        _ask(f"{self.origin}/control/{act}", urlencode(fields).encode())

    def sessions_of(self, number: str) -> list[dict[str, Any]]:
        """Return the sessions that were opened for an order, the oldest first."""
        found = [
            session
            for session in self.state()["sessions"]
            if session["client_reference_id"] == number
        ]
        return sorted(found, key=lambda session: session["created"])

    def charges_of(self, number: str) -> list[dict[str, Any]]:
        """Return the payments of an order that went through."""
        intents = {session["payment_intent"] for session in self.sessions_of(number)} - {None}
        return [
            payment
            for payment in self.state()["payments"]
            if payment["id"] in intents and payment["status"] == "succeeded"
        ]


def answers(url: str) -> bool:
    try:
        _ask(url)
    except OSError:
        return False
    return True


def _ask(url: str, body: bytes | None = None) -> str:
    request = urllib.request.Request(url, body, {"Accept": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return str(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        raise AssertionError(f"{url}: {refusal.code} {refusal.read()[:500]!r}") from refusal
