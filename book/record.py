"""The track record: predictions, scored on what has happened since."""

from __future__ import annotations

import html

from book.claims import Claim, claims
from book.cruxes import modelled, readings, sensitivity, settles
from book.data import table
from book.pages import Html
from book.sources import link

#: What a verdict means for a prediction.
_CAME_TRUE = {"supported", "virtually certain", "very likely", "likely"}
_FAILED = {"contradicted", "exceptionally unlikely", "very unlikely", "unlikely"}


def newest() -> str:
    """Return the date of the newest event that the report relies on.

    The newest of the dated rows under "what has happened since", and of the control measures.
    """
    dates = [s["date"] for c in claims().values() for s in c.record.get("since", [])]
    return max([*dates, *table("rules")["date"].astype(str)])


def outcome(claim: Claim) -> str:
    """Return how a prediction stands: came true, failed, mixed, or unresolved."""
    word = claim.verdict.word
    if word in _CAME_TRUE:
        return "came true"
    if word in _FAILED:
        return "failed"
    return "unresolved" if word == "not yet tested" else "mixed"


def _predictions() -> list[Claim]:
    return [c for c in claims().values() if "P" in c.record["kinds"]]


def predictions() -> Html:
    """Return every prediction, how it stands, and what resolves it."""
    rows = []
    for c in _predictions():
        since = c.record.get("since", [])
        fact = (
            f"{html.escape(since[-1]['date'])}: {html.escape(since[-1]['text'])} {'; '.join(map(link, since[-1]['sources']))}"
            if since and outcome(c) != "unresolved"
            else f"Can be scored from the end of {html.escape(c.record['resolves'])}; how is written on the claim's page."
        )
        rows.append(
            f'<tr><th scope="row"><a href="claim:{c.id}">{c.id}</a></th><td>{html.escape(", ".join(c.speakers))}</td>'
            f"<td>{html.escape(c.record['short'])}</td><td>{outcome(c)}</td><td>{fact}</td></tr>"
        )
    heads = ("Claim", "Speaker", "Prediction", "Outcome", "What resolves it")
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    return Html(
        f"<p>As of {newest()}, the date of the newest source.</p>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Predictions"><table class="ledger"><thead><tr>'
        f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def speakers() -> Html:
    """Return how many predictions of each speaker came true, failed, or stand open."""
    kinds = ("came true", "failed", "mixed", "unresolved")
    people = sorted({s for c in _predictions() for s in c.speakers})
    rows = "".join(
        f'<tr><th scope="row">{html.escape(who)}</th>'
        + "".join(
            f"<td>{sum(outcome(c) == k for c in _predictions() if who in c.speakers)}</td>" for k in kinds
        )
        + "</tr>"
        for who in people
    )
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Speaker", *(k.capitalize() for k in kinds)))
    return Html(
        '<div class="scroll" tabindex="0" role="region" aria-label="By speaker"><table><thead><tr>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def settle_table() -> Html:
    """Return, for each claim that a model decides, what its verdict hangs on."""
    parts = []
    for c in modelled(claims()):
        assert c.explorer is not None
        assert c.explorer.test is not None
        between, within = readings(c), sensitivity(c.explorer.frame_at(), c.explorer.test)
        rows = "".join(
            f"<tr><th scope='row'>{html.escape(r['choice'])}</th><td>{r['explains']:.0%} of the readings</td>"
            "<td></td><td></td></tr>"
            for _, r in between.iterrows()
        ) + "".join(
            f"<tr><th scope='row'>{html.escape(r['input'])}</th><td>{r['first']:.2f}</td><td>{r['total']:.2f}</td>"
            f"<td>{r['verdict']:.2f}</td></tr>"
            for _, r in within.iterrows()
        )
        heads = ("Input", "First order", "Total", "Verdict")
        head = "".join(f'<th scope="col">{h}</th>' for h in heads)
        parts.append(
            f'<h3 id="settles-{c.id}"><a href="claim:{c.id}">{c.id}</a>: {html.escape(c.record["short"])}</h3>'
            f"<p>{html.escape(settles(c))}</p>"
            f'<div class="scroll" tabindex="0" role="region" aria-label="What {c.id} hangs on"><table><thead><tr>{head}'
            f"</tr></thead><tbody>{rows}</tbody></table></div>"
        )
    return Html("".join(parts))
