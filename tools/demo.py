"""The demo shop in one command: environment, database, seed, shop, worker and Stripe stand-in.

Runs on the standard library alone. What it makes lives in `var/` and `.venv/`, nothing else is
touched; running it again keeps the data and skips every step whose inputs are unchanged.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from tools import environment
from tools.environment import PYTHON, ROOT
from tools.processes import Died, Server, Servers
from tools.terminal import Refusal, Step

VAR = Path(os.environ.get("GALEA_VAR_DIR") or ROOT / "var").resolve()
ENV_FILE = VAR / "demo.env"
STATE = VAR / "demo-state.json"
LOGINS = VAR / "demo-logins.json"
DATABASE = VAR / "galea.sqlite3"
# A crowded machine is slow, not wrong; a server that died is told of at once.
READY_WITHIN = 180

# What the servers inherit; a DATABASE_URL or a real Stripe key of the person's shell is not it.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "SSL_CERT_FILE")


def main() -> int:
    verb = sys.argv[1] if len(sys.argv) > 1 else "run"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_asked)
    try:
        environment.check_python()
        ports = _ports()
        environment.check_writable(VAR)
        with _only_one():
            if verb == "reset":
                _forget()
            _run(*ports)
    except Refusal as refusal:
        print(f"Galea: {refusal}", file=sys.stderr)
        return 1
    except Died as death:
        print(f"\nGalea: {death}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nGalea: stopped; the data stays in var/ for the next `make demo`.")
    return 0


def _stop_asked(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# --- Before anything starts -------------------------------------------------------------------


def _ports() -> tuple[int, int]:
    """Return the shop's and the stand-in's port, both known to be free."""
    shop, stripe = _port("PORT", 8000), _port("STRIPE_PORT", 8100)
    if shop == stripe:
        raise Refusal(f"PORT and STRIPE_PORT are both {shop}: choose two different ports.")
    wanted = (("PORT", shop, "the shop"), ("STRIPE_PORT", stripe, "the Stripe stand-in"))
    for variable, port, purpose in wanted:
        problem = _taken(port)
        if problem:
            later = range(max(port, 1023) + 1, 65_536)
            others = (other for other in later if other not in {shop, stripe} and not _taken(other))
            raise Refusal(
                f"Port {port} for {purpose} is not free ({problem}):"
                f" choose another, such as make demo {variable}={next(others, 8000)}."
            )
    return shop, stripe


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise Refusal(f"{variable}={text} is not a port: choose one from 1024 to 65535.")
    return int(text)


def _taken(port: int) -> str:
    """Return why a server cannot have a port, or nothing."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or str(error)
    return ""


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Hold the folder for one demo at a time."""
    with (VAR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal(
                "The demo already runs from this folder: stop it first (Ctrl-C where it runs)."
            ) from error
        yield


def _forget() -> None:
    """Remove what the demo wrote; the lock of the running command stays."""
    for path in VAR.iterdir():
        if path.name == "demo.lock":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    print("  Threw the demo's data away.")


# --- Prepare ----------------------------------------------------------------------------------


def _run(port: int, stripe_port: int) -> None:
    print("Galea demo: Ctrl-C stops it.", flush=True)
    environment.ensure("runtime")
    settings = _settings(port, stripe_port)
    env = {name: os.environ[name] for name in INHERITED if name in os.environ}
    env |= {
        "DJANGO_SETTINGS_MODULE": "storefront.settings.demo",
        "GALEA_ENV_FILE": str(ENV_FILE),
        "PYTHONUNBUFFERED": "1",
    }
    _prepare_database(env)
    servers = Servers()
    try:
        _start(servers, env, settings, port, stripe_port)
        _announce(port, stripe_port)
        while True:
            time.sleep(0.5)
            servers.check()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        servers.stop()


def _settings(port: int, stripe_port: int) -> dict[str, str]:
    """Write the environment file: secrets of this install are kept, addresses follow the ports."""
    kept = _read_env_file()
    settings = {
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "HEALTH_DATA_KEYS": kept.get("HEALTH_DATA_KEYS") or secrets.token_urlsafe(50),
        "GIFT_CARD_KEY": kept.get("GIFT_CARD_KEY") or secrets.token_urlsafe(50),
        "STRIPE_WEBHOOK_SECRET": kept.get("STRIPE_WEBHOOK_SECRET")
        or f"whsec_{secrets.token_hex(24)}",
        "GALEA_VAR_DIR": str(VAR),
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "DEMO_MAIL_DIR": str(VAR / "mail"),
        "DEMO_LOGINS_FILE": str(LOGINS),
        "SITE_URL": f"http://localhost:{port}",
        "STRIPE_SECRET_KEY": "sk_test_demo",  # pragma: allowlist secret
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe_port}",
        "STRIPE_CHECKOUT_ORIGINS": f"http://127.0.0.1:{stripe_port},http://localhost:{stripe_port}",
    }
    text = "# Written by `make demo`; removed by `make demo-reset`.\n"
    text += "".join(f"{name}={value}\n" for name, value in settings.items())
    with os.fdopen(os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return settings


def _read_env_file() -> dict[str, str]:
    if not ENV_FILE.exists():
        return {}
    lines = [line for line in ENV_FILE.read_text().splitlines() if "=" in line]
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def _prepare_database(env: dict[str, str]) -> None:
    """Migrate and seed, each only when what it is made from has changed."""
    state = _read_state() if DATABASE.exists() else {}
    migrations = sorted(ROOT.glob("*/migrations"))
    schema = environment.file_hash(*migrations, ROOT / "requirements" / "runtime.txt")
    if state.get("schema") != schema:
        with Step("Creating the database" if not state else "Updating the database"):
            _manage(env, "migrate", "--verbosity=0")
        state["schema"] = schema
        _write_state(state)
    seed = environment.file_hash(ROOT / "storefront" / "demo")
    if state.get("seed") != seed or not LOGINS.exists():
        with Step("Seeding the shop with pages, products and people"):
            _manage(env, "seed_demo", "--verbosity=0")
        state["seed"] = seed
        _write_state(state)


def _read_state() -> dict[str, str]:
    try:
        state = json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _write_state(state: dict[str, str]) -> None:
    STATE.write_text(json.dumps(state))


def _manage(env: dict[str, str], *arguments: str) -> None:
    run = subprocess.run(
        [PYTHON, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True
    )
    if run.returncode == 0:
        return
    log = VAR / "log" / f"{arguments[0]}.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(run.stdout + run.stderr)
    lines = (run.stderr or run.stdout).strip().splitlines() or ["no word"]
    raise Refusal(f"manage.py {arguments[0]} failed: {lines[-1][:300]} (all of it: {log})")


# --- Run --------------------------------------------------------------------------------------


def _start(
    servers: Servers, env: dict[str, str], settings: dict[str, str], port: int, stripe_port: int
) -> None:
    shop = [str(PYTHON), "-m", "gunicorn", "storefront.wsgi:application"]
    shop += [f"--bind=127.0.0.1:{port}", "--workers=1", "--worker-class=gthread", "--threads=8"]
    shop += ["--no-control-socket", "--access-logfile=-", "--timeout=60", "--graceful-timeout=5"]
    stripe = [str(PYTHON), "-m", "stripe_standin", f"--port={stripe_port}"]
    stripe += [f"--state={VAR / 'stripe_standin.sqlite3'}"]
    stripe += [f"--webhook-url=http://127.0.0.1:{port}/stripe/webhook/"]
    stripe_env = {name: env[name] for name in INHERITED if name in env}
    stripe_env |= {
        "STANDIN_WEBHOOK_SECRET": settings["STRIPE_WEBHOOK_SECRET"],
        "STANDIN_MERCHANT": "Galea",
        "PYTHONUNBUFFERED": "1",
    }
    commands = {
        "Stripe stand-in": (stripe, stripe_env, "stripe"),
        "shop": (shop, env, "shop"),
        "worker": ([str(PYTHON), "manage.py", "worker"], env, "worker"),
    }
    is_echoed = os.environ.get("VERBOSE", "") not in {"", "0"}
    with Step("Starting shop, worker and Stripe stand-in"):
        for name, (command, own_env, log) in commands.items():
            servers.add(
                Server(
                    name,
                    command,
                    cwd=ROOT,
                    env=own_env,
                    log=VAR / "log" / f"{log}.log",
                    is_echoed=is_echoed,
                )
            )
        _wait_for(servers, f"http://127.0.0.1:{stripe_port}/")
        _wait_for(servers, f"http://127.0.0.1:{port}/")


def _wait_for(servers: Servers, url: str) -> None:
    """Wait until a page answers; an answer of 4xx counts, one of 5xx does not."""
    deadline = time.monotonic() + READY_WITHIN
    said = "no answer"
    while time.monotonic() < deadline:
        servers.check()
        try:
            with urllib.request.urlopen(url, timeout=30):  # noqa: S310 (our own address)
                return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
            said = f"answer {answer.code}"
        except OSError:
            pass
        time.sleep(0.2)
    raise Refusal(f"{url} was not ready in {READY_WITHIN} s ({said}): look into {VAR / 'log'}.")


def _announce(port: int, stripe_port: int) -> None:
    site = f"http://localhost:{port}"
    rows = [
        ("Shop", f"{site}/"),
        ("Staff", f"{site}/admin/"),
        ("Codes of the staff", f"{site}/demo/codes/"),
        ("Mail that was sent", f"{site}/demo/mail/"),
        ("Payment stand-in", f"http://localhost:{stripe_port}/"),
    ]
    print()
    for label, value in rows:
        print(f"  {label:<20} {value}")
    print("\n  Logins of this install (also in var/demo-logins.json):")
    for login in _logins():
        print(f"  {login['role']:<20} {login['email']:<34} {login['password']}")
    print("\n  Staff also type a code: what their phones would show is at /demo/codes/.")
    print("  Pay with card 4242 4242 4242 4242, any future date, any CVC.")
    print("  Logs are in var/log/. Ctrl-C stops everything; the data stays.\n", flush=True)


def _logins() -> list[dict[str, str]]:
    try:
        logins = json.loads(LOGINS.read_text())
    except (OSError, ValueError):
        return []
    return [
        {key: str(login.get(key, "")) for key in ("role", "email", "password")}
        for login in logins
        if isinstance(login, dict)
    ]


if __name__ == "__main__":
    sys.exit(main())
