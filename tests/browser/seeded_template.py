"""The seeded demo shop as files, made once and copied for every running shop."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests import migrated
from tools.environment import ROOT, file_hash

CACHE = ROOT / "var" / "test-cache"
DATABASE = "galea.sqlite3"
LOGINS = "demo-logins.json"
# What servers inherit; a DATABASE_URL or a Stripe key of somebody's shell is not it.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "VIRTUAL_ENV")
# Whoever cannot lock or link keeps several templates; more than these would fill the disk.
KEPT = 3


def environment(
    folder: Path, *, site_url: str, stripe_url: str, webhook_secret: str
) -> dict[str, str]:
    """The environment of a demo shop whose files are in a folder, as `make demo` writes it."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "storefront.settings.demo",
        "GALEA_ENV_FILE": os.devnull,
        "GALEA_VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "DEMO_MAIL_DIR": str(folder / "mail"),
        "DEMO_LOGINS_FILE": str(folder / LOGINS),
        "SECRET_KEY": "browser-tests-only",
        "STRIPE_SECRET_KEY": "sk_test_browser",
        "STRIPE_WEBHOOK_SECRET": webhook_secret,
        "STRIPE_API_BASE": stripe_url,
        "STRIPE_CHECKOUT_ORIGINS": stripe_url,
        "SITE_URL": site_url,
        "HEALTH_KEY": "browser-tests-only",
        "PYTHONUNBUFFERED": "1",
    }


def seeded() -> Path:
    """Return the folder of the seeded shop; the first to ask builds it, others wait."""
    wanted = CACHE / _key()
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            _build(wanted)
            _drop_old(wanted)
    return wanted


def copy_to(folder: Path) -> Path:
    """Copy the seeded shop into a folder; pictures are linked, since nobody changes a file."""
    shutil.copytree(seeded(), folder, copy_function=_link_or_copy)
    return folder


def logins(folder: Path) -> dict[str, tuple[str, str]]:
    """Return e-mail address and password of the first person of every role."""
    found: dict[str, tuple[str, str]] = {}
    for login in json.loads((folder / LOGINS).read_text()):
        found.setdefault(login["role"], (login["email"], login["password"]))
    return found


def _link_or_copy(source: str, target: str) -> str:
    if "/media/" in source:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return target
    return str(shutil.copy2(source, target))


def _key() -> str:
    inputs = [*sorted(ROOT.glob("*/migrations")), ROOT / "storefront" / "demo"]
    inputs += [ROOT / "requirements" / "runtime.txt", ROOT / "cms" / "pictures.py"]
    return file_hash(*inputs, Path(__file__), Path(__file__).with_name("seeded_work.py"))[:16]


def _build(wanted: Path) -> None:
    unfinished = wanted.with_suffix(f".{os.getpid()}")
    unfinished.mkdir()
    try:
        env = environment(
            unfinished,
            site_url="http://localhost",
            stripe_url="http://127.0.0.1:1",
            webhook_secret="whsec_template",
        )
        # A head of kept pages is a link, and belongs to the shop that put it up.
        env["PAGE_CACHE_MB"] = "0"
        migrated.copy_to(unfinished / DATABASE)
        _manage(env, "migrate", "--verbosity=0")
        _manage(env, "seed_demo", "--verbosity=0")
        _run(env, "-m", "tests.browser.seeded_work")
        unfinished.rename(wanted)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _manage(env: Mapping[str, str], *arguments: str) -> None:
    _run(env, "manage.py", *arguments)


def _run(env: Mapping[str, str], *arguments: str) -> None:
    run = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert run.returncode == 0, f"{arguments} failed: {run.stderr[-3000:]}"


def _drop_old(newest: Path) -> None:
    for old in list(_by_age(newest))[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def _by_age(but: Path) -> Iterator[Path]:
    folders = [path for path in CACHE.iterdir() if path.is_dir() and path != but]
    yield from sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
