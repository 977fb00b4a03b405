"""The command `python -m stripe_standin`: read the flags, serve until told to end."""

import argparse
import logging
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from stripe_standin.app import Standin
from stripe_standin.call import Site
from stripe_standin.server import HOST, LOCAL_NAMES, Server
from stripe_standin.webhooks import BACKOFF

FAILED = 1


def parser() -> argparse.ArgumentParser:
    """Return the command line; every flag's default may come from the environment."""
    env = os.environ.get
    flags = argparse.ArgumentParser(
        prog="stripe_standin", description="A local process that speaks Stripe's API. Not Stripe."
    )
    flags.add_argument("--host", default=HOST, help="only 127.0.0.1 is allowed")
    flags.add_argument("--port", type=int, default=env("STANDIN_PORT", "12111"))
    flags.add_argument("--state", default=env("STANDIN_STATE", "var/stripe_standin.sqlite3"))
    flags.add_argument("--webhook-url", default=env("STANDIN_WEBHOOK_URL"))
    flags.add_argument("--webhook-secret", default=env("STANDIN_WEBHOOK_SECRET"))
    flags.add_argument("--merchant", default=env("STANDIN_MERCHANT", "Demo shop"))
    flags.add_argument("--public-url", default=env("STANDIN_PUBLIC_URL"))
    flags.add_argument(
        "--settle-after",
        type=int,
        default=env("STANDIN_SETTLE_AFTER", "15"),
        help="seconds until a delayed payment settles by itself",
    )
    flags.add_argument(
        "--retry-after",
        default=env("STANDIN_RETRY_AFTER", ",".join(f"{pause:g}" for pause in BACKOFF)),
        help="seconds before each further delivery of an event, parted by commas",
    )
    flags.add_argument("--verbose", action="store_true", help="log every request")
    return flags


def _fail(message: str) -> int:
    sys.stderr.write(f"stripe_standin: {message}\n")
    return FAILED


def _complaint(options: argparse.Namespace) -> str | None:
    if options.host not in LOCAL_NAMES:
        return f"refusing to listen on {options.host}; only 127.0.0.1 is allowed"
    if not 0 <= options.port <= 65_535:
        return f"{options.port} is not a port"
    if options.webhook_url and not options.webhook_secret:
        return "--webhook-url needs --webhook-secret (or STANDIN_WEBHOOK_SECRET)"
    if options.webhook_url and urlsplit(options.webhook_url).scheme not in {"http", "https"}:
        return "--webhook-url must be an http or https address"
    return None


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return the exit status."""
    options = parser().parse_args(arguments)
    complaint = _complaint(options)
    if complaint:
        return _fail(complaint)
    try:
        backoff = [float(pause) for pause in options.retry_after.split(",") if pause]
    except ValueError:
        return _fail("--retry-after takes numbers parted by commas")
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING)
    public_url = (options.public_url or f"http://{HOST}:{options.port}").rstrip("/")
    try:
        standin = Standin(
            Path(options.state),
            webhook_url=options.webhook_url or None,
            webhook_secret=options.webhook_secret or "whsec_standin_unused",
            backoff=backoff,
            site=Site(public_url, options.merchant, options.settle_after),
        )
    except (OSError, sqlite3.Error) as problem:
        return _fail(f"cannot open {options.state}: {problem}")
    try:
        server = Server(options.port, standin)
    except OSError as problem:
        standin.close()
        return _fail(f"cannot listen on {HOST}:{options.port}: {problem.strerror}")
    _serve(server, public_url)
    return 0


def _serve(server: Server, public_url: str) -> None:
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    server.standin.background.start()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}).start()
    print(f"Stripe stand-in ready on {public_url}/ (a test, not Stripe)", flush=True)
    stop.wait()
    server.end()
    server.standin.close()


if __name__ == "__main__":
    raise SystemExit(main())
