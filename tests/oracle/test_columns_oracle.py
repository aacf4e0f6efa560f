"""Features out of columns against scikit-learn's own pipeline on the pandas frame of the same file."""

import csv
import random
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from soloneuron import fit, load_model, read_dataset
from soloneuron.data.new_rows import read_features
from soloneuron.errors import InputWarning

NUMBERS, WORDS = ["age", "fare"], ["port", "deck"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Rows to learn from and rows to predict, with gaps and with a port that nobody has seen."""
    chance, folder = random.Random(3), tmp_path_factory.mktemp("ships")

    def write(name, rows, ports):
        with (folder / name).open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow([*NUMBERS, *WORDS, "lived"])
            for _ in range(rows):
                age = "" if chance.random() < 0.2 else round(chance.uniform(1, 80), 1)
                deck = "" if chance.random() < 0.4 else chance.choice("ABC")
                fare = round(chance.expovariate(0.02), 2)
                out.writerow([age, fare, chance.choice(ports), deck, chance.choice(["yes", "no"])])
        return folder / name

    return write("old.csv", 120, "SCQ"), write("new.csv", 40, "SCQX")


def pipeline(missing):
    """What a user of scikit-learn would write."""
    fill = SimpleImputer(strategy="median" if missing == "median" else "mean")
    known = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    words = Pipeline([("fill", SimpleImputer(strategy="most_frequent")), ("encode", known)])
    parts = [("numbers", fill, NUMBERS), ("words", words, WORDS)]
    if missing == "indicator":
        # A missing word is no category there, which the encoder calls unknown.
        cells = OneHotEncoder(
            categories=[list("CQS"), list("ABC")], handle_unknown="ignore", sparse_output=False
        )
        parts = [("numbers", fill, NUMBERS), ("words", cells, WORDS)]
        parts.append(("missing", MissingIndicator(features="all"), ["age", "deck"]))
    return Pipeline(
        [("columns", ColumnTransformer(parts)), ("scale", StandardScaler()), ("neuron", LogisticRegression())]
    )


@pytest.mark.parametrize("missing", ["mean", "median", "indicator"])
def test_a_model_predicts_as_the_pipeline_with_its_weights(missing, files, tmp_path):
    old, new = files
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        data = read_dataset(old, label="lived", encode=True, missing=missing)
        fit(data, optimizer="newton", penalty="l2", epochs=20).model().save(tmp_path / "m.json")
        model = load_model(tmp_path / "m.json")
        X = read_features(new, model.record.feature_names, model.record.columns)
    rows, fresh = pd.read_csv(old), pd.read_csv(new)
    theirs = pipeline(missing)
    # A gap must be one kind of nothing for the encoder of words.
    rows[WORDS], fresh[WORDS] = rows[WORDS].astype(object), fresh[WORDS].astype(object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        theirs.fit(rows[NUMBERS + WORDS], rows["lived"])
        theirs[:1].transform(rows[NUMBERS + WORDS])
        np.testing.assert_allclose(
            data.features.numpy(), theirs[:1].transform(rows[NUMBERS + WORDS]), rtol=1e-12
        )
        scaler, neuron = theirs["scale"], theirs["neuron"]
        scaler.mean_, scaler.scale_ = np.zeros(X.shape[1]), np.ones(X.shape[1])
        neuron.coef_, neuron.intercept_ = model.weights[None].numpy(), np.array([model.bias])
        expected = theirs.predict_proba(fresh[NUMBERS + WORDS])
    np.testing.assert_allclose(model.predict_proba(X).numpy(), expected, rtol=1e-12)
    assert model.predict(X) == theirs.predict(fresh[NUMBERS + WORDS]).tolist()
