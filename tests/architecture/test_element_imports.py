"""Element stands on the standard library alone."""

import subprocess
import sys

PROGRAM = """
import sys
import soloneuron.element, soloneuron.element.layers
from soloneuron import Element
assert Element(2) * 3
ours = sorted(name for name in sys.modules if name.startswith("soloneuron.") and name.count(".") == 1)
print(ours, [name for name in ("torch", "numpy", "scipy", "sklearn", "rich") if name in sys.modules])
"""


def test_importing_element_loads_neither_torch_nor_numpy_and_of_ours_only_errors():
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert done.stdout == "['soloneuron.element', 'soloneuron.errors'] []\n"
