"""A local server that compresses as a real one does, and counts what it sends."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".py": "text/plain; charset=utf-8",
}


@dataclass
class Count:
    """Bodies sent since the last reset, in bytes after compression."""

    sent: list[tuple[str, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def reset(self) -> None:
        self.sent.clear()
        self.missing.clear()


@cache
def _body(path: Path) -> tuple[bytes, bool]:
    """Return a file as it is sent; compressed once, so that no answer waits for it."""
    raw = path.read_bytes()
    return (gzip.compress(raw, 9), True) if path.suffix in TYPES else (raw, False)


def _handler(folders: dict[str, Path], count: Count) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or head and body wait for each other
        wbufsize = 1 << 16

        def do_GET(self) -> None:
            first, _, rest = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
            path = folders.get(first, Path()) / (rest or "index.html")
            if first not in folders or not path.is_file():
                count.missing.append(self.path)
                self.send_error(404)
                return
            body, packed = _body(path)
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(path.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            # these two give scripts a clock of 5 microseconds in place of 100
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)
            count.sent.append((self.path, len(body)))

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@contextmanager
def serve(folders: dict[str, Path]) -> Iterator[tuple[str, Count]]:
    """Serve folders, each under its name, from this machine to itself."""
    for folder in folders.values():
        for path in folder.rglob("*"):
            if path.is_file():
                _body(path)
    count = Count()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(folders, count)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", count
        server.shutdown()
