"""Look for secrets in the tree; `--accept` notes those found as harmless in .secrets.baseline.

A finding is known by its file and its hash, not by its line, so that moving code asks nobody.
"""

import json
import subprocess
import sys
from typing import Any

from tools.environment import ROOT, VENV

BASELINE = ROOT / ".secrets.baseline"
NOT_TEXT = (".png", ".jpg", ".jpeg", ".avif", ".webp", ".woff2", ".ico", ".svg")


def main() -> int:
    found = _scan()
    if "--accept" in sys.argv[1:]:
        BASELINE.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
        return 0
    known = _keys(json.loads(BASELINE.read_text()))
    new = {key: place for key, place in _keys(found).items() if key not in known}
    for place in sorted(new.values()):
        print(f"{place}: remove it, or accept it with python -m tools.leaks --accept")
    return 1 if new else 0


def _scan() -> dict[str, Any]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [
        path
        for path in listed.stdout.splitlines()
        if not path.endswith(NOT_TEXT)
        and not path.startswith("requirements/")
        and path != BASELINE.name
        and (ROOT / path).is_file()
    ]
    scanner = [str(VENV / "bin" / "detect-secrets"), "scan", "--no-verify", *paths]
    run = subprocess.run(scanner, cwd=ROOT, capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(run.stdout)
    return {"results": report["results"], "version": report["version"]}


def _keys(report: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {
        (path, finding["hashed_secret"]): f"{path}:{finding['line_number']}: {finding['type']}"
        for path, findings in report["results"].items()
        for finding in findings
    }


if __name__ == "__main__":
    sys.exit(main())
