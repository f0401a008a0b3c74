"""Sources as a reader sees them: one label each, in the text, under figures and in the bibliography."""

from __future__ import annotations

import functools
import html
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.labels import BaseLabelStyle

from book.data import bibliography, check_keys


def _plain(text: str) -> str:
    return str(Text.from_latex(text)).replace("--", "\u2013")


def _who(entry: Entry) -> str:
    if "shortauthor" in entry.fields:
        return _plain(entry.fields["shortauthor"])
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [_plain(" ".join(p.prelast_names + p.last_names)) for p in people]
    if not names:
        return _plain(entry.fields["title"])
    if len(names) == 1:
        return names[0]
    return f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."


def _labels(entries: Iterable[Entry]) -> dict[str, str]:
    """Return a label for each key; works of one author and year are told apart by a letter."""
    groups = defaultdict(list)
    for entry in entries:
        groups[f"{_who(entry)} {_plain(entry.fields.get('year', 'n.d.'))}"].append(entry.key)
    found = {}
    for label, keys in groups.items():
        ordered = sorted(keys)
        for k, key in enumerate(ordered):
            found[key] = label if len(ordered) == 1 else label + _letters(k)
    return found


def _letters(k: int) -> str:
    letter = string.ascii_lowercase[k % 26]
    return letter if k < 26 else _letters(k // 26 - 1) + letter


@functools.cache
def _all_labels() -> dict[str, str]:
    return _labels(bibliography().entries.values())


def short(key: str) -> str:
    """Return the label of a source, such as ``"BIS 2025c"``.

    Raises
    ------
    DataError
        If the key is not in ``references.bib``.
    """
    check_keys([key], f"source {key!r}")
    return _all_labels()[key]


def title(key: str) -> str:
    """Return the title of a source."""
    check_keys([key], f"source {key!r}")
    return _plain(bibliography().entries[key].fields["title"])


def link(key: str) -> str:
    """Return an HTML link from a label to its source.

    In a notebook it leads to the source itself; the site makes it lead to the bibliography.
    """
    address = bibliography().entries[key].fields.get("url", "") if short(key) else ""
    return (
        f'<a class="cite" data-cite="{html.escape(key)}" href="{html.escape(_plain(address))}" '
        f'title="{html.escape(title(key))}">{html.escape(short(key))}</a>'
    )


class ReportLabels(BaseLabelStyle):  # type: ignore[misc]
    """The report's labels, for the bibliography and the citations in the text."""

    def format_labels(self, sorted_entries: list[Entry]) -> Iterator[str]:
        """Yield the label of each entry."""
        for entry in sorted_entries:
            yield _all_labels()[entry.key]


class ReportStyle(UnsrtStyle):  # type: ignore[misc]
    """Entries sorted by author and year, under the report's labels."""

    default_sorting_style = "author_year_title"
    default_label_style = "report"


def register() -> None:
    """Make the style known to the bibliography under the name ``report``."""
    register_plugin("pybtex.style.labels", "report", ReportLabels)
    register_plugin("pybtex.style.formatting", "report", ReportStyle)
