"""Labels that are words, and files of words: what comes out is what came in."""

import numpy as np
import pandas as pd
import pytest
import torch

from soloneuron import fit, load_model, load_run, read_dataset, save_model, save_run
from soloneuron.errors import InputError, InputWarning

WORDS = {
    "yes": (["да", "нет", "нет", "да"], ("нет", "да"), ["да", "нет"]),
    "an array": (np.array(["+", "-", "-", "+"]), ("-", "+"), ["+", "-"]),
    "a series": (pd.Series(["no", "YES", "yes", "no"]), ("no", "YES"), ["no", "YES"]),
    "letters": (["cat", "dog", "dog", "cat"], ("cat", "dog"), ["cat", "dog"]),
    "signs": ([-1, 1, 1, -1], ("-1", "1"), [-1, 1]),
    "a tensor of signs": (torch.tensor([1.0, -1.0, -1.0, 1.0]), ("-1", "1"), [1, -1]),
}


@pytest.mark.parametrize("case", WORDS)
def test_labels_may_be_words_and_come_back_as_words(case):
    labels, classes, ends = WORDS[case]
    X = [[1.0, 2.0], [-2.0, 1.0], [-1.0, -2.0], [2.0, 1.0]]
    run = fit(X, labels, epochs=9)
    assert run.data.classes == classes
    assert run.predict(X)[:2] == ends
    assert torch.equal(run.theta, fit((X, run.data.labels), epochs=9).theta)


def test_three_words_are_refused_with_the_comparison_that_makes_two():
    with pytest.raises(InputError, match=r"\[label == 'c' for label in labels\]"):
        fit([[1.0], [2.0], [3.0]], ["a", "b", "c"])


def test_a_dataset_of_words_predicts_files_through_its_model(tmp_path):
    lines = [f"{['red', 'blue'][i % 2]},{'' if i % 5 == 0 else i % 7},{i % 3 > 1}" for i in range(30)]
    (tmp_path / "c.csv").write_text("\n".join(["color,size,label", *lines]))
    with pytest.warns(InputWarning) as told:
        data = read_dataset(tmp_path / "c.csv", label="label", encode=True, missing="mean")
    assert [warning.message.code for warning in told] == ["notes.encoded", "notes.filled"]
    run = fit(data, epochs=3)
    save_model(run.model(), tmp_path / "m.json")
    save_run(run, tmp_path / "r.json")
    (tmp_path / "new.csv").write_text("size,color\n,green\n3,red\n")
    for model in (load_model(tmp_path / "m.json"), load_run(tmp_path / "r.json").model()):
        with pytest.warns(InputWarning) as told:
            X = model.read(tmp_path / "new.csv")
        assert {warning.message.code for warning in told} == {"notes.unseen", "notes.filled"}
        assert X.tolist() == [[data.columns[1].fill, 0, 0], [3, 0, 1]]
        assert set(model.predict(X)) <= {"True", "False"}
