"""Ask a shop the same before and after it has grown, on a PostgreSQL of its own.

What is asked and how the shop grows is the business of a module of steps, which runs in a process
of its own and needs settings; this one starts without.
"""

import os
import subprocess
import sys

from tools.environment import ROOT
from tools.postgres import temporary_server


def measure(steps: str, *usual: int) -> int:
    """Run a module of steps with the sizes on the command line, or the usual ones, and `--write`.

    :return: what the steps returned: 0 if every bar was reached.
    """
    asked = [each for each in sys.argv[1:] if each.isdigit()]
    sizes = [*asked, *map(str, usual[len(asked) :])]
    write = ["--write"] if "--write" in sys.argv else []
    with temporary_server() as url:
        environment = {
            **os.environ,
            "TEST_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        }
        command = [sys.executable, "-m", steps, *sizes, *write]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode
