"""The ledger for machines: every claim as JSON, as CSV, and as ClaimReview."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from book import __version__
from book.claims import CHAPTERS, KINDS, SPEAKERS, Claim, claims
from book.sources import title

NAME = "The Chip War, Claim by Claim"


def record(claim: Claim) -> dict[str, Any]:
    """Return one claim with its verdict, as in ``claims.json``."""
    r = claim.record
    return {
        "id": claim.id,
        "address": f"claims/{claim.id}.html",
        "chapter": claim.chapter,
        "speakers": claim.speakers,
        "kinds": list(r["kinds"]),
        "short": r["short"],
        "claim": r["claim"],
        "reading": r["reading"],
        "fair": r["fair"],
        "test": {"kind": r["test"]["kind"], "written": r["test"]["written"], "how": r["test"]["how"]},
        "verdict": claim.verdict.word,
        "verdict_line": claim.verdict.line,
        "share_of_draws": claim.verdict.share,
        "specifications": [
            {"name": s.name, "share": s.share, "holds": s.holds, "scenario": s.link}
            for s in claim.verdict.specifications
        ],
        "evidence": r.get("evidence"),
        "agreement": r.get("agreement"),
        "answer": r.get("answer"),
        "would_change": list(r.get("would_change", [])),
        "since": [dict(s) for s in r.get("since", [])],
        "related": list(r.get("related", [])),
        "history": [dict(h) for h in r.get("history", [])],
        "replaced_by": r.get("replaced_by"),
    }


def citation(claim: Claim) -> str:
    """Return how to cite a claim: who, what, where, and the version that was read."""
    year = str(claim.record["test"]["written"])[:4]
    return (
        f"The Chip War contributors ({year}). {claim.id}: {claim.record['short']}. In {NAME}, version "
        f"{__version__}, claims/{claim.id}.html."
    )


def as_json() -> str:
    """Return the whole ledger as JSON."""
    ledger = {"name": NAME, "license": "https://creativecommons.org/licenses/by/4.0/",
              "claims": [record(c) for c in claims().values()]}  # fmt: skip
    return json.dumps(ledger, indent=1, ensure_ascii=False) + "\n"


def as_csv() -> str:
    """Return one line a claim, for a spreadsheet."""
    columns = (
        "id",
        "chapter",
        "speakers",
        "kinds",
        "short",
        "verdict",
        "verdict_line",
        "evidence",
        "agreement",
        "address",
    )
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for claim in claims().values():
        row = record(claim)
        writer.writerow(row | {"speakers": "; ".join(row["speakers"]), "kinds": "; ".join(row["kinds"])})
    return out.getvalue()


#: How a verdict stands on the scale of five that ClaimReview asks for; None where it takes no side.
RATING = {
    "supported": 5, "virtually certain": 5, "very likely": 5, "likely": 4, "about as likely as not": 3,
    "mixed": 3, "depends on the reading": 3, "unlikely": 2, "very unlikely": 1,
    "exceptionally unlikely": 1, "contradicted": 1,
}  # fmt: skip


def claim_review(claim: Claim) -> dict[str, Any] | None:
    """Return schema.org's ClaimReview of a tested claim; None for one that has no verdict yet."""
    rating = RATING.get(claim.verdict.word)
    if rating is None:
        return None
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": claim.record["short"],
        "author": {"@type": "Organization", "name": NAME},
        "datePublished": str(claim.record["test"]["written"]),
        "itemReviewed": {
            "@type": "Claim",
            "identifier": claim.id,
            "text": claim.record["claim"],
            "author": [{"@type": "Person", "name": SPEAKERS[s].split(",")[0]} for s in claim.speakers],
        },
        "reviewRating": {
            "@type": "Rating", "ratingValue": rating, "bestRating": 5, "worstRating": 1,
            "alternateName": claim.verdict.line,
        },
        "reviewBody": claim.record.get("answer", claim.verdict.line),
        "citation": [title(key) for key in evidence_sources(claim)],
    }  # fmt: skip


def evidence_sources(claim: Claim) -> list[str]:
    """Return the keys of all sources on which a claim's verdict rests, once each."""
    keys = [k for row in claim.test.get("rows", []) for k in row["sources"]]
    keys += [k for row in claim.record.get("since", []) for k in row["sources"]]
    if claim.explorer is not None:
        keys += [*claim.explorer.sources, *claim.explorer.input_sources()]
    return list(dict.fromkeys(keys))


__all__ = ["CHAPTERS", "KINDS", "RATING", "as_csv", "as_json", "claim_review", "evidence_sources", "record"]
