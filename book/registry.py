"""Every model and every explorer of the report, found by their modules."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import book.models
import book.scenarios
from book.explorer import Explorer
from book.model import Model


def _made(package: ModuleType, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield what each public function without arguments makes, if its annotation says ``kind``."""
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for name, function in list(vars(module).items()):
            if not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            signature = inspect.signature(function)
            if signature.return_annotation in (kind, kind.__name__) and not signature.parameters:
                yield f"{found.name}.{name}", function()


def models() -> dict[str, Model]:
    """Return every model, under the name of its module and function."""
    return dict(_made(book.models, Model))


def explorers() -> dict[str, Explorer]:
    """Return every explorer, under the name of its module and function."""
    return dict(_made(book.scenarios, Explorer))
