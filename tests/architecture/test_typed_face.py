"""A type checker sees every public name as what it is."""

import re
import subprocess
import sys
from inspect import isclass, isfunction

import pytest

import soloneuron
from soloneuron import optimizers
from soloneuron.optimizers.wrapper import Wrapper

REVEALED = {
    "fit": "def (features: Any, labels: Any =, *,",
    "fit([[1.0]], [1]).weights": "torch._tensor.Tensor",
    "fit([[1.0]], [1]).model().predict([[1.0]])": "list[Any]",
    "train_neuron([[1.0]], [1], [0.0], 0.0, 0.1, 2)": "tuple[list[float], float,",
    "Element": "-> soloneuron.element.element.Element",
    "Element(1) * 2": "soloneuron.element.element.Element",
    "NeuronClassifier(epochs=3)": "soloneuron.estimator.NeuronClassifier",
    "optimizers.Adam(learning_rate=0.1)": "soloneuron.optimizers.adam.Adam",
    "NeuronClassifierCV(cv=3)": "soloneuron.estimator_cv.NeuronClassifierCV",
    "sweep([[1.0]], [1], l2=[0.1]).best.settings": "Mapping[str,",
    "minimize('bowl').evaluations": "tuple[int, ...]",
    "load_model('m.json')": "soloneuron.result.model.Model",
    "compare('bowl', ['adam']).winner": "str | None",
    "prepare([[1.0]], [1])": "soloneuron.training.session.Training",
}

WRONG = {
    "fit([[1.0]], [1], lr=0.1)": 'Unexpected keyword argument "lr"',
    "sweep([[1.0]], [1], lr=[0.1])": 'Unexpected keyword argument "lr"',
    "train_neuron([[1.0]], [1])": "Missing positional argument",
    "fit([[1.0]], [1]).wieghts": "has no attribute",
    "save_run('run.json', 'run.json')": "has incompatible type",
}


@pytest.mark.slow
def test_a_type_checker_tells_what_the_names_are_and_what_is_wrong(tmp_path):
    names = sorted({re.split(r"\W", said)[0] for said in (*REVEALED, *WRONG)})
    lines = [f"from soloneuron import {', '.join(names)}"]
    lines += [f"reveal_type({said})" for said in REVEALED]
    lines += list(WRONG)
    (tmp_path / "user.py").write_text("\n".join(lines) + "\n")
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--follow-imports=silent", "--no-error-summary", "user.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    # Older checkers write builtins.int where newer ones write int.
    said = found.stdout.replace("builtins.", "").splitlines()
    for number, (line, wanted) in enumerate([*REVEALED.items(), *WRONG.items()], 2):
        own = [text for text in said if text.startswith(f"user.py:{number}:")]
        assert any(wanted in text for text in own), (line, own, found.stderr)


def test_every_public_name_is_a_class_a_function_or_a_module():
    for name in soloneuron.__all__:
        found = getattr(soloneuron, name)
        assert (
            isclass(found)
            or isfunction(found)
            or found.__name__
            in {
                "soloneuron.element",
                "soloneuron.optimizers",
            }
        )
        assert found.__doc__, name


def test_every_optimizer_is_reachable_from_the_top():
    for name in optimizers.__all__:
        found = getattr(optimizers, name)
        if isclass(found) and issubclass(found, optimizers.Optimizer) and not issubclass(found, Wrapper):
            assert getattr(soloneuron, name) is found
