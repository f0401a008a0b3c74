"""Sources as a reader sees them: a short name and the way to the full entry."""

from __future__ import annotations

import html
import re

from pybtex.database import Entry

from book.data import bibliography, check_keys


def _plain(text: str) -> str:
    return re.sub(r"[{}]", "", text).replace(r"\&", "&").replace("--", "\u2013")


def short(key: str) -> str:
    """Return a short name of a source, such as ``"BIS 2025"``.

    Raises
    ------
    DataError
        If the key is not in ``references.bib``.
    """
    check_keys([key], f"source {key!r}")
    entry: Entry = bibliography().entries[key]
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [_plain(" ".join(p.prelast_names + p.last_names)) for p in people]
    year = _plain(entry.fields.get("year", "n.d."))
    if not names:
        return f"{_plain(entry.fields['title'])} ({year})"
    who = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} and others"
    return f"{who} {year}"


def title(key: str) -> str:
    """Return the title of a source."""
    check_keys([key], f"source {key!r}")
    return _plain(bibliography().entries[key].fields["title"])


def link(key: str) -> str:
    """Return an HTML link from a short name to the source's entry in the bibliography.

    The address is completed by the site, which knows how deep a page lies.
    """
    return (
        f'<a class="cite" href="bibliography.html#{html.escape(key)}" '
        f'title="{html.escape(title(key))}">{html.escape(short(key))}</a>'
    )
