"""``soloneuron graph`` and ``soloneuron compile``: a written expression becomes a picture, or torch code."""

import pytest


def test_a_graph_is_written_to_a_file_or_to_the_terminal(shell, folder):
    arguments = ("graph", "relu(a + b*c)", "a=2", "b=-3", "c=10")
    answer = shell(*arguments, "-o", "graph.svg")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    printed = shell(*arguments)
    assert printed.out.strip() == (folder / "graph.svg").read_text().strip()
    assert printed.out.startswith("<svg")


def test_an_expression_is_compiled_and_run(solo):
    answer = solo("compile", "relu(a + b*c)", "a=2", "b=3", "c=10")
    assert answer.code == 0
    assert answer.out.splitlines()[:4] == [
        "value: 32",
        "gradient by a: 1",
        "gradient by b: 10",
        "gradient by c: 3",
    ]
    assert "def step" not in answer.out


def test_the_generated_code_has_the_names_of_the_user(solo):
    answer = solo("compile", "relu(a + b*c)", "a=2", "b=3", "c=10", "--show")
    lines = [line.strip() for line in answer.out.splitlines()]
    assert lines[2] == "[a, b, c] = theta"
    assert lines[4:6] == ["sum1 = b * c + a", "relu1 = 0.0 if sum1 <= 0.0 else sum1"]
    assert "d_b = d_sum1 * c" in lines
    answer = solo("compile", "relu(a + b*c)", "a=2", "b=3", "c=10", "--show", "--backend", "torch")
    assert "clamp_min(" in answer.out


def test_the_generated_code_is_shown_on_demand_in_both_languages(solo):
    answer = solo("compile", "sigmoid(w*x)", "w=0", "x=1", "--show", "--lang", "ru")
    assert "sigmoid(" in answer.out
    assert "значение: 0.5" in answer.out


@pytest.mark.parametrize("command", ["graph", "compile"])
@pytest.mark.parametrize(
    ("expression", "values", "words"),
    [
        ("relu(a + q)", ["a=2"], "unknown name 'q' (values are given for a) at position 10"),
        ("__import__('os')", [], "position 1"),
        ("a + b", ["a=1", "b"], "NAME=NUMBER, got 'b'"),
        ("a + b", ["a=1", "b=x"], "b must be a finite number, got 'x'"),
        ("a + 1", ["a=1", "a=2"], "'a' is given twice"),
        ("a + 1", ["a=1", "b=2"], "does not use b"),
        ("log(a)", ["a=-1"], "log needs a number > 0"),
    ],
)
def test_what_is_no_expression_is_one_line_with_its_place(solo, command, expression, values, words):
    answer = solo(command, expression, *values)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert words in answer.err


def test_an_expression_of_numbers_only_has_nothing_to_compile(solo):
    answer = solo("compile", "1 + 2")
    assert answer.code == 2
    assert "nothing to differentiate by" in answer.err
