"""Where the browser of tests and tools is."""

import os
import shutil

# Debian builds both from one source; the shell has no windows and takes a third less processor.
NAMES = ("chromium-headless-shell", "chromium")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")


def is_there() -> bool:
    return os.access(CHROMIUM, os.X_OK)
