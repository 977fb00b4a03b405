"""Write the hash-locked requirements from the ranges in pyproject.toml.

The files name packages, versions and hashes but no address, so any registry can serve them.
"""

import itertools
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
    _cut_out_installer()
    return 0


def _cut_out_installer() -> None:
    """Give uv, which installs everything else, a lock of its own: its lines of the `dev` lock."""
    lines = (ROOT / "requirements" / "dev.txt").read_text().splitlines(keepends=True)
    start = next(place for place, line in enumerate(lines) if line.startswith("uv=="))
    hashes = itertools.takewhile(lambda line: "--hash=" in line, lines[start + 1 :])
    (ROOT / "requirements" / "installer.txt").write_text("".join([lines[start], *hashes]))


if __name__ == "__main__":
    sys.exit(main())
