"""The Sphinx extension: what the site needs beyond Jupyter Book."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from book import sources
from book.site import cache, claims, machine, mathematics, page, policy, slim, tracing


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    sources.register()
    for part in (cache, claims, machine, mathematics, page, policy, slim, tracing):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
