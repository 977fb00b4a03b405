"""The name of what is running: the same code with the same settings has the same name."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

_SOURCES = ("*.py", "*.html", "*.svg", "*.css", "*.js")


@cache
def name() -> str:
    """Return a short name that changes when code, templates, static files or settings do."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(_files(Path(settings.BASE_DIR))):
        digest.update(path.as_posix().encode())
        digest.update(path.read_bytes())
    for setting in sorted(dir(settings)):
        if setting.isupper():
            digest.update(f"{setting}={_stable(getattr(settings, setting))}\n".encode())
    return digest.hexdigest()


def _files(root: Path) -> list[Path]:
    apart = {"node_modules", "tests", "tools", "var"}
    folders = [
        each
        for each in root.iterdir()
        if each.is_dir() and each.name not in apart and not each.name.startswith(".")
    ]
    return [path for folder in folders for kind in _SOURCES for path in folder.rglob(kind)]


def _stable(value: object) -> str:
    """Write a value without the addresses of objects, which differ between processes."""
    if isinstance(value, dict):
        return repr({str(key): _stable(each) for key, each in value.items()})
    if isinstance(value, (list, tuple)):
        return repr([_stable(each) for each in value])
    if isinstance(value, (set, frozenset)):
        return repr(sorted(_stable(each) for each in value))
    if isinstance(value, (str, int, float, bool, Path)) or value is None:
        return repr(value)
    return type(value).__name__
