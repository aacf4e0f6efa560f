"""A replay holds the numbers of its runs, says what they say, and refuses what cannot race."""

import base64
import gzip
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from soloneuron.data.catalogue import make_dataset
from soloneuron.errors import InputError
from soloneuron.experiments.trained import run_record, train_run
from soloneuron.figures.runs import run_charts
from soloneuron.formulas.losses import Focal
from soloneuron.formulas.penalties import L1, ElasticNet
from soloneuron.records.dataset import Dataset
from soloneuron.records.recipe import Part
from soloneuron.result.fitting import fit
from soloneuron.storage.runs import read_run, write_run
from soloneuron.texts import LANGUAGES, text
from soloneuron.view import description, losses, replay
from soloneuron.view import recording as recording_module
from soloneuron.view.losses import DRAWN_LOSSES
from soloneuron.view.recording import MOST_RUNS

SIX = {
    "gradient_descent": 0.3, "momentum": 0.05, "nag": 0.05, "adagrad": 1.0, "rmsprop": 0.1, "adam": 0.2,
}  # fmt: skip
CLOUDS = make_dataset("clouds")
BORDER = 300_000


def run(data=CLOUDS, **settings):
    options = {"epochs": 30, "learning_rate": 0.3, "bias": False} | settings
    return train_run(data, **options)


def recast(one, **parts):
    return replace(one, recipe=replace(one.recipe, **parts))


def changed(one, **history):
    return replace(one, history=replace(one.history, **history))


def recording(page):
    return json.loads(re.search(r'id="recording">(.*?)</script>', page, re.S)[1])


def decoded(page):
    """Steps, rows with labels, and the table (T, R, columns), read as the layout is documented."""
    size = recording(page)["size"]
    raw = gzip.decompress(base64.b64decode(re.search(r'id="numbers">(.*?)</script>', page, re.S)[1]))
    steps = np.frombuffer(raw, "<u4", size["steps"])
    numbers = np.frombuffer(raw, "<f4", offset=4 * size["steps"])
    rows, table = numbers[: 3 * size["rows"]], numbers[3 * size["rows"] :]
    return steps, rows, table.reshape(size["columns"], size["runners"], size["steps"]).transpose(2, 1, 0)


def told(page):
    return re.search(r'class="result">(.*?)</p>', page)[1]


def noted(page):
    return re.search(r"<footer.*?</footer>", page)[0]


def test_six_noisy_races_of_a_thousand_steps_stay_below_the_border():
    runs = {
        name: run(optimizer=name, learning_rate=rate, epochs=1000, batch_size=150, shuffle=True, seed=1,
                  bias=True)
        for name, rate in SIX.items()
    }  # fmt: skip
    for language in LANGUAGES:
        assert len(replay(runs, language).encode()) < BORDER


def test_numbers_that_nothing_can_pack_stay_below_the_border():
    dice = torch.Generator().manual_seed(0)
    one = run(epochs=1000, bias=True)
    noise = {name: torch.rand(1001, generator=dice).double() for name in ("gradient_norm", "accuracy")}
    runs = {name: changed(one, theta=torch.randn(1001, 3, generator=dice).double(), **noise) for name in SIX}
    assert len(replay(runs).encode()) < BORDER


@pytest.mark.parametrize("bias", [False, True])
def test_what_is_packed_is_the_record_to_float32(bias):
    runs = {
        name: run(optimizer=name, learning_rate=rate, bias=bias, batch_size=32, shuffle=True, seed=2)
        for name, rate in SIX.items()
    }
    steps, rows, table = decoded(replay(runs))
    assert steps.tolist() == list(range(31))
    flat = np.concatenate([CLOUDS.features.flatten().numpy(), CLOUDS.labels.numpy()])
    assert np.array_equal(rows, flat.astype("f4"))
    for k, one in enumerate(runs.values()):
        past = one.history
        assert np.array_equal(table[:, k, : 2 + bias], past.theta.numpy().astype("f4"))
        assert np.array_equal(table[:, k, -3], past.gradient_norm.numpy().astype("f4"))
        assert np.array_equal(table[:, k, -2], past.accuracy.numpy().astype("f4"))
        moved = np.linalg.norm(np.diff(past.theta.numpy(), axis=0), axis=1)
        assert np.allclose(table[1:, k, -1], moved, rtol=1e-6)


def test_the_loss_is_that_of_all_rows_at_the_recorded_theta():
    full, parts = run(), run(batch_size=10, shuffle=True, seed=0)
    _, _, table = decoded(replay({"full": full, "parts": parts}))
    assert np.allclose(table[:-1, 0, 2], full.history.loss.numpy(), rtol=1e-6)
    for k in (0, 15, 30):
        w = parts.history.theta[k].tolist()
        losses = [
            math.log1p(math.exp(-(2 * y - 1) * (w[0] * a + w[1] * b)))
            for (a, b), y in zip(CLOUDS.features.tolist(), CLOUDS.labels.tolist(), strict=True)
        ]
        assert table[k, 1, 2] == pytest.approx(math.fsum(losses) / len(losses), rel=1e-6)


def test_run_file_landscape_and_replay_show_one_number_whatever_the_settings(tmp_path):
    """A saved run had forgotten gamma and l1_ratio: its loss, replay and landscape were three numbers."""
    one = run(loss=Focal(gamma=0.0), penalty=ElasticNet(0.1, l1_ratio=0.9))
    write_run(one, tmp_path / "run.json")
    back = read_run(tmp_path / "run.json")
    assert back.recipe == one.recipe
    _, _, table = decoded(replay({"one": back}))
    assert np.allclose(table[:-1, 0, 2], one.history.loss.numpy(), rtol=1e-6)
    (series,) = run_charts({"one": back})["landscape"].series
    assert series.z == pytest.approx(one.history.value.tolist(), rel=1e-8)
    assert table[-1, 0, 2] == pytest.approx(series.z[-1], rel=1e-6)


def test_runs_of_different_length_and_thickness_share_one_axis():
    long, short, thin = run(), run(epochs=12, optimizer="adam"), run(epochs=20, record_every=8)
    steps, _, table = decoded(replay({"long": long, "short": short, "thin": thin}))
    assert steps.tolist() == list(range(31))
    assert np.array_equal(table[20, 1, :2], short.history.theta[-1].numpy().astype("f4"))
    assert thin.history.epochs == (0, 8, 16, 20)
    for step, record in ((0, 0), (7, 0), (8, 1), (19, 2), (20, 3), (30, 3)):
        assert np.array_equal(table[step, 2, :2], thin.history.theta[record].numpy().astype("f4"))


def test_the_result_names_who_was_lowest_first_and_never():
    runs = {"slow": run(learning_rate=1e-4), "quick": run(optimizer="adam", learning_rate=0.3, epochs=60)}
    said = told(replay(runs))
    losses = decoded(replay(runs))[2][:, 1, 2]
    assert f"{losses.min():.4g}, is that of quick, at step {losses.argmin()}" in said
    away = (losses > losses.min() + 0.01).nonzero()[0]
    assert f"First within 0.01 of it for good: quick, at step {away[-1] + 1}." in said
    assert "Not within 0.01 of it at the end: slow." in said
    swapped = {"slow": runs["quick"], "quick": runs["slow"]}
    assert "is that of slow" in told(replay(swapped))
    assert "Not within 0.01 of it at the end: quick." in told(replay(swapped))


def test_a_tie_has_no_winner():
    said = told(replay({"one": run(), "other": run()}))
    assert "it is shared by one, other" in said
    assert "First within 0.01 of it for good: one, other" in said


def test_who_passes_by_and_leaves_is_not_there():
    there = recording_module.Track("r", "nll", run(), torch.arange(3), torch.zeros(3, 6), None)
    there.table[:, -2] = torch.tensor([0.5, 0.97, 0.96])
    assert description.first_learned(there) == 1
    there.table[-1, -2] = 0.94
    assert description.first_learned(there) is None


def test_nobody_learns_what_one_neuron_cannot_do():
    assert "Nobody ends with 95% of the points right; the most is" in told(
        replay({"a": run(make_dataset("xor")), "b": run(make_dataset("xor"), optimizer="adam")})
    )


def test_a_single_run_is_no_race():
    said = told(replay({"adam": run(optimizer="adam")}))
    assert said.startswith("Adam has its lowest loss")
    assert "First" not in said


def test_an_overflow_is_told_and_leaves_no_number_that_json_or_eyes_cannot_bear():
    wild = run(make_dataset("stretched"), loss="exponential", learning_rate=50.0)
    calm = run(make_dataset("stretched"), loss="exponential", learning_rate=1e-4)
    assert wild.history.outcome.kind == "overflow"
    page = replay({"wild": wild, "calm": calm})
    _, _, table = decoded(page)
    assert np.isfinite(table).all()
    lost = recording(page)["tracks"][0]["lost"]
    assert f"wild leaves the range of numbers after step {lost}" in told(page)
    assert "NaN" not in page.split('id="numbers"')[0].split("<style>")[0]
    assert np.array_equal(table[lost:, 0], np.broadcast_to(table[lost, 0], table[lost:, 0].shape))


def test_the_limit_that_was_exceeded_is_named_where_the_record_knows_it():
    wild = run(make_dataset("stretched"), loss="exponential", learning_rate=50.0)
    fields = {"learning_rate": 50.0, "ratio": 7.0, "limit": 7.1, "which": "local"}
    outcome = replace(wild.history.outcome, fields=fields)
    assert "is 7 times the local limit 7.1" in told(replay({"w": changed(wild, outcomes=(outcome,))}))


@pytest.mark.parametrize(
    ("runs", "word"),
    [
        (
            {"a": run(), "b": run(epochs=10, record_every=5)},
            "A step is one epoch: once through all 300 rows.",
        ),
        ({"a": run(batch_size=8), "b": run()}, "batches of different sizes"),
        ({"a": run(record_every=10)}, "keep 4 of the steps from 0 to 30"),
        ({"a": run(), "b": run(initial=torch.tensor([1.0, 1.0]))}, "do not start at the same place"),
        ({"a": run(penalty=L1(0.1))}, "penalty"),
        ({"a": replace(run(), source=replace(run().source, rows=9000))}, "300 of the 9000 rows"),
    ],
    ids=["epoch", "batches", "thinned", "starts", "penalty", "sample"],
)
def test_what_a_reader_must_know_is_noted(runs, word):
    assert word in noted(replay(runs))


def test_nothing_is_noted_that_is_not_so():
    assert noted(replay({"a": run(), "b": run(optimizer="adam")})).count("<p>") == 1


@pytest.mark.parametrize("features", [1, 3])
def test_without_two_features_nothing_is_drawn_and_it_is_said(features):
    data = Dataset(CLOUDS.features[:, [0, 1, 0][:features]], CLOUDS.labels, tuple("abc"[:features]), name="x")
    page = replay({"a": run(data), "b": run(data, optimizer="adam")})
    assert recording(page)["size"]["rows"] == 0
    assert "no plane to draw" in noted(page)
    assert "lowest loss" in told(page)


def test_soft_labels_leave_curves_and_a_sentence():
    page = replay({"a": run(replace(CLOUDS, labels=0.1 + 0.8 * CLOUDS.labels))})
    assert recording(page)["size"]["rows"] == 0
    assert "labels 0 and 1" in noted(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_loss_that_the_page_cannot_draw_leaves_curves_and_a_sentence(monkeypatch, language):
    for module in (recording_module, description):
        monkeypatch.setattr(module, "DRAWN_LOSSES", DRAWN_LOSSES - {"focal"})
    page = replay({"a": run(loss="focal"), "b": run(loss="focal", optimizer="adam")}, language)
    assert recording(page)["size"]["rows"] == 0
    assert text(language, "losses.focal.title") in noted(page)
    assert recording(replay({"a": run(loss="mae")}, language))["size"]["rows"] == len(CLOUDS.labels)


def test_the_page_draws_the_losses_of_its_source():
    source = (Path(losses.__file__).parent / "source" / "generated" / "totals.ts").read_text(encoding="utf-8")
    table = re.search(r"const TOTALS: .* = \{(.*)\};", source)[1]
    assert set(re.findall(r"\w+", table)) == DRAWN_LOSSES


def test_features_beyond_float32_are_refused():
    with pytest.raises(InputError, match="nothing to play"):
        replay({"a": run(replace(CLOUDS, features=1e35 * CLOUDS.features), learning_rate=1e-80)})


def test_a_page_asks_for_nothing_and_says_so_to_the_browser():
    page = replay({"a": run()})
    assert "default-src 'none'" in page
    assert set(re.findall(r"https?://[^\s\"'`<]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|script|img|iframe)[^>]+(src|href)=\"(?!data:)", page)


def test_the_same_runs_give_the_same_page():
    runs = {"a": run(), "b": run(optimizer="adam")}
    assert replay(runs) == replay(runs)


def test_a_name_is_a_name_and_never_markup():
    page = replay({"</script><b>x": run(), "&": run()})
    assert page.count("</script>") == 3
    assert "<b>" not in page
    assert recording(page)["setup"]["runners"][0]["optimizer"] == "</script><b>x"


def test_the_russian_page_has_no_english_sentence():
    page = replay({"a": run(), "b": run(optimizer="adam", record_every=10)}, "ru")
    visible = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    assert not re.search(r"\b(the|and|with|of|is|are|at)\b", visible)
    said = json.dumps(recording(page)["words"], ensure_ascii=False)
    assert not re.search(r"\b(the|and|with|of|is|are)\b [a-z]+", said)


OTHER = replace(CLOUDS, labels=1 - CLOUDS.labels)
TWO_RATES = torch.tensor([[0.1], [0.2]], dtype=torch.float64)


def many():
    return run_record(CLOUDS, fit(CLOUDS, learning_rate=TWO_RATES, epochs=3), {})


@pytest.mark.parametrize(
    ("runs", "code", "word"),
    [
        (lambda: {}, "count", "got none"),
        (lambda: {str(k): run(epochs=1) for k in range(MOST_RUNS + 1)}, "count", "got 25"),
        (lambda: {"many": many()}, "many", "many holds 2 at once"),
        (lambda: {"a": run(), "b": run(OTHER)}, "data", "a and b do not have the same rows"),
        (lambda: {"a": run(), "b": run(make_dataset("assignment"))}, "data", "5 rows of"),
        (lambda: {x: run(loss=x) for x in ("nll", "mse", "mae")}, "losses", "nll, mse, mae"),
        (lambda: {"a": recast(run(), loss=Part("own", own=True))}, "loss", "got 'own'"),
        (lambda: {"a": run(), "b": changed(run(), unit="update")}, "unit", "a counts by epoch"),
        (lambda: {"a": changed(run(), theta=torch.zeros(31, 7))}, "neuron", "7 parameters and 2 features"),
        (lambda: {"a": changed(run(), epochs=tuple(range(31, 0, -1)))}, "epochs", "rise"),
        (lambda: {"a": changed(run(), theta=torch.full((31, 2), math.nan))}, "finite", "nothing to play"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_race_is_refused_with_the_reason(runs, code, word):
    raced = runs()
    with pytest.raises(InputError, match=word) as refusal:
        replay(raced)
    assert refusal.value.code == f"replay.{code}"
