"""nginx with the configuration that we ship, on ports and folders of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.environment import ROOT
from tools.terminal import Refusal

SHIPPED = ROOT / "deploy" / "nginx"
STATIC = "/measured-static.html"
MAIN = """{user}worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    sendfile on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/upstreams.conf;
    include {folder}/galea.conf;
}}
"""


def program() -> str:
    """Return where nginx is, or nothing."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or ""


def configure(folder: Path, *, port: int, shop_port: int, host: str, var: Path) -> list[str]:
    """Write the configuration into a folder; return the command that starts nginx on it.

    Ports, folders and names are ours; rates are lifted, since one visitor asks for everything.
    """
    _certificate(folder, host)
    text = (SHIPPED / "galea.conf").read_text()
    # The part that leads from HTTP to HTTPS needs a port of its own and is not measured.
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"\n\s+listen \[::\]:443 ssl;", "", text)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    text = text.replace("shop.example", host)
    text = re.sub(r"ssl_certificate_key\s+[^;]+;", f"ssl_certificate_key {folder}/key.pem;", text)
    text = re.sub(r"ssl_certificate\s+[^;]+;", f"ssl_certificate {folder}/certificate.pem;", text)
    text = text.replace("/srv/galea/var", str(var))
    text = text.replace("/var/cache/nginx", str(folder / "cache"))
    text = text.replace("/var/log/nginx", str(folder))
    text = re.sub(r"rate=\d+r/[sm]", "rate=1000000r/s", text)
    text = re.sub(r"limit_conn galea_visitors \d+;", "limit_conn galea_visitors 10000;", text)
    plain = f"    location = {STATIC} {{ root {folder}/static; }}\n    location / {{"
    text = text.replace("    location / {", plain, 1)
    (folder / "galea.conf").write_text(text)
    upstreams = (SHIPPED / "upstreams.conf").read_text()
    upstreams = re.sub(r"127\.0\.0\.1:800[12]", f"127.0.0.1:{shop_port}", upstreams)
    (folder / "upstreams.conf").write_text(upstreams)
    # Started by root it would become somebody who may not read this folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    (var / "views").mkdir(parents=True, exist_ok=True)
    (folder / "static").mkdir()
    (folder / "cache").mkdir()
    return [program(), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def put_static(folder: Path, body: bytes) -> None:
    """Lay down the file that nginx hands out by itself."""
    (folder / "static" / STATIC.lstrip("/")).write_bytes(body)


def _certificate(folder: Path, host: str) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", f"/CN={host}", "-keyout", str(folder / "key.pem")]
    command += ["-out", str(folder / "certificate.pem")]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Refusal("openssl could not make a certificate for this run.") from error
