"""In a browser: figures think, agree with Python, and never leave the site."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import far, kinds_of_pages, page_with, pages, same_shapes, until
from playwright.sync_api import Browser, Page, Route

from book import draws, registry
from book import export_controls as ec
from book.explorer import Explorer, words
from book.explorer.kinds import parameter_scale

CHAPTER = "chapters/diffusion-rule.html"
SCRIPT = (Path(__file__).parent.parent / "book" / "explorer" / "explorer.js").read_text("utf8")
MODELS = registry.models()
EXPLORERS = registry.explorers()

pytestmark = pytest.mark.browser


@pytest.fixture
def engine(page: Page) -> Page:
    """Open an empty page with the explorer's script."""
    page.goto("about:blank")
    page.add_script_tag(content=SCRIPT + "\nglobalThis.Explorer = Explorer;")
    return page


# -- the page's arithmetic is Python's ----------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_formulas_agree_on_a_thousand_random_inputs(engine: Page, name: str) -> None:
    model = MODELS[name]
    rng = np.random.default_rng(1)
    inputs = {p: parameter_scale(model, p).value(rng.random(1000)) if v.minimum < v.maximum
              else np.full(1000, v.central) * rng.uniform(0.95, 1.05, 1000)
              for p, v in model.parameters.items()}  # fmt: skip
    expected = model.evaluate(inputs)
    axis = list(model.axis.values) if model.axis else [0.0]
    tables = {t.name: {"grid": t.grid, "values": t.values.ravel().tolist()} for t in model.tables.values()}
    found = engine.evaluate(
        """([code, columns, axis, outputs, tables]) => {
          const run = new Function("return " + code)(), n = 1000, c = {}, o = {}, T = {};
          for (const k in columns) c[k] = Float64Array.from(columns[k]);
          for (const k in tables) T[k] = Explorer.interpolator(tables[k]);
          return axis.map((t) => {
            for (const k of outputs) o[k] = new Float64Array(n);
            run(c, n, t, T, o);
            return outputs.map((k) => Array.from(o[k], (v) => Number.isFinite(v) ? v : String(v)));
          });
        }""",
        [model.javascript(), {k: v.tolist() for k, v in inputs.items()}, axis, list(model.formulas), tables],
    )
    for k, output in enumerate(model.formulas):
        theirs = np.array([np.array(at[k], dtype=float) for at in found])
        ours = expected[output].T if model.axis else expected[output][None, :]
        assert far(theirs, ours) < 1e-9, output


@pytest.mark.parametrize("kind", draws.DISTRIBUTIONS)
def test_draws_agree_one_by_one(engine: Page, kind: str) -> None:
    low, central, high = (0.3, 0.3, 0.3) if kind == "fixed" else (0.2, 0.3, 0.7)
    net = draws.nets(3)[2]
    expected = draws.quantile(kind, draws.levels(net), low, central, high)
    found = engine.evaluate(
        "(p) => Array.from(Explorer.drawsOf(p))",
        {"distribution": kind, "low": low, "central": central, "high": high, "net": net.tolist()},
    )
    assert far(found, expected) < 1e-9


def test_words_agree(engine: Page) -> None:
    rng = random.Random(2)
    values = [0.0, 1e10, 9.996, 99950.0, 1e-4, *(10 ** rng.uniform(-9, 30) for _ in range(500))]
    digits = [rng.randint(1, 6) for _ in values]
    found = engine.evaluate(
        "(rows) => rows.map(([v, d]) => Explorer.words.number(v, d))", list(zip(values, digits, strict=True))
    )
    assert found == [words.number(v, d) for v, d in zip(values, digits, strict=True)]
    shares = [0, 1, 0.01, 0.1, 0.33, 0.66, 0.9, 0.99, *(k / 4096 for k in range(0, 4096, 7))]
    found = engine.evaluate(
        "(s) => s.map((v) => [Explorer.words.percent(v), Explorer.words.likelihood(v)])", shares
    )
    assert found == [[words.percent(s), words.likelihood(s)] for s in shares]


def _mounted(engine: Page, explorer: Explorer) -> None:
    engine.evaluate(
        """([markup, spec]) => {
          document.body.innerHTML = markup;
          globalThis.live = Explorer.mount(document.querySelector("figure"), spec, new Function("return " + spec.javascript)());
        }""",
        [explorer.markup, explorer.spec],
    )


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_figure_agrees_with_python_wherever_the_controls_stand(engine: Page, name: str) -> None:
    explorer = EXPLORERS[name]
    _mounted(engine, explorer)
    rng = random.Random(3)
    for turn in range(6):
        if turn:
            explorer.choices = {q.id: rng.choice(q.options).id for q in explorer.questions}
            explorer.values = {
                c: float(f"{float(parameter_scale(explorer.model, c).value(rng.random())):.4g}")
                for c in explorer.controls if rng.random() < 0.6
            }  # fmt: skip
        found = engine.evaluate(
            """([values, choices]) => { live.values = values; Object.assign(live.choices, choices); live.update(true);
              return [live.shapes, live.text.textContent, live.word.textContent, live.hash()]; }""",
            [explorer.values, explorer.choices],
        )
        where = f"{name}, turn {turn}: {explorer.to_link()}"
        same_shapes(found[0], explorer.shapes(), where)
        assert found[1] == explorer.answer(), where
        assert found[2] == explorer.verdict(), where
        assert found[3] == explorer.to_link(), where


# -- the page ---------------------------------------------------------------------------------------


def test_no_page_leaves_the_site_or_reports_an_error(page: Page, site: Path, served: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    for name in pages(site):
        page.goto(f"{served}/{name}", wait_until="load" if name.startswith("claims/") else "networkidle")
    assert [u for u in asked if not u.startswith((served, "data:", "blob:"))] == []
    assert said == []


def test_the_site_works_from_a_folder(page: Page, site: Path) -> None:
    page.goto((site / CHAPTER).as_uri())
    page.wait_for_selector("figure.explorer.live")
    page.select_option("#DR7 [data-choice=yardstick]", "humain")
    until(page, "document.querySelector('.answer-text').textContent.includes('Humain')")


def test_a_slider_answers_to_keys_and_the_address_follows(page: Page, served: str) -> None:
    page.goto(f"{served}/{CHAPTER}")
    page.wait_for_selector("figure.explorer.live")
    page.select_option("#DR7 [data-choice=yardstick]", "humain")
    before = page.inner_text(".verdict")
    slider = page.locator("[data-parameter=companies] input[type=range]")
    slider.focus()
    slider.press("End")
    until(page, "location.hash.includes('companies=10')")
    after = page.inner_text("#DR7 .answer")
    assert before not in after
    assert "flips where" in after
    assert page.get_attribute("[data-parameter=companies] .flip-mark", "visibility") == "visible"
    assert page.inner_text(".announce").startswith("By 2026 Q4")
    page.click("[data-do=reset]")
    until(page, "location.hash === '#DR7'")


def test_opening_a_link_restores_the_scenario(page: Page, served: str) -> None:
    page.goto(
        f"{served}/{CHAPTER}#DR7?chip=b300&path=both&yardstick=g42&at=2027q4&companies=2.5&mfu_training=0.3"
    )
    page.wait_for_selector("figure.explorer.live")
    state = page.evaluate("({...Explorer.lives.DR7.values, ...Explorer.lives.DR7.choices})")
    assert state == {
        "companies": 2.5,
        "mfu_training": 0.3,
        "chip": "b300",
        "path": "both",
        "yardstick": "g42",
        "at": "2027q4",
    }
    assert page.input_value("[data-parameter=companies] input[type=number]") == "2.5"
    assert page.evaluate("Math.abs(document.getElementById('DR7').getBoundingClientRect().top)") < 200


def test_values_out_of_range_are_clamped_with_a_notice(page: Page, served: str) -> None:
    page.goto(f"{served}/{CHAPTER}#DR7?companies=99&nonsense=1&chip=warp")
    page.wait_for_selector("figure.explorer.live")
    assert page.evaluate("Explorer.lives.DR7.values") == {"companies": 10}
    assert "out of range, set to 10" in page.inner_text(".explorer-note")


def test_ten_thousand_hostile_addresses_change_nothing_they_should_not(page: Page, served: str) -> None:
    rng = random.Random(4)
    spec = EXPLORERS["diffusion_rule.quantity"].spec
    names = [
        *spec["controls"],
        *(c["id"] for c in spec["choices"]),
        "__proto__",
        "constructor",
        "x",
        "",
        "values",
    ]
    bits = ["<img src=x onerror=alert(1)>", "1e999", "-1e9", "NaN", "Infinity", "0x10", "%", "%00", "%3Cscript%3E",
            "'\"`", "1;2", "b200", "2027q4", "3", "0.4", "constructor", "toString", "٣", "1e", "", "=", "?#&"]  # fmt: skip
    queries = [
        "&".join(f"{rng.choice(names)}={rng.choice(bits)}" for _ in range(rng.randint(0, 6)))
        for _ in range(10_000)
    ]
    page.goto(f"{served}/{CHAPTER}")
    page.wait_for_selector("figure.explorer.live")
    nodes = page.evaluate("document.querySelectorAll('*').length")
    bad = page.evaluate(
        """(queries) => {
          const live = Explorer.lives.DR7, ranges = Object.fromEntries(live.spec.parameters.map((p) => [p.id, p])), bad = [];
          live.update = () => {};  // the state is what is tested; drawing it is tested elsewhere
          for (const q of queries) {
            live.open(q);
            const fine = Object.entries(live.values).every(([k, v]) => live.spec.controls.includes(k) && v >= ranges[k].minimum && v <= ranges[k].maximum)
              && live.spec.choices.every((c) => c.options.some((o) => o.id === live.choices[c.id]))
              && Object.keys(live.choices).length === live.spec.choices.length;
            if (!fine) bad.push(q);
          }
          return bad;
        }""",
        queries,
    )
    assert bad == []
    assert page.evaluate("document.querySelectorAll('*').length") == nodes
    assert page.evaluate("({}).companies") is None
    for query in queries[:25]:
        page.evaluate("(q) => { location.hash = '#DR7?' + q; }", query)
    page.wait_for_timeout(100)
    assert page.is_visible("figure.explorer.live .answer")


def test_one_failing_explorer_leaves_the_page_alone(page: Page, served: str) -> None:
    page.route("**/models/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{served}/{CHAPTER}")
    page.wait_for_selector("figure.explorer.broken")
    assert "could not be made interactive" in page.inner_text(".explorer-note")
    assert page.is_visible("figure.explorer svg.figure")
    assert not page.is_visible(".explorer-controls")


def test_one_broken_figure_leaves_the_others_alone(page: Page, served: str) -> None:
    def plant(route: Route) -> None:
        body = route.fetch().text() + '\nExplorer.models["sweep"] = () => { throw new Error("planted"); };'
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/models/pages-authors.js*", plant)
    page.goto(f"{served}/pages/authors.html")
    page.wait_for_selector("#sweep.broken")
    assert page.locator("figure.explorer.live").count() == page.locator("figure.explorer").count() - 1
    assert page.is_visible("#sweep svg.figure")
    assert "could not be made interactive" in page.inner_text("#sweep .explorer-note")


def test_a_mouse_moves_a_slider(page: Page, served: str) -> None:
    page.goto(f"{served}/{CHAPTER}")
    page.wait_for_selector("figure.explorer.live")
    slider = page.locator("[data-parameter=companies] input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert 4 < page.evaluate("Explorer.lives.DR7.values.companies") < 6


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_finger_moves_a_slider_on_a_phone(browser: Browser, served: str, theme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.add_init_script(
        f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
    )
    opened = context.new_page()
    opened.goto(f"{served}/pages/authors.html")
    opened.wait_for_selector("#tabulated.live")
    for id in ("fan", "region", "tabulated"):
        slider = opened.locator(f"#{id} input[type=range]").first
        slider.scroll_into_view_if_needed()
        before = opened.locator(f"#{id} svg.figure").inner_html()
        box = slider.bounding_box()
        assert box is not None
        opened.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
        until(opened, f"Object.keys(Explorer.lives['{id}'].values).length === 1")
        opened.wait_for_timeout(100)
        assert opened.locator(f"#{id} svg.figure").inner_html() != before, id
    context.close()


def test_print_shows_figure_inputs_and_words_without_controls(page: Page, served: str) -> None:
    page.goto(f"{served}/{CHAPTER}")
    page.wait_for_selector("figure.explorer.live")
    page.emulate_media(media="print")
    assert not page.is_visible(".explorer-controls")
    assert page.is_visible("figure.explorer svg.figure")
    assert page.is_visible("figure.explorer .inputs table")
    assert page.is_visible("figure.explorer .verdict")


@pytest.mark.parametrize("name", [n for n, e in EXPLORERS.items() if e.worlds])
def test_a_world_moves_every_control_it_names(page: Page, site: Path, served: str, name: str) -> None:
    explorer = EXPLORERS[name]
    page.goto(f"{served}/{page_with(site, explorer.id)}")
    page.wait_for_selector(f"#{explorer.id}.live")
    for world in explorer.worlds:
        button = f"#{explorer.id} [data-world={world.id}]"
        page.click(button)
        page.wait_for_selector(f"{button}[aria-pressed=true]")
        state = page.evaluate(
            "(id) => ({...Explorer.lives[id].choices, ...Explorer.lives[id].values})", explorer.id
        )
        assert {**world.choices, **world.values}.items() <= state.items()


@pytest.mark.parametrize("home", ["DEU", "ARE", "CHN"])
@pytest.mark.parametrize("place", ["JPN", "MYS", "MAC"])
def test_the_rule_as_a_tool_says_what_python_says(page: Page, served: str, home: str, place: str) -> None:
    page.goto(f"{served}/{CHAPTER}")
    page.wait_for_selector(".machine tr.enough")
    for quarter, chip in (("2025q1", "h100_sxm"), ("2027q4", "b300")):
        for name, value in {"headquarters": home, "site": place, "quarter": quarter, "chip": chip}.items():
            page.select_option(f".machine [data-ask={name}]", value)
        found = page.evaluate(
            """Object.fromEntries([...document.querySelectorAll('.machine tr[data-path]:not([hidden])')]
              .map((r) => [r.dataset.path, r.dataset.chips]))"""
        )
        expected = ec.paths(ec.group(home), ec.group(place), quarter)
        assert set(found) == set(expected.index)
        for path, row in expected.iterrows():
            if row["kind"] in ("none", "share"):
                assert found[path] == {"none": "Infinity", "share": ""}[row["kind"]]
            else:
                assert int(found[path]) == ec.in_chips(row["tpp"], chip)


def test_without_scripts_the_answer_is_there_and_dead_controls_are_not(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{served}/{CHAPTER}")
    assert opened.is_visible("figure.explorer svg.figure")
    assert "The claim" in opened.inner_text("figure.explorer .answer")
    assert not opened.is_visible(".explorer-controls")
    context.close()


@pytest.mark.parametrize("ending", ["csv", "svg", "png"])
def test_downloads_hold_what_is_shown(page: Page, served: str, tmp_path: Path, ending: str) -> None:
    page.goto(f"{served}/{CHAPTER}#DR7?companies=2")
    page.wait_for_selector("figure.explorer.live")
    with page.expect_download() as waiting:
        page.click(f"#DR7 [data-do={ending}]")
    target = tmp_path / f"figure.{ending}"
    waiting.value.save_as(target)
    content = target.read_bytes()
    if ending == "png":
        assert content.startswith(b"\x89PNG")
        assert len(content) > 10_000
    elif ending == "svg":
        assert b"chips of the kind chosen" in content
        assert b"var(" not in content  # colours are written out, so that it looks the same elsewhere
    else:
        lines = content.decode().splitlines()
        assert lines[0].endswith("#DR7?companies=2")
        assert len(lines) == 2 + draws.N_DRAWS
        row = dict(zip(lines[1].split(","), map(float, lines[2].split(",")), strict=True))
        assert row["companies"] == 2
        assert math.isclose(row["cover"], row["lawful"] / row["demand"], rel_tol=1e-12)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 390])
def test_no_rule_of_accessibility_is_broken(
    browser: Browser, site: Path, served: str, theme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_init_script(
        f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
    )
    opened = context.new_page()
    for name in kinds_of_pages(site):
        opened.goto(f"{served}/{name}", wait_until="load")
        found = Axe().run(opened).response["violations"]
        assert not found, (
            name,
            json.dumps([(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]),
        )
    context.close()


@pytest.mark.parametrize("width", [1300, 390])
def test_no_page_is_wider_than_its_screen(browser: Browser, site: Path, served: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    opened = context.new_page()
    for name in pages(site):
        opened.goto(f"{served}/{name}")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()


def test_every_page_forbids_what_it_was_not_built_with(page: Page, site: Path, served: str) -> None:
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => (window.violations ??= []).push(e.blockedURI + e.violatedDirective))"
    )
    for name in kinds_of_pages(site):
        page.goto(f"{served}/{name}")
        assert page.evaluate("window.violations ?? []") == [], name
        page.evaluate(
            """() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';
              document.body.append(s); setTimeout('window.ran = 2'); }"""
        )
        page.wait_for_timeout(50)
        assert page.evaluate("window.ran ?? 0") == 0, name


def test_every_page_has_the_policy(site: Path) -> None:
    for name in pages(site):
        text = (site / name).read_text("utf8")
        assert text.count('http-equiv="Content-Security-Policy"') == 1, name
        assert "unsafe-eval" not in text.split("</head>")[0], name
