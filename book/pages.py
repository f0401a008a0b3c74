"""Pages that are made from the data: the dictionary of tables."""

from __future__ import annotations

import html
import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from book.data import ROOT, table
from book.model import Model


@dataclass(frozen=True)
class Html:
    """A piece of a page."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


@dataclass(frozen=True)
class Markdown:
    """A piece of a page in MyST."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def _lower(name: str) -> str:
    """Return a name as it stands within a sentence; abbreviations keep their capitals."""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def equations(model: Model, names: Sequence[str]) -> Markdown:
    """Return formulas of a model as a chapter shows them: what each is, its equation, its unit."""
    parts = []
    for name in names:
        formula = model.formulas[name]
        unit = "" if formula.unit == "1" else f", in {formula.unit}"
        parts.append(f"**{formula.words}**{unit}:\n\n$$\n{model.latex(name)}\n$$\n")
    used = {s for n in names for s in model.formulas[n].expression.free_symbols}
    where = "; ".join(
        f"${p.symbol}$ is {_lower(p.name)}"
        for p in model.parameters.values()
        if any(str(s) == p.id for s in used)
    )
    return Markdown("\n".join(parts) + f"\nHere {where}.\n")


def source(function: Callable[[], object]) -> Markdown:
    """Return the text of a function, to be shown beside what it makes."""
    return Markdown(f"```python\n{inspect.getsource(function)}```\n")


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
