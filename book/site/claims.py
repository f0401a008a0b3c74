"""Claims on the site: cards and mentions in the text, lists, the ledger, and a page for each."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from book import ledger
from book.claims import CHAPTERS, KINDS, SPEAKERS, Claim, claim, claims
from book.explorer import words
from book.figures.ledger import verdicts
from book.sources import link


def _link(id: str, text: str, hint: str = "", css: str = "claim-ref") -> str:
    """Return a link to a claim's page; the site completes the address."""
    return f'<a class="{css}" href="claim:{id}" title="{html.escape(hint)}">{html.escape(text)}</a>'


def _fold(summary: str, body: str) -> str:
    return f"<details class='inputs'><summary>{html.escape(summary)}</summary>{body}</details>"


def _scroll(label: str, table: str) -> str:
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(label)}">{table}</div>'


def _cites(keys: list[str]) -> str:
    return "; ".join(link(k) for k in keys)


def _folded_table(title: str, heads: tuple[str, ...], rows: list[str]) -> str:
    """Return a table under a line that opens it; nothing where there are no rows."""
    if not rows:
        return ""
    head = "".join(f"<th scope='col'>{h}</th>" for h in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return _fold(title, _scroll(title, table))


def specifications(found: Claim) -> str:
    """Return the readings under which a model tested a claim, each a link to its scenario."""
    rows = [
        f'<tr><th scope="row"><a href="{html.escape(s.link)}">{html.escape(s.name)}</a></th>'
        f"<td>{words.percent(s.share)}</td><td>{'holds' if s.holds else 'fails'}</td></tr>"
        for s in found.verdict.specifications
    ]
    return _folded_table(
        "Every reading that was tested", ("Reading", "Draws in which it holds", "Claim"), rows
    )


def evidence(found: Claim) -> str:
    """Return the evidence table by which a claim was judged."""
    rows = [
        f"<tr><th scope='row'>{r['stance']}, {r['weight']}</th><td>{html.escape(r['text'])}</td>"
        f"<td>{_cites(r['sources'])}</td></tr>"
        for r in found.test.get("rows", [])
    ]
    return _folded_table("The evidence, row by row", ("Side", "Evidence", "Source"), rows)


def card(found: Claim, *, whole: bool = False) -> str:
    """Return a claim as a card: who, what, verdict, how sure; the rest folded unless ``whole``."""
    r, e = found.record, html.escape
    who = ", ".join(SPEAKERS[s] for s in found.speakers)
    kinds = ", ".join(KINDS[k] for k in r["kinds"])
    parts = [
        f'<section class="claim" id="claim-{found.id}" aria-label="Claim {found.id}">',
        f'<p class="claim-head"><strong>{_link(found.id, found.id)}</strong> · {e(who)} · {e(kinds)}</p>',
        f'<p class="said">{e(r["claim"])}</p>',
        f'<p class="verdict">{e(found.verdict.line)}</p>',
    ]
    if "answer" in r:
        parts.append(f"<p>{e(r['answer'])}</p>")
    if "evidence" in r:
        reason = e(r.get("confidence_reason", ""))
        parts.append(f"<p>Evidence {r['evidence']}, agreement {r['agreement']}. {reason}</p>")
    how = (
        f"<p>{e(r['reading'])}</p><p><strong>Why that is fair.</strong> {e(r['fair'])}</p>"
        f"<p><strong>The test, written on {e(r['test']['written'])} before its result was computed.</strong> "
        f"{e(r['test']['how'])}</p>"
    )
    if r.get("would_change"):
        items = "".join(f"<li>{e(w)}</li>" for w in r["would_change"])
        how += f"<p><strong>What would change the verdict.</strong></p><ul>{items}</ul>"
    parts.append(how if whole else _fold("How it was read and tested", how))
    parts += [specifications(found), evidence(found)]
    if r.get("since"):
        items = "".join(f"<li>{e(s['date'])}: {e(s['text'])} {_cites(s['sources'])}</li>" for s in r["since"])
        parts.append(_fold("What has happened since", f"<ul>{items}</ul>"))
    return "".join(parts) + "</section>"


def confidence(found: Claim) -> str:
    """Return how sure the verdict is, in the two words of the IPCC's scale."""
    r = found.record
    return f"{r['evidence']} evidence, {r['agreement']} agreement" if "evidence" in r else "none yet"


def rows(chosen: list[Claim]) -> str:
    """Return claims as a table that can be read as it is, and filtered where scripts run."""
    body = "".join(
        f'<tr data-chapter="{c.chapter}" data-speaker="{" ".join(c.speakers)}" data-kind="{" ".join(c.record["kinds"])}" '
        f'data-verdict="{html.escape(c.verdict.word)}" data-confidence="{html.escape(confidence(c))}">'
        f'<th scope="row">{_link(c.id, c.id)}</th><td>{html.escape(", ".join(c.speakers))}</td>'
        f"<td>{html.escape(c.record['short'])}</td><td>{', '.join(c.record['kinds'])}</td>"
        f"<td>{html.escape(c.verdict.word)}</td><td>{html.escape(confidence(c))}</td></tr>"
        for c in chosen
    )
    heads = ("Claim", "Speaker", "What was claimed", "Kind", "Verdict", "Confidence")
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    return _scroll(
        "Claims", f'<table class="ledger"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def filters(all_claims: list[Claim]) -> str:
    """Return the controls above the ledger; a script makes them work."""
    answers = {
        "chapter": {k: v for k, v in CHAPTERS.items() if any(c.chapter == k for c in all_claims)},
        "speaker": {s: s for s in SPEAKERS if any(s in c.speakers for c in all_claims)},
        "kind": {k: f"{k}: {v}" for k, v in KINDS.items()},
        "verdict": {c.verdict.word: c.verdict.word for c in all_claims},
        "confidence": {confidence(c): confidence(c) for c in all_claims},
    }
    boxes = "".join(
        f'<label>{name.capitalize()} <select data-filter="{name}"><option value="">all</option>'
        + "".join(f'<option value="{html.escape(k)}">{html.escape(v)}</option>' for k, v in options.items())
        + "</select></label> "
        for name, options in answers.items()
    )
    return f'<p class="ledger-filters">{boxes}<span class="ledger-count" role="status">{len(all_claims)} claims</span></p>'


class ClaimCard(SphinxDirective):
    """``{claim-card} DR7``: the claim, its verdict and its test."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the card."""
        try:
            text = card(claim(self.arguments[0]))
        except ValueError as err:  # a claim, a row or a formula that cannot stand
            raise self.error(str(err)) from err
        return [nodes.raw("", text, format="html")]


class ClaimList(SphinxDirective):
    """``{claim-list}`` with ``:chapter:``, ``:speaker:``, ``:kind:`` or ``:verdict:``."""

    option_spec = dict.fromkeys(("chapter", "speaker", "kind", "verdict"), directives.unchanged)
    option_spec["filters"] = directives.flag

    def run(self) -> list[nodes.Node]:
        """Return the table, with controls if asked for."""
        try:
            chosen = [c for c in claims().values() if self._wanted(c)]
            if not chosen:
                raise self.error(f"no claim has {self.options}")
            text = (filters(chosen) if "filters" in self.options else "") + rows(chosen)
        except ValueError as err:
            raise self.error(str(err)) from err
        return [nodes.raw("", text, format="html")]

    def _wanted(self, c: Claim) -> bool:
        o = self.options
        return (
            o.get("chapter", c.chapter) == c.chapter
            and o.get("speaker", c.speakers[0]) in c.speakers
            and o.get("kind", c.record["kinds"][0]) in c.record["kinds"]
            and o.get("verdict", c.verdict.word) == c.verdict.word
        )


class VerdictMap(SphinxDirective):
    """``{verdict-map}``: every verdict in one picture."""

    def run(self) -> list[nodes.Node]:
        """Return the picture."""
        return [nodes.raw("", verdicts(list(claims().values()))._repr_html_(), format="html")]


class ClaimRole(SphinxRole):
    """``{claim}`DR7` ``: the id, linked to the claim, with its verdict as a hint."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the mention."""
        try:
            found = claim(self.text.strip())
            hint = f"{found.record['short']}: {found.verdict.word}"
        except ValueError as err:
            message = self.inliner.reporter.error(str(err), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [nodes.raw("", _link(found.id, found.id, hint), format="html")], []


def page(found: Claim) -> str:
    """Return the body of a claim's own page."""
    r, e = found.record, html.escape
    chapter = f"chapters/{found.chapter}"
    parts = [f"<h1>{found.id}: {e(r['short'])}</h1>"]
    if r.get("replaced_by"):
        parts.append(f"<p>This claim is retired; see {_link(r['replaced_by'], r['replaced_by'])}.</p>")
    parts.append(card(found, whole=True))
    if found.explorer is not None:
        parts.append(f"<h2>Move the assumptions</h2>{found.explorer.as_html()}")
    if r.get("related"):
        parts.append(
            f"<p>Related claims: {', '.join(_link(i, i, claim(i).record['short']) for i in r['related'])}.</p>"
        )
    if r.get("history"):
        items = "".join(f"<li>{e(h['date'])}: {e(h['verdict'])}. {e(h['why'])}</li>" for h in r["history"])
        parts.append(f"<h2>History of the verdict</h2><ul>{items}</ul>")
    sources = ledger.evidence_sources(found)
    if sources:
        parts.append(f"<p class='source'>Rests on {_cites(sources)}.</p>")
    parts.append(f"<p>Cite this claim: {e(ledger.citation(found))}</p>")
    parts.append(
        f"<p>Chapter: {e(CHAPTERS[found.chapter])} (<code>{e(chapter)}</code>). The record is in "
        f"<code>data/claims/{e(found.chapter)}.yml</code>.</p>"
    )
    review = ledger.claim_review(found)
    if review is not None:
        text = json.dumps(review, ensure_ascii=False, indent=1).replace("<", "\\u003c")
        parts.append(f'<script type="application/ld+json">{text}</script>')
    return "".join(parts)


def _pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Make a page for each claim."""
    for found in claims().values():
        title = f"{found.id}: {found.record['short']}"
        yield (
            f"claims/{found.id}",
            {"title": title, "body": page(found), "page_description": found.verdict.line},
            "page.html",
        )


def _files(app: Sphinx, exception: Exception | None) -> None:
    """Write the ledger for machines."""
    if exception or app.builder.format != "html":
        return
    (Path(app.outdir) / "claims.json").write_text(ledger.as_json(), "utf8")
    (Path(app.outdir) / "claims.csv").write_text(ledger.as_csv(), "utf8")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("claim-card", ClaimCard)
    app.add_directive("claim-list", ClaimList)
    app.add_directive("verdict-map", VerdictMap)
    app.add_role("claim", ClaimRole())
    app.connect("html-collect-pages", _pages)
    app.connect("build-finished", _files)
