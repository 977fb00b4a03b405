"""Write the hash-locked requirements from the ranges in pyproject.toml.

The files name packages, versions and hashes but no address, so any registry can serve them.
"""

import subprocess
import sys

from tools.environment import ROOT, VENV

FLAGS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
]
LOCKS = {"runtime": [], "dev": ["--group=dev"], "opensearch": ["--extra=opensearch"]}


def main() -> int:
    for name, extra in LOCKS.items():
        output = f"requirements/{name}.txt"
        command = [str(VENV / "bin" / "uv"), "pip", "compile", "pyproject.toml", *extra, *FLAGS]
        print(f"Locking {output}", flush=True)
        run = subprocess.run([*command, "--output-file", output, *sys.argv[1:]], cwd=ROOT)
        if run.returncode != 0:
            return run.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
