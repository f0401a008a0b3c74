"""An execution cache that cannot lie.

Jupyter Book keeps the outputs of a chapter as long as its text is the same, even when the package,
the data or the lock file changed. Here the cache lies in a folder named by a digest of all of
them, and the same digest is part of the configuration, so that Sphinx reads every page again.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

#: What a chapter's numbers can depend on besides its own text.
WATCHED = (
    "book/**/*.py",
    "book/explorer/*.js",
    "book/explorer/*.css",
    "book/site/static/*",
    "book/site/templates/**/*.html",
    "data/**/*",
    "references.bib",
    "requirements.txt",
)


def digest(root: Path) -> str:
    """Return a digest of everything that a chapter's outputs depend on besides its text."""
    found = hashlib.sha256()
    for path in sorted({p for pattern in WATCHED for p in root.glob(pattern) if p.is_file()}):
        found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def _use(app: Sphinx, config: Config) -> None:
    root = Path(app.confdir)
    key = digest(root)
    caches = Path(app.outdir).parent / ".jupyter_cache"
    config.content_digest = key  # type: ignore[attr-defined]
    config.nb_execution_cache_path = str(caches / key)  # type: ignore[attr-defined]
    if caches.is_dir():
        for old in caches.iterdir():
            if old.is_dir() and old.name != key:
                shutil.rmtree(old)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_config_value("content_digest", "", "env", types=[str])
    app.connect("config-inited", _use, priority=900)
