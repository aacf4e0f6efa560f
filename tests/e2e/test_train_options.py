"""How to train: every option reaches the training."""

import math

import pytest
import torch

from soloneuron import ElasticNet, Focal, fit, load_model, load_run, read_dataset
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.formulas.penalties import as_penalty

HARDLY = 1e-12
"""The same sums in another order: a few hundred roundings of 1e-16, and room."""


DESCENT = ["--optimizer", "gradient_descent"]
"""What a setting of plain descent means by itself."""


def trained(path, **settings):
    """The weights and bias that ``fit`` finds for the file with the command line's defaults of descent."""
    data = read_dataset(path, label="sick")
    defaults = {"batch_size": 32, "shuffle": True, "seed": 0}
    history = fit(data, **(defaults | settings))
    return history.theta[-1].tolist()


def found(answer):
    """Weights and bias of an answer in JSON."""
    return [*answer.json["weights"].values(), answer.json["bias"]]


OPTIONS = {
    "--batch-size 1": {"batch_size": 1},
    "--batch-size 7": {"batch_size": 7},
    "--batch-size all": {"batch_size": None},
    "--learning-rate 0.7": {"learning_rate": 0.7},
    "--learning-rate auto": {"learning_rate": "auto"},
    "--learning-rate cosine": {"learning_rate": "cosine"},
    "--learning-rate 0.5*(warm_up(5)>>cosine)": {"learning_rate": "0.5 * (warm_up(5) >> cosine)"},
    "--epochs 3": {"epochs": 3},
    "--seed 5": {"seed": 5},
    "--no-shuffle": {"shuffle": False},
    "--class-weight balanced": {"class_weight": "balanced"},
    "--dtype float32": {"dtype": torch.float32},
    "--reduction sum": {"reduction": "sum"},
    "--loss focal --set loss.gamma=0.5": {"loss": Focal(gamma=0.5)},
    "--penalty elastic_net --alpha 0.3 --set penalty.l1_ratio=0.9": {
        "penalty": ElasticNet(0.3, l1_ratio=0.9)
    },
    **{f"--loss {name}": {"loss": name} for name in LOSSES},
    **{f"--penalty {name} --alpha 0.3": {"penalty": as_penalty(name, 0.3)} for name in PENALTIES},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_of_the_training_is_the_setting_of_fit(option, solo, clinic):
    answer = solo("train", clinic, "--label", "sick", *DESCENT, *option.split(), "--json")
    assert (answer.code, answer.err) == (0, "")
    assert found(answer) == trained(clinic, **OPTIONS[option])


@pytest.mark.parametrize("option", [name for name in OPTIONS if name != "--loss nll"])
def test_no_option_of_the_training_goes_unheard(option, solo, clinic):
    start = ["train", clinic, "--label", "sick", "--json", *DESCENT]
    assert found(solo(*start, *option.split())) != found(solo(*start))


def test_without_an_optimizer_a_file_is_trained_to_its_optimum_and_the_recipe_says_by_what(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--json")
    settings = answer.json["settings"]
    assert (settings["optimizer"], settings["batch_size"], settings["shuffle"]) == ("newton", 60, False)
    assert answer.json["outcome"]["kind"] == "converged"
    # It ends where there is no more to gain, and what it took is what repeats it.
    assert settings["epochs"] == settings["epochs_done"] < 15
    again = {"optimizer": "newton", "batch_size": None, "shuffle": False, "seed": None}
    assert found(answer) == trained(clinic, **again, epochs=settings["epochs"])


@pytest.mark.parametrize("option", ["--learning-rate 0.1", "--batch-size 32", "--shuffle"])
def test_a_setting_of_plain_descent_means_plain_descent(option, solo, clinic):
    start = ["train", clinic, "--label", "sick", "--json"]
    assert found(solo(*start, *option.split())) == found(solo(*start, *DESCENT))


def test_no_bias_trains_without_one_and_prints_none(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--no-bias", "--json", *DESCENT)
    assert list(answer.json["weights"].values()) == trained(clinic, bias=False)
    assert answer.json["bias"] == 0
    assert "bias" not in solo("train", clinic, "--label", "sick", "--no-bias").words
    assert "bias" in solo("train", clinic, "--label", "sick").words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "per-sample shuffled"),
        (7, "mini-batches of 7 shuffled"),
        (60, "full batch,"),
        ("all", "full batch,"),
    ],
)
def test_the_kind_of_descent_is_said(size, words, solo, clinic):
    assert f"nll, {words}" in solo("train", clinic, "--label", "sick", "--batch-size", size).words


@pytest.mark.parametrize("size", [60, "all"])
@pytest.mark.parametrize("options", [[], ["--shuffle"]])
def test_a_full_batch_has_no_order_to_shuffle_and_records_none(size, options, solo, clinic):
    start = ["train", clinic, "--label", "sick", "--batch-size", size, *options]
    settings = solo(*start, "--json", "--save-run", "r.json").json["settings"]
    assert (settings["shuffle"], settings["seed"]) == (False, None)
    assert load_run("r.json").history.seeds == ()


def test_a_batch_larger_than_the_file_is_all_of_it_with_one_note(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--batch-size", 99, "--json")
    assert answer.code == 0
    assert answer.err == (
        "soloneuron: note: batch_size 99 is larger than the 60 rows: every update takes all of them\n"
    )
    assert answer.json["settings"]["batch_size"] == 60


def test_the_same_command_twice_writes_the_same_bytes(solo, folder, clinic):
    for number in (1, 2):
        solo(
            "train",
            clinic,
            "--label",
            "sick",
            "--test-share",
            0.3,
            "-o",
            f"m{number}",
            "--save-run",
            f"r{number}",
        )
    for kind in "mr":
        assert (folder / f"{kind}1").read_bytes() == (folder / f"{kind}2").read_bytes()


def test_standardize_trains_on_columns_of_mean_0_and_deviation_1(solo, clinic):
    data = read_dataset(clinic, label="sick")
    X = data.features.numpy()
    scaled = (X - X.mean(0)) / X.std(0)
    answer = solo("train", clinic, "--label", "sick", "--standardize", "--json", "-o", "m.json", *DESCENT)
    expected = fit((scaled, data.labels), batch_size=32, shuffle=True, seed=0).theta[-1].tolist()
    assert found(answer) == pytest.approx(expected, abs=HARDLY)
    scaling = load_model("m.json").record.scaling
    assert scaling.mean == pytest.approx(X.mean(0), abs=HARDLY)
    assert scaling.scale == pytest.approx(X.std(0), abs=HARDLY)


def test_a_column_of_one_value_is_standardized_with_a_note(solo, folder):
    (folder / "flat.csv").write_text("x,z,y\n0.1,1,0\n0.1,2,1\n0.1,4,1\n")
    answer = solo("train", "flat.csv", "--label", "y", "--standardize", "-o", "m.json")
    assert answer.code == 0
    assert answer.err == "soloneuron: note: column 'x' holds one value only and tells nothing\n"
    assert load_model("m.json").record.scaling.scale[0] == 1


def test_a_test_share_holds_out_rows_of_both_classes_that_the_training_never_sees(solo, clinic, rows):
    answer = solo("train", clinic, "--label", "sick", "--test-share", 0.25, "--save-run", "r.json")
    assert "45 rows, 2 features; 15 rows held out" in answer.words
    assert "training held out" in answer.words
    kept = load_run("r.json").data
    assert (len(kept.labels), int(kept.labels.sum())) == (45, 18)
    everything = {(a, b, float(c)) for a, b, c in rows}
    seen = {(*x, y) for x, y in zip(kept.features.tolist(), kept.labels.tolist(), strict=True)}
    assert len(seen) == 45
    assert seen < everything


def test_the_held_out_rows_are_a_matter_of_the_seed(solo, clinic):
    def held(seed):
        settings = ["--test-share", 0.25, "--no-shuffle", "--json", "--seed", seed]
        return solo("train", clinic, "--label", "sick", *settings).json["metrics"]["test"]

    assert held(1) == held(1)
    assert held(1) != held(2)


def test_the_scaling_is_measured_on_the_training_rows_alone(solo, clinic):
    solo(
        "train", clinic, "--label", "sick", "--standardize", "--test-share", 0.5, "-o", "m", "--save-run", "r"
    )
    X = load_run("r").data.features
    assert X.mean(0).tolist() == pytest.approx([0, 0], abs=HARDLY)
    assert X.std(0, correction=0).tolist() == pytest.approx([1, 1], abs=HARDLY)
    assert load_model("m").record.scaling.mean != pytest.approx([0, 0], abs=0.01)


@pytest.mark.parametrize("seed", [0, 2**64 - 1, 2**70])
def test_any_whole_number_is_a_seed(seed, solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--seed", seed, "--test-share", 0.3, "--json")
    assert (answer.code, answer.json["settings"]["seed"]) == (0, seed)


@pytest.mark.parametrize("optimizer", ["lbfgs", "newton"])
def test_a_line_search_on_features_of_hundreds_ends_in_an_answer(optimizer, solo, folder):
    rows = [
        (500 * math.sin(3 * i), 500 * math.cos(5 * i), int(math.sin(3 * i) + math.sin(i) > 0))
        for i in range(80)
    ]
    (folder / "big.csv").write_text("a,b,y\n" + "".join(f"{a},{b},{y}\n" for a, b, y in rows))
    start = ["train", "big.csv", "--label", "y", "--loss", "exponential", "--optimizer", optimizer]
    for size in ([], ["--batch-size", "all"]):
        answer = solo(*start, "--epochs", 5, "--json", *size)
        assert "Traceback" not in answer.err
        assert answer.code == 0
    # It may arrive in its first epoch, whose loss is that of the start.
    assert answer.json["losses"][-1] < 1 or answer.json["outcome"]["kind"] == "converged"


@pytest.mark.parametrize("device", ["cpu", "cpu:0"])
def test_where_to_compute_changes_no_number(device, solo, clinic):
    start = ["train", clinic, "--label", "sick", "--json", *DESCENT]
    answer = solo(*start, "--device", device)
    assert (answer.code, answer.err) == (0, "")
    assert found(answer) == found(solo(*start))


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("nowhere", "device must be a torch.device or its name, such as 'cpu' or 'cuda', got 'nowhere'"),
        ("cuda:99", "device 'cuda:99' is not there to compute on: leave device out, or take device='cpu'"),
        ("meta", "device 'meta' is not there to compute on: leave device out, or take device='cpu'"),
        ("", "device must be a torch.device or its name, such as 'cpu' or 'cuda', got ''"),
    ],
)
@pytest.mark.parametrize("file", [True, False])
def test_a_device_that_is_not_there_is_one_sentence_and_nothing_is_written(
    device, said, file, refused, clinic, folder
):
    rows = (clinic, "--label", "sick") if file else ()
    assert said in refused("train", *rows, "--device", device, "-o", "m.json")
    assert not (folder / "m.json").exists()


@pytest.mark.parametrize("name", ["--gpu", "--cuda"])
def test_who_looks_for_a_processor_is_told_the_option(name, refused):
    assert "--device" in refused("train", name)


def test_more_epochs_go_on_from_a_checkpoint_though_fewer_would_be_recorded_of_them(solo, clinic):
    start = ["train", clinic, "--label", "sick", "--optimizer", "adam", "--checkpoint", "kept"]
    assert solo(*start, "--epochs", 100).code == 0
    assert solo(*start, "--epochs", 1000, "--save-run", "r.json").code == 0
    whole = solo(*start[:-2], "--epochs", 1000, "--record-every", 1, "--save-run", "w.json")
    assert whole.code == 0
    kept, other = (load_run(name).history for name in ("r.json", "w.json"))
    assert torch.equal(kept.theta, other.theta)
    assert kept.epochs == other.epochs
    answer = solo(*start, "--epochs", 1000, "--record-every", 5)
    assert (answer.code, "record_every differs: there 1, here 5" in answer.err) == (2, True)
