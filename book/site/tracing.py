"""Every number in prose is traced: it comes from a cell, or its sentence cites a source.

Dates, and names that hold digits (chips, rules, sections, claims), are not numbers in this sense.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

LOG = logging.getLogger(__name__)
_CITED, _COMPUTED, _OTHER = "\ue000", "\ue001", "\ue002"

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
#: What holds digits and is no number: dates and quarters, then names.
NAMES = re.compile(
    rf"""
    \b\d{{1,2}}\s(?:{_MONTH})(?:\s\d{{4}})? | \b(?:{_MONTH})\s\d{{4}} | \b(?:19|20)\d\d(?:\s?[-\u2013]\s?(?:19|20)?\d\d)?\b
    | \bQ[1-4]\b | \b\d{{4}}-\d\d(?:-\d\d)?\b
    | \b(?:DS|YF|DR|AL|SI|CX)\d{{1,2}}\b                       # claims
    | \b[A-Z]{{1,4}}-?\d{{1,4}}[A-Za-z]{{0,2}}\b               # chips and models: H100, GB300, MI300X, G42
    | \b(?:RTX|Ascend|TPU|Gaudi|Llama|Grok|Claude|Gemini|GPT|Kimi|Qwen|Inferentia|Trainium|Maia)[\s-]?v?\d+(?:\.\d+)?\w?\b
    | \b\d[A-E]\d{{3}}(?:\.[a-z0-9.]+)?\b                      # ECCNs: 3A090.a
    | \b\d{{2,3}}\sFR\s\d+\b | \b\d+\sCFR\b | \b[A-E]:\d\b | \bpart\s\d+\b | \b\d{{3}}\.\d+\b | \bNote\s\d\b
    | \btiers?\s\d(?:\sand\s\d)? | \bCOVID-19\b | \b[A-Z]\d\b | \barXiv:\S+ | \b\d+[-\s]bits?\b
    """,
    re.X,
)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*\d|\d")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+(?=[A-Z\"\u201c(\ue000-\ue002])|\n\n")


@dataclass
class Count:
    """How many numbers were traced, and those that were not."""

    computed: int = 0
    cited: int = 0
    untraced: list[str] = field(default_factory=list)

    @property
    def traced(self) -> int:
        """Numbers that come from a cell or stand in a sentence with a citation."""
        return self.computed + self.cited


def count(text: str) -> Count:
    """Count the numbers of a paragraph in which citations and computed numbers are marked."""
    found = Count()
    for sentence in _SENTENCE.split(text):
        found.computed += sentence.count(_COMPUTED)
        numbers = _NUMBER.findall(NAMES.sub(" ", sentence))
        if _CITED in sentence:
            found.cited += len(numbers)
        else:
            found.untraced += [f"{n!r} in “{sentence.strip()[:80]}”" for n in numbers]
    return found


def flatten(node: nodes.Node) -> str:
    """Return the text of a paragraph with marks for citations, computed numbers and the rest."""
    if isinstance(node, nodes.Text):
        return str(node)
    name = type(node).__name__
    if name == "pending_xref":
        return _CITED if node.get("refdomain") == "cite" else "".join(map(flatten, node.children))
    if isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle":
        said = any('class="num"' in raw.astext() for raw in node.findall(nodes.raw))
        return _COMPUTED if said else node.astext()  # glued by hand, without saying how it came about
    if isinstance(node, nodes.literal | nodes.math | nodes.raw | nodes.image):
        return _OTHER
    return "".join(map(flatten, node.children))


def _trace(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    if page in ("pages/bibliography", "pages/glossary"):
        return
    total = app.env.__dict__.setdefault("book_traced", {})
    found = Count()
    for node in doctree.findall(nodes.TextElement):
        if not isinstance(node, nodes.paragraph | nodes.title | nodes.term) or _within_output(node):
            continue
        here = count(flatten(node))
        found.computed += here.computed
        found.cited += here.cited
        for number in here.untraced:
            LOG.warning(
                "%s: number %s is not traced: compute it in a cell, or cite its source",
                page,
                number,
                location=node,
            )
        found.untraced += here.untraced
    total[page] = (found.traced, len(found.untraced))


def _within_output(node: nodes.Node) -> bool:
    """Whether a paragraph was written by a cell, whose numbers are computed by definition."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.container) and {"cell_output", "cell"} & set(node.get("classes", [])):
            return True
    return False


def _report(app: Sphinx, exception: Exception | None) -> None:
    total = getattr(app.env, "book_traced", {}) if app.env else {}
    traced, untraced = (sum(pair[k] for pair in total.values()) for k in (0, 1))
    if total:
        LOG.info("%d of %d numbers in prose traced", traced, traced + untraced)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("doctree-read", _trace)
    app.connect("build-finished", _report, priority=950)
