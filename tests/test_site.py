"""The site builds or says why not; it is complete, it is the same twice, and it never shows old numbers."""

from __future__ import annotations

import hashlib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from conftest import build, only, pages
from fontTools.ttLib import TTFont

from book.claims import claims
from book.site import slim

PAGE = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# A page

"""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str, str]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append((tag, name, value))
            if name == "id" and value:
                self.ids.append(value)


def _parse(path: Path) -> _Links:
    parser = _Links()
    parser.feed(path.read_text("utf8"))
    return parser


def test_the_site_has_its_pages(site: Path) -> None:
    found = pages(site)
    assert {
        "index.html",
        "chapters/diffusion-rule.html",
        "pages/bibliography.html",
        "pages/data.html",
    } <= set(found)
    assert not [p for p in found if "README" in p or ".venv" in p or "test" in p.lower()]


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for name in pages(site):
        for tag, attribute, value in _parse(site / name).links:
            if tag == "a" or (tag == "link" and attribute == "href" and "canonical" in value):
                continue
            assert not urlparse(value).scheme.startswith("http"), (name, value)


def test_every_internal_link_has_a_target(site: Path) -> None:
    parsed = {name: _parse(site / name) for name in pages(site)}
    for name, links in parsed.items():
        for _, _, value in links.links:
            url = urlparse(value)
            if url.scheme or value.startswith("//"):
                continue
            target = (site / name).parent / unquote(url.path) if url.path else site / name
            assert target.exists(), (name, value)
            fragment = unquote(url.fragment).split("?")[0]
            relative = str(target.resolve().relative_to(site.resolve()))
            if fragment and relative in parsed:
                assert fragment in parsed[relative].ids, (name, value)


def test_ids_are_unique_within_a_page(site: Path) -> None:
    for name in pages(site):
        ids = _parse(site / name).ids
        assert len(ids) == len(set(ids)), (name, sorted({i for i in ids if ids.count(i) > 1})[:5])


def test_without_scripts_a_chapter_has_figure_inputs_and_verdict(site: Path) -> None:
    text = (site / "chapters" / "diffusion-rule.html").read_text("utf8")
    assert '<svg class="figure"' in text
    assert "Inputs and their sources" in text
    assert claims()["DR7"].verdict.line in text
    assert "<math" in text


def test_mathematics_needs_no_script(site: Path) -> None:
    for name in pages(site):
        text = (site / name).read_text("utf8")
        assert not re.search(r"<(script|link)[^>]*(mathjax|katex)", text, re.I), name


# -- planted faults -----------------------------------------------------------------------------------


@pytest.mark.site
def test_faults_in_a_page_stop_the_build_and_are_named(project: Path) -> None:
    """TeX that cannot be drawn, a number nobody said, a picture and a claim that are not there."""
    (project / "faults.md").write_text(
        PAGE
        + "$$\\frac{1}{$$\n\nA number: {glue}`nobody_said_it`.\n\n"
        + "```{code-cell} python\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()\n```\n\n"
        + "{claim}`XX9` and {cite:p}`nobody1900nothing` and {term}`no such term`.\n",
        "utf8",
    )
    only(project, "faults", "pages/bibliography", "pages/glossary")
    done = build(project)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    for named in ("TeX that cannot be rendered", "nobody_said_it", "without alternative text", "XX9",
                  "nobody1900nothing", "no such term"):  # fmt: skip
        assert named in said, named
    assert said.count("faults") >= 6


@pytest.mark.site
def test_a_broken_row_stops_the_build(project: Path) -> None:
    path = project / "data" / "parameters.csv"
    path.write_text(path.read_text("utf8").replace(",share,0.38,", ",furlongs_per_token,0.38,"), "utf8")
    only(project, "chapters/diffusion-rule", "pages/bibliography", "pages/glossary")
    done = build(project)
    assert done.returncode != 0
    assert "data/parameters.csv, row 2" in done.stdout + done.stderr
    assert "unknown unit 'furlongs_per_token'" in done.stdout + done.stderr


@pytest.mark.site
def test_the_cache_cannot_lie(project: Path) -> None:
    """A change to a module, a table or the lock reaches the page although its text is the same."""
    (project / "page.md").write_text(
        PAGE + "```{code-cell} python\nfrom book.probe import X\nfrom pathlib import Path\n"
        "print(X, Path('data/probe.txt').read_text(), Path('requirements.txt').read_text()[-9:])\n```\n",
        "utf8",
    )
    only(project, "page")
    lock = project / "requirements.txt"
    first = lock.read_text("utf8")

    def shown(x: int, data: str, tail: str) -> str:
        (project / "book" / "probe.py").write_text(f"X = {x}\n", "utf8")
        (project / "data" / "probe.txt").write_text(data, "utf8")
        lock.write_text(first + f"# {tail}\n", "utf8")
        done = build(project)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return (project / "_build" / "html" / "page.html").read_text("utf8")

    assert "111 one" in shown(111, "one", "aaaa")
    assert "222 one" in shown(222, "one", "aaaa")
    assert "222 two" in shown(222, "two", "aaaa")
    assert "bbbb" in shown(222, "two", "bbbb")


@pytest.mark.site
def test_two_clean_builds_are_the_same_to_the_byte(project: Path) -> None:
    def digests() -> dict[str, str]:
        shutil.rmtree(project / "_build", ignore_errors=True)
        done = build(project)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        html = project / "_build" / "html"
        return {str(p.relative_to(html)): hashlib.sha256(p.read_bytes()).hexdigest()
                for p in html.rglob("*") if p.is_file() and p.name != ".buildinfo"}  # fmt: skip

    first, second = digests(), digests()
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_no_address_of_this_machine_and_no_registry_in_the_sources() -> None:
    from conftest import ROOT, files

    lock = re.compile(r"https?://[^\s\"']*(pypi|npmjs|pythonhosted)")
    for name in files():
        path = ROOT / name
        if path.suffix in (".png", ".woff2"):
            continue
        text = path.read_text("utf8")
        assert str(ROOT) not in text, name
        assert not lock.search(text), name


@pytest.mark.parametrize(
    ("rule", "stays"),
    [
        (".used{a:b}", True),
        ("#used .used:not(.gone){a:b}", True),
        (".used .gone{a:b}", False),
        (".gone,.used{a:b}", True),
        ("@media print{.gone{a:b}}", False),
        ("@media print{.used{a:b}}", True),
        ('a[href=".gone"]{a:b}', True),
        ("@font-face{font-family:x}", True),
    ],
)
def test_a_rule_goes_only_if_no_page_can_use_it(rule: str, stays: bool) -> None:
    assert bool(slim.purge(rule, {"used"}).strip()) == stays


def test_every_icon_of_the_site_is_in_its_font(site: Path) -> None:
    fonts = [TTFont(p) for p in (site / "_static").rglob("*.woff")]
    drawn = {code for font in fonts for code in font.getBestCmap()}
    shown = {
        ord(letter)
        for letter in re.findall("[\ue000-\uf8ff]", (site / "_static/styles/site.css").read_text("utf8"))
    }
    assert shown and shown <= drawn
