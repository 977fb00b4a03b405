"""Where the browser of tests and tools is."""

import os
import shutil

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def is_there() -> bool:
    return os.access(CHROMIUM, os.X_OK)
