"""Make what the worker would make first: no test waits for an encoder, and no shop does it anew.

Each running shop is a copy, and its worker would begin with the seed's queue and its pictures.
"""

from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402
from PIL import AvifImagePlugin, Image  # noqa: E402

from cms import pictures, social_pictures  # noqa: E402
from storefront.jobs import JOBS, Runner  # noqa: E402
from storefront.prerendering import prerender  # noqa: E402

# Of 0 to 10: a sixth of the shop's own time, and files a fifth heavier, which budgets may know.
HASTE = 9


def main() -> None:
    Image.register_save(AvifImagePlugin.AvifImageFile.format, _save_hastily)
    for url, status in prerender():
        assert status < 500, (url, status)
    pictures.render_missing(seconds=600)
    social_pictures.draw_due(at=timezone.now(), seconds=600)
    [tasks] = [Runner(job) for job in JOBS if job.name == "tasks"]
    while DBTaskResult.objects.ready().exists():
        assert tasks.run(at=timezone.now())


def _save_hastily(image: Image.Image, file: Any, name: str) -> None:
    image.encoderinfo.setdefault("speed", HASTE)
    AvifImagePlugin._save(image, file, name)


if __name__ == "__main__":
    main()
