"""What tests share: the built site, a copy of the project, a browser."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from book.explorer.kinds import Shapes

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def files() -> list[str]:
    """Return the files of the project: tracked, and new ones that git does not ignore."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in listed if name and (ROOT / name).is_file()]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project that a test may break."""
    target = tmp_path / "project"
    for name in files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    return target


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build a copy of the project as ``make site`` does."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "SOURCE_DATE_EPOCH": "1741132800",
        "NO_COLOR": "1",
    }
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", "-W", "-n", "--keep-going", "."]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def only(folder: Path, *pages: str) -> None:
    """Leave only some pages in a copy's table of contents, so that it builds fast."""
    lines = ["format: jb-book", "root: index", "chapters:"]
    (folder / "_toc.yml").write_text("\n".join([*lines, *(f"  - file: {p}" for p in pages), ""]), "utf8")
    (folder / "index.md").write_text("# Start\n", "utf8")


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the built site."""
    found = ROOT / "_build" / "html"
    if not (found / "index.html").exists():
        pytest.fail("the site is not built: run 'make site' first, or 'make test', which does")
    return found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """Serve the site from a sub-folder, as GitHub Pages does, and return its address."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site.parent))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/html"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium: Debian's, or the one that Playwright brought."""
    with sync_playwright() as play:
        try:
            started = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        except Error as err:
            pytest.skip(f"no browser: {str(err).splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a fresh page; a script error fails the test that sees it."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda err: errors.append(str(err)))
    yield opened
    context.close()
    assert not errors, errors


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; asked from outside, since a page makes no code out of text."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def pages(site: Path) -> list[str]:
    """Return the addresses of all pages within the site."""
    return sorted(str(p.relative_to(site)) for p in site.rglob("*.html") if "_static" not in p.parts)


def page_with(site: Path, explorer: str) -> str:
    """Return the address within the site of a page that holds an explorer."""
    spec = f'data-explorer-spec="{explorer}"'
    return next(name for name in pages(site) if spec in (site / name).read_text("utf8"))


def far(found: Any, expected: Any) -> float:
    """Return the largest relative difference."""
    a, b = np.asarray(found, float), np.asarray(expected, float)
    assert a.shape == b.shape
    scale = np.maximum(np.abs(b), 1e-300)
    assert (np.isfinite(a) == np.isfinite(b)).all()
    return float(np.max(np.where(a == b, 0.0, np.abs(a - b) / scale))) if a.size else 0.0


def same_shapes(found: Shapes, expected: Shapes, where: str) -> None:
    """Fail unless two figures show the same."""
    assert found.keys() == expected.keys(), where
    for part, shape in expected.items():
        other = found[part]
        assert shape.keys() == other.keys(), (where, part)
        if "text" in shape:
            assert other["text"] == shape["text"], (where, part)
            assert far(other["at"], shape["at"]) < 1e-9, (where, part)
        elif "fill" in shape:
            assert other["fill"] == shape["fill"], (where, part)
        else:
            assert len(other["paths"]) == len(shape["paths"]), (where, part)
            for a, b in zip(other["paths"], shape["paths"], strict=True):
                assert far(np.array(a) + 1e-12, np.array(b) + 1e-12) < 1e-8, (where, part)


def kinds_of_pages(site: Path) -> list[str]:
    """Return one page of each kind: all but the claims' own, and of those three that differ."""
    alike = [p for p in pages(site) if p.startswith("claims/")]
    return [*sorted(set(pages(site)) - set(alike)), "claims/CX2.html", "claims/DR7.html", "claims/DS1.html"]
