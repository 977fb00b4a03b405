"""Every check that needs no database, each as one line; `--fix` formats instead of checking."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.environment import ROOT, VENV

BIN = VENV / "bin"
MANAGE = [str(BIN / "python"), "manage.py"]
DJANGO = "5.2"


def main() -> int:
    fixes = "--fix" in sys.argv[1:]
    failed = [
        name for name, command, env in _checks(fixes=fixes) if not _passes(name, command, env)
    ]
    if failed:
        print(f"\nlint: {len(failed)} failed: {', '.join(failed)}")
        return 1
    print("\nlint: clean")
    return 0


Check = tuple[str, list[str], dict[str, str]]


def _checks(*, fixes: bool) -> list[Check]:
    formatting = _formatters(fixes=fixes)
    return formatting if fixes else [*formatting, *_analysers(), *_django_checks()]


def _formatters(*, fixes: bool) -> list[Check]:
    python = _tracked("*.py")
    templates = [path for path in _tracked("*.html") if path.startswith("templates/")]
    check = [] if fixes else ["--check"]
    return [
        (
            "django-upgrade",
            _tool("django-upgrade", f"--target-version={DJANGO}", *check, *python),
            {},
        ),
        ("ruff check", _tool("ruff", "check", *(["--fix"] if fixes else []), "."), {}),
        ("ruff format", _tool("ruff", "format", *check, "."), {}),
        ("djade", _tool("djade", f"--target-version={DJANGO}", *check, *templates), {}),
        ("djhtml", _tool("djhtml", "--tabwidth=2", *check, *templates), {}),
    ]


def _analysers() -> list[Check]:
    rules = ["tests/test_docs.py", "tests/test_files.py"]
    return [
        ("import-linter", _tool("lint-imports", "--no-cache"), {}),
        ("deptry", _tool("deptry", "."), {}),
        ("detect-secrets", [str(BIN / "python"), "-m", "tools.leaks"], {}),
        ("mypy", _tool("mypy"), {}),
        ("house rules", _tool("pytest", "-q", "--no-header", *rules), {}),
    ]


def _django_checks() -> list[Check]:
    on_postgresql = [str(BIN / "python"), "-m", "tools.postgres"]
    tests = {"DJANGO_SETTINGS_MODULE": "storefront.settings.test"}
    return [
        ("migrations made", [*MANAGE, "makemigrations", "--check", "--dry-run"], tests),
        # What a migration locks is PostgreSQL's business, so it is asked for its SQL.
        (
            "migrations safe",
            [*on_postgresql, *MANAGE, "lintmigrations", "-q", "ok", "ignore"],
            tests,
        ),
        (
            "production settings",
            [*MANAGE, "check", "--deploy", "--fail-level=WARNING"],
            production_environment(),
        ),
    ]


def production_environment() -> dict[str, str]:
    """Return an environment on which production may start: complete, and real in no part."""
    return {
        "DJANGO_SETTINGS_MODULE": "storefront.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HEALTH_DATA_KEYS": secrets.token_urlsafe(50),
        "GIFT_CARD_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "shop.example",
        "SITE_URL": "https://shop.example",
        "DATABASE_URL": "postgres://galea@localhost/galea",
        "CACHE_URL": "redis://localhost:6379/0",
        "EMAIL_URL": "smtp+tls://mail.example:587",
        "STRIPE_SECRET_KEY": "rk_live_" + secrets.token_hex(12),
        "STRIPE_WEBHOOK_SECRET": "whsec_" + secrets.token_hex(24),
    }


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


def _tracked(pattern: str) -> list[str]:
    """Return the files in git, and the new ones that git does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", pattern]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    skipped = (".png", ".jpg", ".avif", ".webp", ".woff2", ".ico", "requirements/")
    return [
        path
        for path in run.stdout.splitlines()
        if (ROOT / path).is_file() and not path.endswith(skipped) and not path.startswith(skipped)
    ]


def _passes(name: str, command: Sequence[str], env: Mapping[str, str]) -> bool:
    started_at = time.monotonic()
    print(f"  {name} ...", end="" if sys.stdout.isatty() else "\n", flush=True)
    own_env = {**os.environ, "GALEA_ENV_FILE": str(Path(os.devnull)), **env}
    run = subprocess.run(
        command,
        cwd=ROOT,
        env=own_env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    start = "\r\033[K" if sys.stdout.isatty() else ""
    verdict = "ok" if run.returncode == 0 else "FAILED"
    print(f"{start}  {name}: {verdict} ({time.monotonic() - started_at:.1f} s)", flush=True)
    if run.returncode != 0:
        print(run.stdout.rstrip(), flush=True)
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
