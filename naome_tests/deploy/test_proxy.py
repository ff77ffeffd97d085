"""What the proxy lets through, by nginx itself where it is installed."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

DEPLOY = Path("deploy")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin") or (
    shutil.which("nginx")
)
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

JSON = {"Content-Type": "application/json; charset=utf-8"}
WEBSOCKET = {"Upgrade": "websocket", "Connection": "Upgrade"}
MUTATION = "?query=mutation%7BdeleteRun%7D"


@dataclass
class Proxy:
    """nginx with the deployment's settings, and what reached the servers behind it."""

    port: int
    reached: list[str] = field(default_factory=list)
    signed_in: bool = True

    def ask(self, method: str, path: str, **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, json.dumps({}) if method == "POST" else None, named)
        status = connection.getresponse().status
        connection.close()
        return status


@contextmanager
def _behind(proxy: Proxy) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = self.path.startswith("/oauth2/")
            if not asked:
                proxy.reached.append(f"{self.command} {self.path}")
            self.send_response(202 if proxy.signed_in or not asked else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815

        def log_message(self, *_arguments: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as opened:
        proxy = Proxy(int(opened.getsockname()[1]))
    with _behind(proxy) as behind:
        settings = (DEPLOY / "nginx.conf").read_text()
        for pattern, here in (
            (r"listen 443 ssl;", f"listen 127.0.0.1:{proxy.port};"),
            (r"ssl_certificate\w* .*;", ""),
            (r"http://[\w-]+:\d+", f"http://127.0.0.1:{behind}"),
            (r"/etc/nginx/naome-proxy.conf", str((DEPLOY / "naome-proxy.conf").resolve())),
        ):
            settings, times = re.subn(pattern, here, settings)
            assert times
        paths = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/errors;\nevents {{}}\n"
            f"http {{ access_log off; {paths}\n{settings} }}"
        )
        process = subprocess.Popen(
            [str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            for _ in range(100):
                assert process.poll() is None, process.stderr and process.stderr.read()
                try:
                    socket.create_connection(("127.0.0.1", proxy.port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield proxy
        finally:
            process.terminate()
            process.wait()


@pytest.fixture
def proxy(nginx: Proxy) -> Proxy:
    nginx.reached.clear()
    nginx.signed_in = True
    return nginx


@pytest.mark.parametrize("prefix", ["", "/operate"])
@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", f"/graphql{MUTATION}", {}),
        ("GET", f"/graphql/{MUTATION}", {}),
        ("GET", f"/%67raphql{MUTATION}", {}),
        ("GET", f"/x/../graphql{MUTATION}", {}),
        ("GET", f"//graphql{MUTATION}", {}),
        ("GET", "/graphql", {"Accept": "text/html"}),
        ("HEAD", f"/graphql{MUTATION}", {}),
        # A form of another site sends these, and Dagster would read the address.
        ("POST", f"/graphql{MUTATION}", {"Content-Type": "text/plain"}),
        ("POST", f"/graphql{MUTATION}", {"Content-Type": "application/x-www-form-urlencoded"}),
        ("POST", f"/graphql{MUTATION}", {}),
        ("POST", f"/graphql{MUTATION}", {"Content-Type": "text/plain; application/json"}),
        ("POST", "/graphql", JSON | {"Origin": "https://elsewhere.example"}),
        ("GET", "/graphql", WEBSOCKET | {"Origin": "https://elsewhere.example"}),
        ("POST", "/report_asset_materialization/ledger", JSON),
    ],
)
def test_no_link_and_no_form_changes_anything(
    proxy: Proxy, prefix: str, method: str, path: str, headers: dict[str, str]
) -> None:
    assert proxy.ask(method, prefix + path, **headers) in (403, 405)
    assert proxy.reached == []


@pytest.mark.parametrize("prefix", ["", "/operate"])
def test_the_ui_works(proxy: Proxy, prefix: str) -> None:
    here = {"Origin": f"http://127.0.0.1:{proxy.port}"}
    for method, path, headers in (
        ("GET", "/", {}),
        ("GET", "/runs/1?query=graphql", {}),
        ("POST", "/graphql", JSON),
        ("POST", "/graphql?op=Runs", JSON | here),
        ("GET", "/graphql", WEBSOCKET | here),
    ):
        assert proxy.ask(method, prefix + path, **headers) == 202, path
    assert len(proxy.reached) == 5


def test_nobody_comes_in_without_a_sign_in(proxy: Proxy) -> None:
    proxy.signed_in = False
    assert proxy.ask("GET", "/operate/") == 401
    assert proxy.ask("POST", "/graphql", **JSON) == 401
    assert proxy.reached == []
