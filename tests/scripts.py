"""The scripts of `.ci`, which are no package, as modules."""

import importlib.util
from types import ModuleType

from tests.coaching.embedded_world import ROOT


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
