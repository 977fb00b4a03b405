"""Every tool can be started as it is: from a shell, without settings of the shop."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What runs inside a shop, on the settings of whoever starts it.
INSIDE = {
    "article_steps",
    "bench.bare",
    "bench.grow",
    "bench.inside",
    "bench.profiled",
    "comment_steps",
    "desk_steps",
    "import_steps",
    "pass_steps",
    "wordpress_steps",
}


def _tools() -> list[str]:
    """Name every tool; those of the studio are for Blender."""
    folder = ROOT / "tools"
    files = [file for part in (folder, folder / "bench") for file in part.glob("*.py")]
    names = {".".join(file.relative_to(folder).with_suffix("").parts) for file in files}
    return sorted(
        f"tools.{name}" for name in names - INSIDE if "__" not in name and "settings_" not in name
    )


def test_tools_need_no_settings_to_be_started() -> None:
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    code = f"from importlib import import_module\nfor name in {_tools()}: import_module(name)"

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True
    )

    assert "tools.lighthouse" in _tools()
    assert (run.returncode, run.stderr) == (0, "")
