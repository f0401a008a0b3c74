"""``{rule-machine}``: the diffusion rule as a tool. Who, where, when, what: by which paths, how many."""

from __future__ import annotations

import html
import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book import export_controls as ec
from book.data import number, split_keys, table
from book.sources import link

CHIPS = ("h100_sxm", "h200_sxm", "b200", "b300", "gb300", "a100_80gb_sxm", "mi300x", "mi355x")
START = {"headquarters": "SAU", "site": "SAU", "quarter": "2026q4", "chip": "h100_sxm", "wanted": "100000"}
_LIMITS = {
    "none": "No cap stated",
    "nothing": "None: denial is presumed",
    "year": "{:,.0f} TPP a calendar year for the whole group of companies",
    "country": "{:,.0f} TPP for the country in 2025 to 2027",
    "quarter": "{:,.0f} TPP at the end of 2027, less before",
    "share": "{:.0f} per cent of the firm's own total",
}


def spec() -> dict[str, Any]:
    """Return what the script needs: states and their groups, ceilings, chips."""
    tiers = table("country_tiers").sort_values("name")
    return {
        "start": START,
        "states": [[r.alpha3, r.name, int(r.tier)] for r in tiers.itertuples(index=False)],
        "quarters": [[q, f"{q[:4]} Q{q[-1]}", ec.nveu_ceiling(q), ec.lpp(q)] for q in ec.QUARTERS],
        "chips": [[c, str(ec.chip(c)["name"]), float(ec.chip(c)["tpp"])] for c in CHIPS],
    }


def _limit(kind: str, row: str) -> tuple[float, str]:
    if kind in ("none", "nothing"):
        return (float("inf") if kind == "none" else 0.0), _LIMITS[kind]
    value = ec.nveu_ceiling(ec.QUARTERS[-1]) if row == "nveu" else number(table("diffusion_rule"), row)
    return value, _LIMITS[kind].format(value)


def _row(id: str, path: Any) -> str:
    value, words = _limit(path["kind"], str(path["limit"]))
    steps = split_keys(path["steps"])
    listed = "".join(f"<li>{html.escape(s)}</li>" for s in steps)
    cites = "; ".join(link(k) for k in split_keys(path["sources"]))
    return (
        f'<tr data-path="{id}" data-kind="{path["kind"]}" data-limit="{value if path["kind"] != "none" else ""}"'
        f' data-headquarters="{path["headquarters"]}" data-site="{path["destination"]}">'
        f'<th scope="row">{html.escape(path["name"])}</th><td class="allowed">{html.escape(words)}</td>'
        f"<td><details><summary>{len(steps)}</summary><ol>{listed}</ol></details></td>"
        f"<td>{html.escape(path['terms'])}.</td><td>{html.escape(path['paragraph'])} {cites}</td></tr>"
    )


def _states() -> str:
    tiers = table("country_tiers").sort_values("name")
    lists = []
    for tier, name in ((1, "First group"), (2, "Second group"), (3, "Third group")):
        names = tiers.loc[tiers["tier"].astype(int) == tier, "name"]
        lists.append(
            f"<dt>{name}, {len(names)} states and territories</dt><dd>{html.escape('; '.join(names))}</dd>"
        )
    return f"<details class='inputs'><summary>The group of every state and territory</summary><dl>{''.join(lists)}</dl></details>"


def markup() -> str:
    """Return the tool; without scripts it is the table of all paths."""
    rows = "".join(_row(str(i), path) for i, path in table("paths").iterrows())
    heads = ("Path", "How many", "Steps", "Terms", "Paragraph of 15 CFR")
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    data = json.dumps(spec(), separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    labels = {
        "headquarters": "Ultimate parent in",
        "site": "Site in",
        "quarter": "By the end of",
        "chip": "Chip",
    }
    selects = "".join(
        f'<label>{words}<select data-ask="{name}"></select></label>' for name, words in labels.items()
    )
    return (
        '<div class="machine"><div class="ledger-filters">'
        f'{selects}<label>How many<input type="number" min="1" max="10000000" data-ask="wanted"></label></div>'
        '<p class="machine-answer" aria-live="polite"></p>'
        '<div class="scroll" tabindex="0" role="region" aria-label="Paths to a chip under the rule">'
        f"<table class='paths'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{_states()}"
        f'<script type="application/json" class="machine-data">{data}</script></div>'
    )


class RuleMachine(SphinxDirective):
    """``{rule-machine}``."""

    def run(self) -> list[nodes.Node]:
        """Return the tool."""
        try:
            return [nodes.raw("", markup(), format="html")]
        except ValueError as err:  # a table that cannot be used
            raise self.error(str(err)) from err


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("rule-machine", RuleMachine)
