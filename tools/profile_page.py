"""Show where one page of the demo spends its time: `make profile URL=/shop/`.

Runs on the data of `make demo` with no page kept. URL names the page, LINES=5 fills the visitor's
basket first, REPEAT says how often it is built, SORT=cumulative orders functions by the time of
all that they call, WIDTH=500 shows more of each query.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.environment import PYTHON, ROOT


def main() -> int:
    """Profile one page in a process of its own."""
    environment = Path(os.environ.get("GALEA_VAR_DIR") or ROOT / "var") / "demo.env"
    if not environment.exists():
        print("Galea: there is no demo yet: run `make demo` once, then this.", file=sys.stderr)
        return 1
    env = os.environ | {
        "GALEA_ENV_FILE": str(environment),
        "DJANGO_SETTINGS_MODULE": "tools.bench.settings_demo",
    }
    return subprocess.run([PYTHON, "-m", "tools.bench.profiled"], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
