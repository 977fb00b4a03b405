"""The steps that `tools.wordpress_bench` measures, in a process of their own."""

import contextlib
import io
import resource
import sys
import time
from pathlib import Path

import django

django.setup()

# Models exist only after the set-up above.
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from blog.models import ArticlePage  # noqa: E402
from tests.blog.factories import ArticleIndexPageFactory  # noqa: E402
from tools.wordpress_export import write  # noqa: E402


class NotAsExpected(RuntimeError):
    """A step did not end as it should; its time would mean nothing."""


def main() -> None:
    posts, folder = int(sys.argv[1]), Path(sys.argv[2])
    # As in production, the references and search entries of pages are the worker's.
    settings.TASKS["default"]["BACKEND"] = "django_tasks_db.DatabaseBackend"
    call_command("migrate", verbosity=0)
    ArticleIndexPageFactory.create()
    export = folder / "export.xml"
    write(export, posts=posts, comments=posts * 5)
    print(f"  {'the file':34} {export.stat().st_size / 2**20:7.0f} MB", flush=True)
    before = _memory()
    _timed("dry run", export, "--dry-run")
    _timed("import", export)
    _timed("import again", export)
    if ArticlePage.objects.count() != posts:
        raise NotAsExpected("Some posts are missing.")
    print(f"  {'memory before':34} {before:7.0f} MB", flush=True)
    print(f"  {'most memory of the process':34} {_memory():7.0f} MB", flush=True)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(name: str, export: Path, *arguments: str) -> None:
    began, busy = time.perf_counter(), time.process_time()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        call_command("import_wordpress", str(export), *arguments)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(f"  {name:34} {took:7.1f} s, this process at work for {busy:.1f} s", flush=True)


if __name__ == "__main__":
    main()
