"""The rules of the house, seen from outside."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from soloneuron import Element, NeuronClassifier, NeuronClassifierCV, compile_graph, fit, sweep
from soloneuron.formulas.catalogue import LOSSES, PENALTIES

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def python(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize(
    "code",
    ["import soloneuron", "from soloneuron.cli.parser import make_parser; make_parser().format_help()"],
)
def test_neither_the_import_nor_the_help_waits_for_torch(code):
    heavy = "[m for m in ('torch', 'numpy', 'sklearn', 'rich') if m in sys.modules]"
    assert python(f"import sys; {code}; print({heavy})") == "[]"


def test_every_public_name_can_be_had():
    import soloneuron

    for name in soloneuron.__all__:
        assert getattr(soloneuron, name) is not None
    with pytest.raises(AttributeError):
        _ = soloneuron.nonsense


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_source_asks_torch_for_gradients(path):
    words = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    arguments = {node.arg for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.keyword)}
    assert not {"requires_grad", "requires_grad_"} & (words | arguments)


def test_everything_trains_while_autograd_is_out_of_order(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the library used autograd")

    for place in ("torch.autograd.backward", "torch.autograd.grad", "torch.Tensor.backward"):
        monkeypatch.setattr(place, refuse)
    X = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]]
    y = [1, 0, 0, 0, 1]
    with torch.enable_grad():
        for loss in LOSSES:
            for penalty in (None, *PENALTIES):
                for batch_size in (None, 1, 2):
                    options = {"loss": loss, "penalty": penalty, "batch_size": batch_size, "epochs": 2}
                    assert fit((X, y), **options).theta.isfinite().all()
        assert len(sweep((X, y), l2=[0.0, 0.1], loss=list(LOSSES), epochs=2)) == 2 * len(LOSSES)
        assert (
            NeuronClassifierCV(learning_rates=[0.1], cv=[([0, 1, 4], [2, 3])], epochs=2)
            .fit(X, y)
            .scores_.size
        )
        assert NeuronClassifier(epochs=5, tol=None).fit(X, y).score(X, y) >= 0.5
        w = [Element(0.1), Element(-0.2)]
        f = compile_graph(sum((w[0] * a + w[1] * b - t) ** 2 for (a, b), t in zip(X, y, strict=True)), w)
        start = f()
        f.theta.sub_(f.gradient, alpha=0.01)
        assert f() < start


def test_ci_runs_the_very_test_command_of_the_readme():
    readme = (ROOT / "README.md").read_text()
    command = next(line for line in readme.splitlines() if line.endswith("pytest -n auto"))
    done = (ROOT / ".ci" / "run").read_text().splitlines()
    assert done.count(command) == 1
    assert done[done.index(command) :].count(".venv/bin/pytest -n auto -m slow") == 1


def test_the_global_dice_are_not_touched():
    before = torch.random.get_rng_state()
    fit(([[1.0], [2.0], [3.0]], [0, 1, 1]), shuffle=True, batch_size=1, epochs=3)
    assert torch.equal(before, torch.random.get_rng_state())
