"""Write tests/fuzz/who_may.csv anew: every address x everybody x every method, as it answers."""

import os
import subprocess
import sys

from tools.environment import ROOT, VENV


def main() -> int:
    env = os.environ | {"WRITE_WHO_MAY": "1", "TEST_DATABASE_URL": "sqlite:///:memory:"}
    command = [str(VENV / "bin" / "python"), "-m", "pytest", "-q", "tests/fuzz/test_who_may.py"]
    return subprocess.run([*command, "-n0", "-k", "everybody"], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
