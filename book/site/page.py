"""What happens to each page on its way out: assets it needs, faults that Sphinx lets pass."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript
from sphinx.util import logging

LOG = logging.getLogger(__name__)
EXPLORER = Path(__file__).parent.parent / "explorer"
BIBLIOGRAPHY = "pages/bibliography"
HIDDEN = ("pages/authors",)  # built, and found by whoever has its address

_SPEC = re.compile(r'(<script type="application/json" data-explorer-spec="([^"]+)">)(.*?)(</script>)', re.S)
_CLAIM = re.compile(r'href="claim:([A-Z0-9]+)"')  # from a role, a card or a cell
_CITE = re.compile(r'data-cite="([^"]+)" href="[^"]*"')
#: A page gets a script only if it holds what the script works on.
_SCRIPTS = {'class="ledger"': "ledger.js", 'class="machine"': "machine.js"}
#: Repairs of what other packages write, for readers who use a screen reader.
_REPAIRS = (
    (' role="doc-biblioentry"', ' role="listitem"'),  # docutils: a deprecated role in a list
    ('<summary aria-label="Toggle hidden content">', "<summary>"),  # myst-nb: hides visible text
    ('<tr style="text-align: right;">\n      <th></th>', "<tr>\n      <td></td>"),  # pandas' corner
    ('<tr style="text-align: right;">', "<tr>"),
    (' border="1" class="dataframe"', ' class="dataframe"'),
    ('<div class="math"', '<div tabindex="0" class="math"'),  # a wide equation scrolls, by keyboard too
)


def _explorers(app: Sphinx, pagename: str, body: str) -> tuple[str, list[str]]:
    """Move the functions of a page's live figures into a script file of the site.

    A page under a strict policy must not make a function out of text.
    """
    functions = []

    def take(match: re.Match[str]) -> str:
        spec = json.loads(match[3])
        functions.append(f"Explorer.models[{json.dumps(match[2])}]={spec.pop('javascript')};\n")
        text = json.dumps(spec, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
        return match[1] + text + match[4]

    body = _SPEC.sub(take, body)
    if not functions:
        return body, []
    name = f"models/{pagename.replace('/', '-')}.js"
    target = Path(app.outdir) / "_static" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(functions), "utf8")
    return body, ["explorer.js", name]


def _check(app: Sphinx, pagename: str, body: str) -> None:
    if "katex-error" in body or "<merror" in body or 'mathcolor="#cc0000"' in body:
        LOG.warning("%s: TeX that cannot be rendered", pagename, location=pagename)
    for image in re.findall(r"<img\b[^>]*>", body):
        alt = re.search(r'alt="([^"]*)"', image)
        if alt is None or not alt[1].strip() or "_images/" in alt[1]:
            LOG.warning("%s: a picture without alternative text: %s", pagename, image[:120],
                        location=pagename)  # fmt: skip
    known = _anchors(app)
    for key in _CITE.findall(body):
        if f"ref-{key}" not in known:
            LOG.warning("%s: source %r is not on the bibliography page", pagename, key,
                        location=pagename)  # fmt: skip


def _anchors(app: Sphinx) -> set[str]:
    from book.data import bibliography  # read once; the root is the folder of the book

    return {f"ref-{key}" for key in bibliography().entries}


def _wanted(asset: Any, body: str) -> bool:
    name = str(getattr(asset, "filename", None) or "")
    inline = str((getattr(asset, "attributes", None) or {}).get("body") or "")
    kind = str((getattr(asset, "attributes", None) or {}).get("type") or "")
    if "widget-state" in kind or "require" in name or "html-manager" in name or "embed-amd" in name:
        return False  # live figures bring their own markup and need no widget manager
    if "sphinx-thebe" in name or "THEBE_JS_URL" in inline or name.startswith("katex") or "katex" in name:
        return False
    if ("copybutton" in name or "clipboard" in name) and 'class="highlight' not in body:
        return False
    has_toggle = re.search(r'class="[^"]*\b(toggle|dropdown)\b', body) is not None
    if ("togglebutton" in name or "oggle" in inline) and not has_toggle:
        return False
    return not (
        ("design-tabs" in name or "sphinx-design" in name) and not re.search(r'class="[^"]*\bsd-', body)
    )


def _finish(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    body = str(context.get("body", ""))
    _check(app, pagename, body)
    for old, new in _REPAIRS:
        body = body.replace(old, new)
    body, scripts = _explorers(app, pagename, body)
    body = _CITE.sub(lambda m: f'href="{context["pathto"](BIBLIOGRAPHY)}#ref-{m[1]}"', body)
    body = _CLAIM.sub(lambda m: f'href="{context["pathto"](f"claims/{m[1]}")}"', body)
    if "body" in context:
        context["body"] = body
    seen: set[str] = set()
    keep = []
    for asset in context["script_files"]:
        attributes = dict(getattr(asset, "attributes", None) or {})
        inline = str(attributes.get("body") or "")
        if not _wanted(asset, body) or (inline and inline in seen):
            continue
        seen.add(inline)
        name = str(getattr(asset, "filename", None) or "")
        if name and pagename != "search" and not name.endswith("documentation_options.js"):
            asset = _JavaScript(asset.filename, priority=asset.priority, **{"defer": "defer", **attributes})
        keep.append(asset)
    scripts += [name for mark, name in _SCRIPTS.items() if mark in body]
    keep += [_JavaScript(f"_static/{s}", priority=900, defer="defer") for s in scripts]
    context["script_files"] = keep
    context["css_files"] = [*context["css_files"], _CascadingStyleSheet("_static/book.css", priority=900)]


def _forget(app: Sphinx) -> None:
    """Drop the reports of an earlier build."""
    shutil.rmtree(Path(app.outdir) / "reports", ignore_errors=True)


def _causes(app: Sphinx, exception: Exception | None) -> None:
    """Say why a cell failed; myst-nb only says that one did, and where the traceback lies."""
    for report in sorted((Path(app.outdir) / "reports").rglob("*.err.log")):
        page = report.relative_to(Path(app.outdir) / "reports")
        lines = [line for line in report.read_text("utf8").splitlines() if line.strip()]
        cause = next(
            (line for line in reversed(lines) if re.match(r"[\w.]+(Error|Exception|Warning)\b", line)),
            lines[-1],
        )
        LOG.error("%s: a cell failed: %s", str(page).removesuffix(".err.log"), cause)


def _assets(app: Sphinx, exception: Exception | None) -> None:
    """Put the explorer's one script and one stylesheet into the site, and drop what no page uses."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    (static / "explorer.js").write_bytes((EXPLORER / "explorer.js").read_bytes())
    own = (Path(__file__).parent / "static" / "book.css").read_text("utf8")
    (static / "book.css").write_text(own + (EXPLORER / "explorer.css").read_text("utf8"), "utf8")
    for extra in [
        *static.rglob("*.map"),
        *(static / "scripts").glob("fontawesome*"),
        *(static / "scripts").glob("bootstrap*"),
        *static.rglob("*webpack-macros.html"),
    ]:
        extra.unlink(missing_ok=True)


def _hide(app: Sphinx, doctree: nodes.document) -> None:
    """Take pages for authors out of the table of contents that readers see."""
    for tree in doctree.findall(toctree):
        shown = [(t, f) for t, f in tree["entries"] if f not in HIDDEN]
        tree["entries"], tree["includefiles"] = shown, [f for _, f in shown]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("doctree-read", _hide, priority=900)
    app.connect("html-page-context", _finish, priority=990)
    app.connect("builder-inited", _forget)
    app.connect("build-finished", _causes, priority=100)
    app.connect("build-finished", _assets, priority=900)
