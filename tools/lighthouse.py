"""Let Lighthouse judge the main pages of a seeded shop, as a phone sees them.

Accessibility, best practices and SEO must be 100; performance is shown, since it depends on how
busy this machine is (`PERFORMANCE=95` makes it a bar too). PAGES="home,basket" judges some alone.
Lighthouse itself is installed once into `var/lighthouse` with npm; Node and Chromium must be there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from tests.browser.chromium import CHROMIUM
from tests.browser.running_shop import RunningShop
from tests.browser.visitor import SESSIONS, WASH
from tools.environment import ROOT
from tools.terminal import Refusal, Step

# The newest that Node 20 runs.
VERSION = "12.8.2"
HOME = Path(os.environ.get("GALEA_VAR_DIR") or ROOT / "var") / "lighthouse"
JUDGED = ("accessibility", "best-practices", "seo", "performance")
FULL = ("accessibility", "best-practices", "seo")
# A page that search engines shall not keep says so, which Lighthouse counts as a fault.
PERSONAL = {"search", "basket", "account"}
PAGES = {
    "home": "/",
    "category": "/shop/",
    "product": WASH,
    "package": SESSIONS,
    "search": "/search/?q=serum",
    "basket": "/basket/",
    "article": "/scalp-guide/microdermabrasion-on-the-scalp/",
    "account": "/account/login/",
}
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)


def main() -> int:
    """Judge every page; 1 if a bar was missed."""
    try:
        program = _installed()
        with tempfile.TemporaryDirectory(prefix="galea-lighthouse-") as folder:
            verdicts = _judge(program, Path(folder))
    except Refusal as refusal:
        print(f"Galea: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    print("\n".join(["", *verdicts]))
    return 1 if any(line.startswith("FAIL") for line in verdicts) else 0


def _installed() -> Path:
    """Return the program, installed first if need be.

    :raises Refusal: if Node or Chromium is missing, or npm cannot install it.
    """
    for name in ("node", "npm"):
        if shutil.which(name) is None:
            raise Refusal(f"{name} is missing (Debian: apt-get install nodejs npm).")
    if not Path(CHROMIUM).exists():
        raise Refusal("Chromium is missing (Debian: apt-get install chromium).")
    program = HOME / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        with Step(f"Installing Lighthouse {VERSION} (once)"):
            command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
            command += ["--prefix", str(HOME), f"lighthouse@{VERSION}"]
            run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0 or not program.exists():
            raise Refusal(f"npm could not install Lighthouse: {run.stderr.strip()[-300:]}")
    return program


def _judge(program: Path, folder: Path) -> list[str]:
    with Step("Starting a shop"):
        shop = RunningShop(folder)
    asked = [word.strip() for word in os.environ.get("PAGES", "").split(",") if word.strip()]
    try:
        cookie = _basket(shop.origin)
        lines = []
        for name, path in PAGES.items():
            if asked and name not in asked:
                continue
            with Step(f"Judging {name}"):
                _look_once(shop.origin + path)
                report = _report(program, shop.origin + path, folder, cookie)
            lines += _lines(name, report)
        return lines
    finally:
        shop.stop()


def _basket(origin: str) -> str:
    """Put something into a basket and return the visitor's cookies."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = _look_once(origin + WASH)
    sku = page.split('name="sku" value="', 1)[1].split('"', 1)[0]
    body = urllib.parse.urlencode({"sku": sku, "quantity": "1"}).encode()
    request = urllib.request.Request(  # noqa: S310 (our own address)
        f"{origin}/basket/add/", body, {"Origin": origin}
    )
    browser.open(request, timeout=60)
    return "; ".join(f"{each.name}={each.value}" for each in jar)


def _look_once(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (our own address)
        return str(answer.read().decode())


def _report(program: Path, url: str, folder: Path, cookie: str) -> dict[str, Any]:
    target = folder / "report.json"
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    command = ["node", str(program), url, "--quiet", "--output=json", f"--output-path={target}"]
    command += [f"--only-categories={','.join(JUDGED)}", f"--extra-headers={headers}"]
    command.append(f"--chrome-flags={FLAGS} --user-data-dir={folder / 'chromium'}")
    env = os.environ | {"CHROME_PATH": str(CHROMIUM)}
    run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    if run.returncode != 0 or not target.exists():
        raise Refusal(f"Lighthouse could not judge {url}: {run.stderr.strip()[-500:]}")
    report: dict[str, Any] = json.loads(target.read_text())
    target.unlink()
    return report


def _lines(name: str, report: dict[str, Any]) -> list[str]:
    lines = []
    for category in JUDGED:
        judged = report["categories"][category]
        faults = [
            each["id"]
            for each in judged["auditRefs"]
            if each["weight"] and _score(report, each["id"]) < 1
        ]
        score = round(100 * (judged["score"] or 0))
        if category == "seo" and name in PERSONAL and faults == ["is-crawlable"]:
            score, faults = 100, ["is-crawlable: as it should be"]
        bar = 100 if category in FULL else int(os.environ.get("PERFORMANCE") or 0)
        verdict = "PASS" if score >= bar else "FAIL"
        why = f" ({', '.join(faults)})" if faults and category in FULL else ""
        lines.append(f"{verdict}  {name}: {category} {score}{why}")
    return lines


def _score(report: dict[str, Any], audit: str) -> float:
    score = report["audits"][audit]["score"]
    return 1.0 if score is None else float(score)


if __name__ == "__main__":
    sys.exit(main())
