"""A hundred thousand passes: how much longer than with a hundred the desk and the reports take.

`python -m tools.pass_bench [PASSES]` starts a PostgreSQL of its own, fills it with ten entries a
pass, and asks the same before and after, from one process. With `--write` the table goes into
docs/performance.md. The bar of the desk is twice the small shop's 95th percentile, and that of a
year's promises report is five seconds.
"""

import os
import subprocess
import sys

from tools.environment import ROOT
from tools.postgres import temporary_server

PASSES = 100_000


def main() -> int:
    numbers = [each for each in sys.argv[1:] if each.isdigit()]
    with temporary_server() as url:
        environment = {
            **os.environ,
            "TEST_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        }
        count = numbers[0] if numbers else str(PASSES)
        write = ["--write"] if "--write" in sys.argv else []
        command = [sys.executable, "-m", "tools.pass_steps", count, *write]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
