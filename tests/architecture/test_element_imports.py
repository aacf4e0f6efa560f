"""Element stands on the standard library alone."""

import subprocess
import sys
import venv
from pathlib import Path

import lazy_loader
import packaging
import pytest

import soloneuron

PROGRAM = """
import sys
import soloneuron.element, soloneuron.element.layers
from soloneuron import Element
assert Element(2) * 3
ours = sorted(name for name in sys.modules if name.startswith("soloneuron.") and name.count(".") == 1)
print(ours, [name for name in ("torch", "numpy", "scipy", "sklearn", "rich") if name in sys.modules])
"""
ALONE = (
    PROGRAM
    + """
from importlib.util import find_spec
print([name for name in ("torch", "numpy") if find_spec(name)])
"""
)
SHOWN = "['soloneuron.element', 'soloneuron.errors'] []\n"


def test_importing_element_loads_neither_torch_nor_numpy_and_of_ours_only_errors():
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert done.stdout == SHOWN


@pytest.mark.slow
def test_element_can_be_used_where_neither_torch_nor_numpy_is_installed(tmp_path):
    venv.create(tmp_path, with_pip=False)
    (packages,) = tmp_path.glob("lib/python*/site-packages")
    for module in (soloneuron, lazy_loader, packaging):
        folder = Path(module.__file__).parent
        (packages / folder.name).symlink_to(folder)
    python = [str(tmp_path / "bin" / "python"), "-I", "-c"]
    done = subprocess.run([*python, ALONE], check=True, capture_output=True, text=True)
    assert done.stdout == SHOWN + "[]\n"
