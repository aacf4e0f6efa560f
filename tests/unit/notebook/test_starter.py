"""A starter is a valid notebook in both languages, fails until it is filled, and passes when it is."""

import ast
import json

import pytest

from soloneuron.errors import UnknownNameError
from soloneuron.notebook.starter import STARTERS, starter_notebook
from soloneuron.texts import table

FILLED = {
    "element": """
class Element(Element):
    def __init__(self, data, _children=(), _op=""):
        super().__init__(data, _children, _op)

    def __add__(self, other):
        out = Element(self.data + other.data, (self, other), "+")
        out.pairs = [(self, 1), (other, 1)]
        return out

    def __mul__(self, other):
        out = Element(self.data * other.data, (self, other), "*")
        out.pairs = [(self, other.data), (other, self.data)]
        return out

    def relu(self):
        out = Element(max(0, self.data), (self,), "relu")
        out.pairs = [(self, int(self.data > 0))]
        return out

    def backward(self):
        self.grad = 1
        for operand, partial in self.pairs:
            operand.grad += self.grad * partial
""",
    "optimizer": """
class MyOptimizer(MyOptimizer):
    def step(self, params, grads):
        return params - self.learning_rate * grads
""",
    "neuron": """
from soloneuron import train_neuron
""",
}


def code_of(task, language):
    cells = json.loads(starter_notebook(task, language))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("task", STARTERS)
def test_a_starter_is_a_notebook_with_words_and_code_that_can_be_read(task, language):
    text = starter_notebook(task, language)
    notebook = json.loads(text)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert {cell["cell_type"] for cell in notebook["cells"]} == {"markdown", "code"}
    for code in code_of(task, language):
        ast.parse(code)
    assert text == starter_notebook(task, language)
    assert "# [" not in text


@pytest.mark.parametrize("task", STARTERS)
def test_every_sentence_of_a_task_is_used(task):
    shown = starter_notebook(task, "ru")
    for sentence in table("ru", "notebook")[task].values():
        assert json.dumps(sentence.strip().split("\n")[0], ensure_ascii=False)[1:-1] in shown


@pytest.mark.parametrize("task", STARTERS)
@pytest.mark.parametrize("filled", [False, True])
def test_its_tests_fail_until_it_is_filled(task, filled):
    *cells, run, _ = code_of(task, "en")
    namespace = {"__name__": "starter"}
    for cell in cells:
        exec(cell, namespace)
    if filled:
        exec(FILLED[task], namespace)
    suites = [
        kind for kind in namespace.values() if isinstance(kind, type) and kind.__name__.startswith("Test")
    ]
    loader, runner = namespace["unittest"].TestLoader(), namespace["unittest"].TextTestRunner(verbosity=0)
    outcomes = [runner.run(loader.loadTestsFromTestCase(suite)) for suite in suites]
    assert len(outcomes) == 1
    assert all(outcome.wasSuccessful() for outcome in outcomes) == filled
    assert run.startswith("unittest.main(")


@pytest.mark.parametrize("task", ["neuron", "optimizer"])
def test_its_last_cell_checks_it(task):
    *cells, _, last = code_of(task, "en")
    namespace = {"__name__": "starter"}
    for cell in cells:
        exec(cell, namespace)
    asked = ast.parse(last).body
    exec(compile(ast.Module(asked[:-1], []), "<cell>", "exec"), namespace)
    shown = compile(ast.Expression(asked[-1].value), "<cell>", "eval")
    assert eval(shown, namespace).exit_code == 1
    exec(FILLED[task], namespace)
    assert eval(shown, namespace).exit_code == 0


def test_another_task_is_refused():
    with pytest.raises(UnknownNameError, match="neuron"):
        starter_notebook("neurone", "en")
