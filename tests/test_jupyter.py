"""In a real JupyterLab the live figure is an ordinary widget: state follows both ways, and links."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
TOKEN = "test"
CODE = """
from ipywidgets import jslink
from book.scenarios.diffusion_rule import quantity
one, two = quantity(), quantity()
linked = jslink((one, "values"), (two, "values"))
display(one, two)
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Start JupyterLab on a folder with one notebook."""
    folder = tmp_path_factory.mktemp("lab")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)], metadata=kernel)
    nbformat.write(notebook, folder / "figure.ipynb")
    runtime = folder / "runtime"
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(folder / "config"),
                   "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "PYTHONPATH": str(ROOT)}  # fmt: skip
    port = "18931"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0",
               f"--IdentityProvider.token={TOKEN}", f"--notebook-dir={folder}"]  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api?token={TOKEN}")
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail(f"JupyterLab did not start: {(folder / 'log').read_text()[-2000:]}")
        yield address, runtime
        server.terminate()
        server.wait(20)


def _kernel(address: str, runtime: Path) -> BlockingKernelClient:
    with urllib.request.urlopen(f"{address}/api/kernels?token={TOKEN}") as answer:
        (kernel,) = json.load(answer)
    client = BlockingKernelClient(connection_file=str(next(runtime.glob(f"kernel-{kernel['id']}*.json"))))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=30)
    return client


def _run(client: BlockingKernelClient, code: str) -> str:
    said: list[str] = []
    client.execute_interactive(
        code,
        timeout=30,
        output_hook=lambda m: said.append(m["content"].get("text", str(m["content"].get("evalue", "")))),
    )
    return "".join(said).strip()


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.goto(f"{address}/lab/tree/figure.ipynb?token={TOKEN}")
    page.locator(".jp-Notebook .jp-CodeCell").first.click(timeout=60_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
    page.keyboard.press("Shift+Enter")
    page.locator("figure.explorer.live").nth(1).wait_for(timeout=90_000)
    return page


def test_the_figure_is_a_widget_in_jupyterlab(browser: Browser, lab: tuple[str, Path]) -> None:
    page = _open(browser, lab[0])
    client = _kernel(*lab)
    first, second = (page.locator("figure.explorer").nth(k) for k in (0, 1))

    # from the page to Python
    slider = first.locator("[data-parameter=companies] input[type=range]")
    slider.focus()
    slider.press("End")
    page.wait_for_timeout(1500)
    assert _run(client, "print(one.values['companies'], one.to_link())") == "10 #DR7?companies=10"
    assert _run(client, "print((one.frame()['companies'] == 10).all())") == "True"

    # from one widget to the other, in the page
    assert second.locator("[data-parameter=companies] input[type=number]").input_value() == "10"

    # from Python to the page
    _run(client, "one.values = {'companies': 3}")
    page.wait_for_timeout(1500)
    assert first.locator("[data-parameter=companies] input[type=number]").input_value() == "3"
    assert first.locator(".answer-text").inner_text() == _run(client, "print(one.answer())")
    client.stop_channels()
