"""Measures the explorer beside other ways to put a live figure on a static page.

Run with ``make bench``. Prints a Markdown table, writes ``explorer.json`` and the part of
``README.md`` between its markers. Nothing is asserted: the numbers depend on the machine.
"""

from __future__ import annotations

import datetime
import gzip
import json
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import contenders  # noqa: E402
import numpy as np  # noqa: E402
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright  # noqa: E402
from serve import Count, serve  # noqa: E402

HERE = Path(__file__).parent
SITE = ROOT / "_build" / "html"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
LOADS, MOVES, WARM = 5, 150, 20
KINDS = ("fan", "sweep", "distribution", "bars", "fence", "region", "tornado", "tabulated")
GOALS = {"work_median": 8.0, "work_p95": 16.0, "first": 250.0, "script": 12 * 1024}


@dataclass(frozen=True)
class Contender:
    """One way to put the fan on a page."""

    id: str
    name: str
    adapter: str  # of harness.js
    ready: str  # what is in the page when the control works and the picture is right


CONTENDERS = (
    Contender("explorer", "Explorer (this project)", "explorer", "figure.explorer.live"),
    Contender("ipywidgets", "ipywidgets, html-manager (computes nothing)", "ipywidgets",
              ".noUi-handle"),
    Contender("vega", "Vega-Lite, drawn as SVG", "vega", "body.ready"),
    Contender("pyodide", "Pyodide, pure Python", "pyodide", "body.ready"),
)  # fmt: skip


def summary(values: list[float]) -> dict[str, float]:
    """Return median and 95th percentile, in milliseconds; no numbers where nothing was seen."""
    if not values:
        return {"median": float("nan"), "p95": float("nan"), "n": 0}
    p95 = float(np.quantile(values, 0.95))
    return {"median": round(statistics.median(values), 3), "p95": round(p95, 3), "n": len(values)}


def middle(values: list[float | None]) -> float | None:
    """Return the median of what there is; Chromium does not time the first paint of every page."""
    known = [v for v in values if v is not None]
    return round(statistics.median(known), 1) if known else None


# -- one page ----------------------------------------------------------------------------------------


def open_page(browser: Browser, url: str, ready: str) -> Page:
    """Open a page with an empty cache and wait until it works."""
    context = browser.new_context(bypass_csp=True, viewport={"width": 1300, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda err: print(f"  script error: {str(err)[:200]}", flush=True))
    page.add_init_script((HERE / "harness.js").read_text("utf8") + f"bench.watch({json.dumps(ready)});")
    page.goto(url, wait_until="commit")
    page.wait_for_function("bench.first()", polling=50, timeout=120_000)
    return page


def first_answer(browser: Browser, url: str, one: Contender, count: Count) -> dict[str, float]:
    """Load a page once and return when it worked and what it took."""
    count.reset()
    page = open_page(browser, url, one.ready)
    page.wait_for_load_state("networkidle")
    found = page.evaluate("bench.first()")
    page.context.close()
    sent = sum(size for _, size in count.sent)
    return found | {"bytes": sent, "requests": len(count.sent) + len(count.missing)}


def work(page: Page, adapter: str) -> dict[str, Any]:
    """Return the time from an input event to the DOM written, without waits for a frame."""
    found = page.evaluate(f"bench.work(bench.kit.{adapter}(), {MOVES}, {WARM})")
    return summary(found["times"]) | {"unwritten": found["missed"]}


def _mouse(cdp: CDPSession, kind: str, x: float, y: float) -> None:
    buttons = 0 if kind == "mouseReleased" else 1
    cdp.send("Input.dispatchMouseEvent",
             {"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1})  # fmt: skip


def _track(page: Page, adapter: str) -> tuple[float, float, float, float]:
    """Return where the handle is, and between which places it may be dragged."""
    selector = page.evaluate(f"bench.kit.{adapter}().slider")
    page.locator(selector).first.scroll_into_view_if_needed()
    return tuple(page.evaluate(
        """(s) => {
          const node = document.querySelector(s), own = node.getBoundingClientRect();
          const bar = (node.closest(".noUi-target") || node).getBoundingClientRect();
          const at = node === bar || node.value === undefined ? own.left + own.width / 2
            : own.left + 8 + (own.width - 16) * (node.value - node.min) / (node.max - node.min);
          return [at, own.top + own.height / 2, bar.left + 0.25 * bar.width, bar.left + 0.75 * bar.width];
        }""",
        selector,
    ))  # fmt: skip


def drag(page: Page, adapter: str) -> dict[str, Any]:
    """Drag the slider to and fro with the mouse; return the time from input to rendered frame.

    ``sent`` counts from the time stamp of the pointer event, when the browser got it. Chromium hands
    moves to a page once a frame, so this holds a wait of up to 16.7 ms that no page can change.
    ``got`` counts from when the page was handed the event.
    """
    cdp = page.context.new_cdp_session(page)
    page.evaluate(f"bench.listen(bench.kit.{adapter}().output)")
    x, y, left, right = _track(page, adapter)
    _mouse(cdp, "mousePressed", x, y)
    step, rng = 2.0, random.Random(1)
    for k in range(MOVES + WARM):
        step = -step if not left <= x + step <= right and (x - left) * step > 0 else step
        x += step
        _mouse(cdp, "mouseMoved", x, y)
        page.wait_for_function(f"bench.samples.length > {k}", polling=5, timeout=20_000)
        time.sleep(rng.uniform(0.0, 0.017))  # so that moves fall anywhere between two frames
    _mouse(cdp, "mouseReleased", x, y)
    samples = page.evaluate("bench.samples")[WARM:]
    lost = sum(not s["changed"] for s in samples)
    kept = [s for s in samples if s["changed"]]
    return {k: summary([s[k] for s in kept]) for k in ("sent", "got")} | {"lost": lost}


def correctness(page: Page, adapter: str) -> dict[str, float] | None:
    """Return the largest distance of the picture from NumPy's, at first and after a movement."""
    if adapter == "ipywidgets":
        return None
    read = f"bench.kit.{adapter}().quantiles()"
    start = np.max(np.abs(np.array(page.evaluate(read)) - contenders.reference({})))
    *_, least, most = contenders.INPUTS["g"]
    page.evaluate(f"bench.kit.{adapter}().set(0.7)")
    page.wait_for_timeout(1000)
    moved = np.array(page.evaluate(read))
    expected = contenders.reference({"g": float(f"{least + 0.7 * (most - least):.4g}")})
    return {"start": float(start), "moved": float(np.max(np.abs(moved - expected)))}


# -- all pages ---------------------------------------------------------------------------------------


def compare(browser: Browser, base: str, count: Count) -> dict[str, Any]:
    """Measure every contender; loads take turns, so that a busy spell meets all of them."""
    loads: dict[str, list[dict[str, float]]] = {c.id: [] for c in CONTENDERS}
    for turn in range(LOADS + 1):
        for one in CONTENDERS:
            found = first_answer(browser, f"{base}/{one.id}/index.html", one, count)
            if turn:  # the first of all warms the browser itself
                loads[one.id].append(found)
    results = {}
    for one in CONTENDERS:
        print(f"  {one.name}", flush=True)
        page = open_page(browser, f"{base}/{one.id}/index.html", one.ready)
        page.wait_for_load_state("networkidle")
        right = correctness(page, one.adapter)
        done = work(page, one.adapter)
        results[one.id] = {
            "name": one.name,
            "first": {k: middle([r[k] for r in loads[one.id]]) for k in ("live", "paint")},
            "first_all": [round(r["live"], 1) for r in loads[one.id]],
            "bytes": loads[one.id][-1]["bytes"], "requests": loads[one.id][-1]["requests"],
            "work": done, "paint": drag(page, one.adapter), "distance": right,
        }  # fmt: skip
        page.context.close()
    return results


def split(browser: Browser, base: str) -> dict[str, float]:
    """Return where the time of one movement of our fan goes, in milliseconds a movement."""
    page = open_page(browser, f"{base}/explorer/index.html", CONTENDERS[0].ready)
    page.evaluate(f"bench.work(bench.kit.explorer(), {MOVES}, 0)")
    parts = page.evaluate(f'bench.split("bench", "g", {MOVES})')
    page.context.close()
    names = {
        "run": "formula, 4,096 draws at 25 points and once more for each number in the words",
        "shapes": "quantiles and shapes", "set": "draws of what was moved", "move": "paths into the SVG",
        "show": "controls", "speak": "answer in words, less the formula", "share": "share of draws",
        "update": "the rest",
    }  # fmt: skip
    return {names[k]: round(v, 3) for k, v in sorted(parts.items(), key=lambda kv: -kv[1])}


def kinds(browser: Browser, base: str) -> dict[str, Any]:
    """Measure every kind of figure on the page for authors: each control in turn, the others free."""
    page = open_page(browser, f"{base}/site/pages/authors.html", "figure.explorer.live")
    page.wait_for_load_state("networkidle")
    found = {}
    for kind in KINDS:
        times, missed = [], 0
        for control in page.evaluate(f'Explorer.lives["{kind}"].spec.controls'):
            page.evaluate(f'Explorer.lives["{kind}"].reset()')
            one = page.evaluate(f'bench.work(bench.mover("{kind}", "{control}"), {MOVES}, {WARM})')
            times += one["times"]
            missed += one["missed"]
        rest = page.evaluate(f'bench.settleTime("{kind}", 30)')
        found[kind] = summary(times) | {"unwritten": missed, "after": summary(rest)}
    page.context.close()
    return found


def machine(browser: Browser) -> dict[str, Any]:
    """Return what the numbers depend on."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "chromium": browser.version,
    }


def versions() -> dict[str, str]:
    """Return the versions of all packages that were measured."""
    listed = json.loads((HERE / "package.json").read_text("utf8"))["dependencies"]
    return {**listed, **{n: version(n) for n in ("ipywidgets", "numpy", "playwright")}}


def measure() -> dict[str, Any]:
    """Run everything."""
    folder = Path(tempfile.mkdtemp(prefix="explorer-bench-"))
    try:
        contenders.build(folder, contenders.install())
        folders = {p.name: p for p in folder.iterdir()}
        if (SITE / "pages" / "authors.html").exists():
            folders["site"] = SITE
        with serve(folders) as (base, count), sync_playwright() as play:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            found = {"machine": machine(browser), "versions": versions(),
                     "contenders": compare(browser, base, count), "split": split(browser, base)}  # fmt: skip
            found["kinds"] = kinds(browser, base) if "site" in folders else {}
            browser.close()
    finally:
        shutil.rmtree(folder)
    script = (ROOT / "book" / "explorer" / "explorer.js").read_bytes()
    found["script"] = {"bytes": len(script), "gzip": len(gzip.compress(script, 9, mtime=0))}
    return found


# -- what is said about it ---------------------------------------------------------------------------


def _cell(value: float, own: float, unit: str, digits: int) -> str:
    """Return a number, and how many times ours it is."""
    ratio = value / own
    return f"{value:,.{digits}f} {unit} ({ratio:.{1 if ratio < 10 else 0}f})"


def table(results: dict[str, Any]) -> str:
    """Return the comparison as Markdown; in brackets, times ours."""
    own = results["explorer"]
    columns = (
        ("first answer", lambda r: r["first"]["live"], "ms", 0),
        ("work a movement, median", lambda r: r["work"]["median"], "ms", 2),
        ("work, p95", lambda r: r["work"]["p95"], "ms", 2),
        ("input to paint, median", lambda r: r["paint"]["sent"]["median"], "ms", 1),
        ("input to paint, p95", lambda r: r["paint"]["sent"]["p95"], "ms", 1),
        ("handed to page to paint, median", lambda r: r["paint"]["got"]["median"], "ms", 1),
        ("handed to page to paint, p95", lambda r: r["paint"]["got"]["p95"], "ms", 1),
        ("transferred", lambda r: r["bytes"] / 1024, "KiB", 0),
        ("requests", lambda r: r["requests"], "", 0),
    )
    names = [r["name"] for r in results.values()]
    lines = ["| | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for title, get, unit, digits in columns:
        cells = [_cell(get(r), get(own), unit, digits).replace("  (", " (") for r in results.values()]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def kinds_table(found: dict[str, Any]) -> str:
    """Return the work of each kind of figure as Markdown."""
    lines = ["| kind | work a movement, median | p95 | once at rest (where it flips), median |",
             "| --- | ---: | ---: | ---: |"]  # fmt: skip
    for kind, r in found.items():
        lines.append(f"| {kind} | {r['median']:.2f} ms | {r['p95']:.2f} ms | {r['after']['median']:.2f} ms |")
    return "\n".join(lines)


def goals(found: dict[str, Any]) -> str:
    """Return each goal, what was measured, and whether it is met."""
    own = found["contenders"]["explorer"]
    rows = [
        ("work a movement, median", own["work"]["median"], GOALS["work_median"], "ms"),
        ("work a movement, p95", own["work"]["p95"], GOALS["work_p95"], "ms"),
        ("handed to page to paint, median", own["paint"]["got"]["median"], GOALS["work_median"], "ms"),
        ("handed to page to paint, p95", own["paint"]["got"]["p95"], GOALS["work_p95"], "ms"),
        ("input to paint, median", own["paint"]["sent"]["median"], GOALS["work_median"], "ms"),
        ("input to paint, p95", own["paint"]["sent"]["p95"], GOALS["work_p95"], "ms"),
        ("first answer", own["first"]["live"], GOALS["first"], "ms"),
        ("explorer.js, gzip -9", found["script"]["gzip"], GOALS["script"], "bytes"),
    ]
    lines = ["| goal | at most | measured | |", "| --- | ---: | ---: | --- |"]
    for name, value, most, unit in rows:
        verdict = "met" if value <= most else "missed"
        lines.append(
            f"| {name} | {most:,.0f} {unit} | {value:,.2f} {unit} | {verdict} |".replace(".00 b", " b")
        )
    return "\n".join(lines)


def report(found: dict[str, Any]) -> str:
    """Return all that goes into the README."""
    m, results = found["machine"], found["contenders"]
    load = f"{m['cpus']} cores, load {m['load']} before the start"
    parts = [
        f"Measured {m['date']} in one run: Chromium {m['chromium']}, {m['system']}, {load}.",
        table(results), "Goals of the explorer:", goals(found),
        "Where one movement of our fan goes:",
        "\n".join(f"- {name}: {value:.2f} ms" for name, value in found["split"].items()),
    ]  # fmt: skip
    if found["kinds"]:
        parts += ["Every kind on the page for authors:", kinds_table(found["kinds"])]
    away = [f"{r['name']} {max(r['distance'].values()):.1g}" for r in results.values() if r["distance"]]
    faults = sum(r["work"]["unwritten"] + r["paint"]["lost"] for r in results.values())
    parts.append(f"Largest distance of a picture from NumPy's (share, of 1): {', '.join(away)}. "
                 f"Movements that changed no picture: {faults}.")  # fmt: skip
    return "\n\n".join(parts)


def write(found: dict[str, Any], text: str) -> None:
    """Write the numbers, and the text between the markers of the README."""
    (HERE / "explorer.json").write_text(json.dumps(found, indent=1) + "\n", "utf8")
    readme, start, end = HERE / "README.md", "<!-- explorer:begin -->", "<!-- explorer:end -->"
    before, _, rest = readme.read_text("utf8").partition(start)
    _, _, after = rest.partition(end)
    readme.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf8")


def main() -> None:
    """Measure, print, write."""
    print("Measuring (a few minutes).", flush=True)
    found = measure()
    text = report(found)
    print(text)
    write(found, text)


if __name__ == "__main__":
    main()
