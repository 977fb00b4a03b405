"""The servers that are compared, all with the same number of workers and threads."""

from __future__ import annotations

import os
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.browser import seeded_template
from tests.browser.processes import free_port
from tools.environment import PYTHON, ROOT
from tools.processes import Server, Servers
from tools.terminal import Refusal

READY_SECONDS = 60.0
HOST = "localhost"
# The shop's proxy says that the visitor came by HTTPS; without it production redirects.
AS_PROXY = {"Host": HOST, "X-Forwarded-Proto": "https"}


@dataclass(frozen=True, slots=True)
class Size:
    """How many processes answer, and how many requests each answers at a time."""

    workers: int
    threads: int


class Stand:
    """A folder with a seeded shop, and the servers started on it."""

    def __init__(self, folder: Path, size: Size, *, database_url: str = "") -> None:
        self.folder = folder
        self.size = size
        self.var = seeded_template.copy_to(folder / "var")
        self.env = self._environment(database_url)
        self.servers = Servers()

    def _environment(self, database_url: str) -> dict[str, str]:
        env = seeded_template.environment(
            self.var,
            site_url=f"https://{HOST}",
            stripe_url="http://127.0.0.1:1",
            webhook_secret="whsec_measuring_only",  # noqa: S106  # pragma: allowlist secret
        )
        return env | {
            "DJANGO_SETTINGS_MODULE": "tools.bench.settings_cached",
            "DATABASE_URL": database_url or env["DATABASE_URL"],
            "SECRET_KEY": secrets.token_urlsafe(48),
            "HEALTH_DATA_KEYS": secrets.token_urlsafe(48),
            "GIFT_CARD_KEY": secrets.token_urlsafe(48),
            "STRIPE_TEST_MODE": "1",
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "WARNING",
        }

    def gunicorn(self, name: str, application: str, **variables: str) -> str:
        """Start a server with the configuration that we ship; return its address."""
        port = free_port()
        command = [str(PYTHON), "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        command += [f"--bind=127.0.0.1:{port}", f"--workers={self.size.workers}"]
        # A process that is renewed in the middle would count as slowness.
        command += [f"--threads={self.size.threads}", "--max-requests=0", application]
        self.start(name, command, **variables)
        return f"http://127.0.0.1:{port}"

    def start(self, name: str, command: list[str], **variables: str) -> None:
        log = self.folder / f"{name}.log"
        env = self.env | variables
        self.servers.add(Server(name, command, cwd=ROOT, env=env, log=log, is_echoed=False))


def wait_for(servers: Servers, url: str) -> None:
    """Wait until an address answers with anything below 500.

    :raises Refusal: if it does not in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        servers.check()
        request = urllib.request.Request(url, headers=AS_PROXY)  # noqa: S310 (our own address)
        try:
            with urllib.request.urlopen(request, timeout=30):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise Refusal(f"{url} was not ready in {READY_SECONDS:.0f} s.")


def default_size() -> Size:
    """One process, so that the load generator has a processor of its own, unless told."""
    return Size(int(os.environ.get("WORKERS") or 1), int(os.environ.get("THREADS") or 4))
