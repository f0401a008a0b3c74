"""Claims in the text: a card, and a short mention."""

from __future__ import annotations

import html

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from book.claims import KINDS, SPEAKERS, Claim, claim
from book.explorer import words
from book.sources import link


def specifications_table(found: Claim) -> str:
    """Return the table of readings under which a claim was tested."""
    rows = "".join(
        f'<tr><th scope="row"><a href="{html.escape(s.link)}">{html.escape(s.name)}</a></th>'
        f"<td>{words.percent(s.share)}</td><td>{'holds' if s.holds else 'fails'}</td></tr>"
        for s in found.verdict.specifications
    )
    if not rows:
        return ""
    return (
        "<details class='inputs'><summary>Every reading that was tested</summary><div class='scroll' tabindex='0' "
        "role='region' aria-label='Every reading that was tested'><table><thead><tr><th scope='col'>Reading</th>"
        "<th scope='col'>Draws in which it holds</th><th scope='col'>Verdict</th></tr></thead><tbody>"
        f"{rows}</tbody></table></div></details>"
    )


def card(found: Claim) -> str:
    """Return a claim as a card: who, what, verdict, and how sure."""
    record, e = found.record, html.escape
    who = ", ".join(e(SPEAKERS[s]) for s in found.speakers)
    kinds = ", ".join(KINDS[k] for k in record["kinds"])
    parts = [
        f'<section class="claim" id="claim-{found.id}" aria-label="Claim {found.id}">',
        f'<p class="claim-head"><strong>{found.id}</strong> · {who} · {kinds}</p>',
        f'<p class="said">{e(record["claim"])}</p>',
        f'<p class="verdict">{e(found.verdict.line)}</p>',
    ]
    if "answer" in record:
        parts.append(f"<p>{e(record['answer'])}</p>")
    if "evidence" in record:
        parts.append(
            f'<p class="confidence">Evidence {record["evidence"]}, agreement {record["agreement"]}. '
            f"{e(record.get('confidence_reason', ''))}</p>"
        )
    parts.append(
        f"<details class='inputs'><summary>How it was read and tested</summary><p>{e(record['reading'])}</p>"
        f"<p><strong>Why that is fair.</strong> {e(record['fair'])}</p><p><strong>The test, written on "
        f"{e(record['test']['written'])} before its result was computed.</strong> {e(record['test']['how'])}</p>"
    )
    if record.get("would_change"):
        items = "".join(f"<li>{e(w)}</li>" for w in record["would_change"])
        parts.append(f"<p><strong>What would change the verdict.</strong></p><ul>{items}</ul>")
    parts.append("</details>" + specifications_table(found))
    if record.get("since"):
        items = "".join(
            f"<li>{e(s['date'])}: {e(s['text'])} {'; '.join(link(k) for k in s['sources'])}</li>"
            for s in record["since"]
        )
        parts.append(
            f"<details class='inputs'><summary>What has happened since</summary><ul>{items}</ul></details>"
        )
    return "".join(parts) + "</section>"


class ClaimCard(SphinxDirective):
    """``{claim-card} DR7``: the claim, its verdict and its test."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the card as HTML, and as plain words for other formats."""
        try:
            text = card(claim(self.arguments[0]))
        except ValueError as err:  # a claim, a row or a formula that cannot stand
            raise self.error(str(err)) from err
        return [nodes.raw("", text, format="html")]


class ClaimRole(SphinxRole):
    """``{claim}`DR7` ``: the id, linked to the claim, with its verdict as a hint."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the mention."""
        try:
            found = claim(self.text.strip())
            hint = html.escape(f"{found.record['short']}: {found.verdict.word}")
        except ValueError as err:
            message = self.inliner.reporter.error(str(err), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        text = f'<a class="claim-ref" href="#claim-{found.id}" title="{hint}">{found.id}</a>'
        return [nodes.raw("", text, format="html")], []


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("claim-card", ClaimCard)
    app.add_role("claim", ClaimRole())
