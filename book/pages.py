"""Pages that are made from the data: the dictionary of tables."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from pathlib import Path

from book.data import ROOT, table


@dataclass(frozen=True)
class Html:
    """A piece of a page."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def data_dictionary(root: Path = ROOT) -> Html:
    """Return every table of ``data/datapackage.json`` with its columns, types and meaning."""
    package = json.loads((root / "data" / "datapackage.json").read_text("utf8"))
    parts = []
    for resource in package["resources"]:
        rows = "".join(
            f'<tr><th scope="row"><code>{html.escape(f["name"])}</code></th><td>{f["type"]}</td>'
            f"<td>{html.escape(f['description'])}</td></tr>"
            for f in resource["schema"]["fields"]
        )
        title, name = html.escape(resource["title"]), html.escape(resource["path"])
        parts.append(
            f'<h2 id="table-{resource["name"]}">{title}</h2><p><code>data/{name}</code>, '
            f"{len(table(resource['name'], root))} rows. {html.escape(resource['description'])}</p>"
            f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><thead><tr>'
            '<th scope="col">Column</th><th scope="col">Type</th><th scope="col">Meaning</th>'
            f"</tr></thead><tbody>{rows}</tbody></table></div>"
        )
    return Html("".join(parts))
