"""One stylesheet for the site, with no rule that no page can use and no icon that no page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

SHEET = "styles/site.css"
_THEME = ("basic.css", "styles/pydata-sphinx-theme.css")  # the theme links these by itself
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_ICON = re.compile("[\ue000-\uf8ff]")  # icons are letters of private use


def words(folder: Path) -> set[str]:
    """Return every word that a class or an identifier can be: those of attributes, and of scripts."""
    found: set[str] = set()
    for page in folder.rglob("*.html"):
        for value in re.findall(r'(?:class|id)="([^"]*)"', page.read_text("utf8")):
            found.update(value.split())
    for script in folder.rglob("*.js"):
        if script.name != "searchindex.js":
            found.update(_WORD.findall(script.read_text("utf8")))
    return found


def _usable(prelude: str, known: set[str]) -> str:
    """Return the selectors of a list whose classes and identifiers occur."""
    selectors, depth, last = [], 0, 0
    for k, letter in enumerate(prelude + ","):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            selectors.append(prelude[last:k].strip())
            last = k + 1
    return ",".join(
        s
        for s in selectors
        if "\\" in s or all(n in known for n in re.findall(r"[.#]([A-Za-z_-][\w-]*)", _bare(s)))
    )


def _bare(selector: str) -> str:
    """Return a selector without what stands in brackets: a value there, or one of several ways to match."""
    while (shorter := re.sub(r"\([^()]*\)|\[[^\]]*\]", "", selector)) != selector:
        selector = shorter
    return selector


def purge(css: str, known: set[str]) -> str:
    """Return a stylesheet without the rules that match nothing.

    Parameters
    ----------
    css : str
    known : set of str
        All words that a class or an identifier can be.
    """
    return _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known)


def _rules(nodes: list[Any], known: set[str]) -> str:
    kept = []
    for node in nodes:
        if node.type == "qualified-rule":
            if prelude := _usable(tinycss2.serialize(node.prelude), known):
                kept.append(f"{prelude}{{{tinycss2.serialize(node.content).strip()}}}")
        elif node.type == "at-rule" and node.content is not None:
            head = f"@{node.at_keyword}{tinycss2.serialize(node.prelude).rstrip()}"
            if node.lower_at_keyword in ("media", "supports", "layer"):
                inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                if body := _rules(inside, known):
                    kept.append(f"{head}{{{body}}}")
            else:
                kept.append(f"{head}{{{tinycss2.serialize(node.content)}}}")
        elif node.type == "at-rule" and node.lower_at_keyword != "import":
            kept.append(tinycss2.serialize([node]))
        elif node.type == "error":
            raise ValueError(f"a stylesheet cannot be read: line {node.source_line}: {node.message}")
    return "\n".join(kept)


def _fonts(static: Path, css: str) -> str:
    """Cut the icon fonts down to the icons that the stylesheet names, and return it with their new names."""
    points = {ord(letter) for letter in _ICON.findall(css)}
    for font in sorted((static / "vendor/fontawesome/webfonts").glob("*.ttf")):
        options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True)
        loaded: TTFont = subset.load_font(str(font), options)
        loaded["head"].modified = loaded["head"].created  # the same bytes from every build
        cut = subset.Subsetter(options)
        cut.populate(unicodes=points)
        cut.subset(loaded)
        loaded.recalcTimestamp = False
        subset.save_font(loaded, str(font.with_suffix(".woff")), options)
    # one file a face in place of two
    return re.sub(r'(url\([^)]*\.wof)f2\) format\("woff2"\),url\([^)]*\.ttf\) format\("truetype"\)',
                  r'\1f) format("woff")', css)  # fmt: skip


def _bundle(app: Sphinx, exception: Exception | None) -> None:
    names = getattr(app, "sheets", None)
    if exception or app.builder.format != "html" or not names:
        return
    static = Path(app.outdir) / "_static"
    known = words(Path(app.outdir))
    sheets = [static / n for n in [*_THEME, *names] if (static / n).is_file()]
    css = "\n".join(purge(sheet.read_text("utf8"), known) for sheet in sheets)
    (static / SHEET).write_text(_fonts(static, css), "utf8")
    for extra in [*sheets, static / "styles/theme.css", *static.rglob("*.ttf"), *static.rglob("*.woff2")]:
        extra.unlink(missing_ok=True)


def _one(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Note which stylesheets the extensions bring, and let the page link one in their place."""
    found = [str(a.filename).removeprefix("_static/") for a in context["css_files"]]
    app.sheets = list(dict.fromkeys([*getattr(app, "sheets", []), *found]))  # type: ignore[attr-defined]
    context["css_files"] = []
    context["site_version"] = str(app.config.content_digest)[:8]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("html-page-context", _one, priority=995)
    app.connect("build-finished", _bundle, priority=950)
