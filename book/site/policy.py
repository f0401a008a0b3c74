"""A Content-Security-Policy in every page: nothing from elsewhere, no code out of text."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/)[^>]*>(.*?)</script>", re.S)
_MARK = '<meta http-equiv="Content-Security-Policy"'
_CHARSET = '<meta charset="utf-8" />'
#: Styles may stand in attributes (matplotlib writes them); pictures may be made by the page itself.
_REST = "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'"


def policy(page: str) -> str:
    """Return the policy of a page, which lets run the inline scripts that it was built with.

    Parameters
    ----------
    page : str
        The finished HTML.
    """
    inline = {m[1] for m in _INLINE.finditer(page) if m[1].strip()}
    hashes = sorted(base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in inline)
    allowed = " ".join(["'self'", *(f"'sha256-{h}'" for h in hashes)])
    return f"default-src 'self'; script-src {allowed}; {_REST}"


def _seal(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_text("utf8")
        if _MARK not in page and _CHARSET in page:
            meta = f'{_CHARSET}\n    {_MARK} content="{policy(page)}" />'
            path.write_text(page.replace(_CHARSET, meta, 1), "utf8")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("build-finished", _seal, priority=990)
