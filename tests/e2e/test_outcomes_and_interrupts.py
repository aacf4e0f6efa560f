"""How a run ends, and why: said, saved, and told by the exit code."""

import json

import pytest

from soloneuron import load_model, load_run
from soloneuron.cli.screen import Ticker
from soloneuron.texts import table
from soloneuron.training.session import Training

APART = "x,y\n-2,0\n-1,0\n1,1\n2,1\n"
MIXED = "x,y\n-2,0\n-1,1\n1,0\n2,1\n"
HUGE = "x,y\n1e300,0\n-1e300,1\n1,1\n2e300,0\n"

FULL = ("--batch-size", "all")
DESCENT = ("--optimizer", "gradient_descent")

ENDINGS = {
    "finished": (MIXED, [*FULL, "--epochs", 5], 0),
    "converged": (MIXED, [*FULL, "--learning-rate", 1, "--epochs", 2000], 0),
    "plateau": (MIXED, [*FULL, "--learning-rate", 1e-9, "--epochs", 50], 0),
    "oscillating": (MIXED, [*FULL, "--learning-rate", 20, "--epochs", 60], 0),
    "diverging": (MIXED, [*FULL, "--learning-rate", 2.01, "--loss", "squared_hinge", "--epochs", 5], 0),
    "worse_than_untrained": (MIXED, [*FULL, "--learning-rate", 20, "--epochs", 4], 0),
    "overflow": (HUGE, [*FULL, "--loss", "squared_hinge"], 3),
}


@pytest.mark.parametrize("kind", ENDINGS)
def test_an_ending_is_told_by_exit_code_sentence_and_records(kind, solo, folder):
    content, settings, code = ENDINGS[kind]
    (folder / "rows.csv").write_text(content)
    arguments = ["train", "rows.csv", "--label", "y", *settings, "-o", "m.json", "--save-run", "r.json"]
    answer = solo(*arguments, "--json")
    outcome = answer.json["outcome"]
    assert (answer.code, outcome["kind"]) == (code, kind)
    assert load_run("r.json").history.outcome.kind == kind
    assert load_run("r.json").history.outcome.reason == outcome["reason"]
    assert load_model("m.json").record.outcome == kind
    printed = solo(*arguments)
    assert printed.code == code
    assert outcome["reason"] in printed.words


@pytest.mark.parametrize("kind", [kind for kind in ENDINGS if kind != "finished"])
def test_in_russian_the_ending_is_russian(kind, solo, folder):
    content, settings, _ = ENDINGS[kind]
    (folder / "rows.csv").write_text(content)
    words = solo("train", "rows.csv", "--label", "y", *settings, "--lang", "ru").words
    assert table("ru", "outcomes")[kind].split("{")[0] in words


# Overflow


def test_overflow_saves_the_last_finite_epoch_and_says_what_to_do(solo, folder):
    (folder / "huge.csv").write_text(HUGE)
    settings = ["huge.csv", "--label", "y", "--loss", "squared_hinge", *DESCENT]
    answer = solo("train", *settings, "-o", "m.json", "--save-run", "r.json")
    assert answer.code == 3
    assert "Traceback" not in answer.err
    assert "overflow in epoch 2" in answer.words
    assert "scale the data" in answer.words
    assert "saved m.json saved r.json" in answer.words
    model = load_model(folder / "m.json")
    assert model.record.epochs_done == 1
    assert 0 < abs(model.weights[0]) < 1e308


@pytest.mark.parametrize("batch", ["1", "2", "all"])
def test_what_overflow_leaves_is_what_a_run_of_so_many_epochs_finds(batch, solo, folder):
    (folder / "rows.csv").write_text(MIXED)
    settings = ["--batch-size", batch, "--learning-rate", 40, "--loss", "squared_hinge", "--epochs", 2000]
    start = ["train", "rows.csv", "--label", "y", *settings]
    answer = solo(*start, "-o", "m.json", "--json")
    assert answer.code == 3
    done = load_model("m.json").record.epochs_done
    assert done > 5
    assert answer.json["outcome"]["epoch"] == done == len(answer.json["losses"])
    assert solo(*start, "--epochs", done, "-o", "n.json").code == 0
    assert load_model("n.json").record.weights == load_model("m.json").record.weights
    assert solo(*start, "--epochs", done + 1).code == 3


@pytest.mark.parametrize("loss", ["nll", "mae", "exponential", "squared_hinge"])
def test_huge_features_end_well_once_they_are_standardized_or_are_refused_plainly(loss, solo, folder):
    (folder / "huge.csv").write_text(HUGE)
    arguments = ["train", "huge.csv", "--label", "y", "--loss", loss, "--standardize", "-o", "m.json"]
    answer = solo(*arguments, "--save-run", "r.json")
    if answer.code == 2:
        assert len(answer.err.splitlines()) == 1
    else:
        assert answer.code == 0
        assert all(weight != 0 for weight in load_model("m.json").record.weights)


@pytest.mark.parametrize("loss", ["nll", "mse", "squared_hinge", "exponential"])
@pytest.mark.parametrize("rate", ["1e300", "1e308"])
def test_a_rate_beyond_all_reason_still_saves_and_ends_with_a_known_code(loss, rate, solo, folder):
    (folder / "rows.csv").write_text(MIXED)
    start = ["train", "rows.csv", "--label", "y", "--learning-rate", rate, "--loss", loss]
    answer = solo(*start, "-o", "m.json", "--save-run", "r.json")
    assert answer.code in {0, 3}
    assert load_run("r.json").recipe.loss == load_model("m.json").record.recipe.loss
    assert load_model("m.json").record.recipe.loss.name == loss


def test_a_loss_that_grew_beyond_all_measure_is_not_called_converged(solo, folder):
    (folder / "huge.csv").write_text(HUGE)
    answer = solo("train", "huge.csv", "--label", "y", "--json", *DESCENT)
    assert answer.json["losses"][-1] > 1e200
    assert answer.json["outcome"]["kind"] != "converged"


# Limits and separable data


def test_both_limits_of_the_rate_are_named_and_for_parts_of_the_data_called_a_guide(solo, folder):
    (folder / "rows.csv").write_text(MIXED)
    guide = table("en", "outcomes")["full_batch"]
    for batch, guided in (("all", False), ("1", True), ("2", True)):
        words = solo("train", "rows.csv", "--label", "y", "--batch-size", batch).words
        assert "limits of the learning rate: guaranteed 3.2, local " in words
        assert (guide in words) == guided


def test_the_guaranteed_limit_of_nll_is_8_over_the_largest_eigenvalue(solo, folder):
    """A^T A / n is diag(2.5, 1) for these rows and their bias."""
    (folder / "rows.csv").write_text(MIXED)
    limits = solo("train", "rows.csv", "--label", "y", *FULL, "--json").json["limits"]
    assert limits["guaranteed"] == pytest.approx(8 / 2.5, rel=1e-9)
    assert limits["full_batch"] is True


SEPARABLE = {
    "apart": (APART, [], True),
    "apart, held by a penalty": (APART, ["--penalty", "l2"], False),
    "apart, a loss that reaches its end": (APART, ["--loss", "hinge"], False),
    "mixed": (MIXED, [], False),
}


@pytest.mark.parametrize("case", SEPARABLE)
def test_classes_apart_are_recognized_and_said_where_no_optimum_exists(case, solo, folder):
    content, settings, separable = SEPARABLE[case]
    (folder / "rows.csv").write_text(content)
    answer = solo("train", "rows.csv", "--label", "y", *settings, "--json")
    assert answer.json["metrics"]["training"]["accuracy"] == (1.0 if content == APART else 0.5)
    assert answer.json["outcome"]["separable"] == separable
    words = solo("train", "rows.csv", "--label", "y", *settings).words
    assert (table("en", "outcomes")["separable"] in words) == separable


# Ctrl-C


@pytest.fixture
def third_look(monkeypatch):
    """Ctrl-C at the third time somebody looks at the training."""
    looks = []

    def tick(_, epoch, loss):
        looks.append((epoch, loss))
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(Ticker, "tick", tick)
    return looks


def test_ctrl_c_keeps_the_last_finished_epoch_saves_it_and_says_so(solo, clinic, third_look):
    start = ["train", clinic, "--label", "sick", *DESCENT]
    answer = solo(*start, "-o", "m.json", "--save-run", "r.json", "--epochs", 10**6)
    assert answer.code == 130
    done = third_look[-1][0]
    assert done == 15_000  # a look after every 10,000 updates, here two an epoch
    assert f"stopped after epoch {done} of 1000000: you pressed Ctrl-C" in answer.words
    assert "saved m.json saved r.json" in answer.words
    history = load_run("r.json").history
    assert (history.outcome.kind, history.outcome.epoch, len(history.loss)) == ("stopped", done, done)
    model = load_model("m.json")
    assert (model.record.epochs_done, model.record.recipe.epochs) == (done, 10**6)
    solo(*start, "-o", "n.json", "--epochs", done)
    assert (model.record.weights, model.bias) == (
        load_model("n.json").record.weights,
        load_model("n.json").bias,
    )


def test_ctrl_c_with_json_still_answers_in_json(solo, clinic, third_look):
    answer = solo("train", clinic, "--label", "sick", "--json")
    assert answer.code == 130
    assert answer.json["outcome"]["kind"] == "stopped"
    assert answer.json["outcome"]["epoch"] == third_look[-1][0]


@pytest.mark.usefixtures("third_look")
def test_ctrl_c_in_russian_is_answered_in_russian_and_recorded_in_one_language(solo, clinic):
    start = ["train", clinic, "--label", "sick", "--lang", "ru"]
    assert "нажато Ctrl-C" in solo(*start, "--save-run", "r.json").words
    assert load_run("r.json").history.outcome.reason.isascii()


def test_ctrl_c_while_the_file_is_read_ends_in_one_line_and_writes_nothing(solo, folder, clinic, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("soloneuron.cli.reading.read_dataset", interrupt)
    answer = solo("train", clinic, "--label", "sick", "-o", "m.json")
    assert (answer.code, answer.out, answer.err) == (130, "", "soloneuron: stopped\n")
    assert {path.name for path in folder.iterdir()} == {"clinic.csv"}


@pytest.mark.parametrize("epochs", [10**5, 10**9])
def test_ctrl_c_loses_one_portion_and_a_portion_is_a_tenth_of_a_second(epochs, solo, clinic, monkeypatch):
    """Ctrl-C comes in the middle of the fifth portion; portions are counted in updates, not by a clock."""
    whole = Training.stretches
    portions = []

    def stretches(training):
        advance = training._engine.advance

        def interrupted(state, count, every):
            portions.append(count)
            if len(portions) == 5:
                raise KeyboardInterrupt
            return advance(state, count, every)

        monkeypatch.setattr(training._engine, "advance", interrupted)
        yield from whole(training)

    monkeypatch.setattr(Training, "stretches", stretches)
    start = ["train", clinic, "--label", "sick", *DESCENT]
    assert solo(*start, "--epochs", epochs, "-o", "m.json").code == 130
    assert load_model("m.json").record.epochs_done == sum(portions[:4])
    assert max(portions) <= 10_000


def test_ctrl_c_at_a_terminal_ends_a_long_run_whose_bar_shows_loss_and_speed(
    terminal, solo, folder, many_rows
):
    """Of many rows, as of a few there would be a million epochs to be saved before the bar appears."""
    start = ["train", many_rows.name, "--label", "sick", "--batch-size", 1]
    code, seen = terminal(
        *start, "--epochs", 10**9, "-o", "m.json", "--save-run", "r.json", interrupt_at="/s"
    )
    assert code == 130
    assert "you pressed Ctrl-C" in " ".join(seen.split())
    assert "Traceback" not in seen
    assert "loss 0." in seen.partition("/s")[0].rpartition(many_rows.name)[2]
    done = load_model(folder / "m.json").record.epochs_done
    assert done > 0
    run = load_run(folder / "r.json").history
    assert (len(run.loss), run.epochs[-1]) == (done, done)
    assert not list(folder.glob("*.part")) + list(folder.glob(".*"))
    again = solo(*start, "--epochs", done, "--json").json
    assert tuple(again["weights"].values()) == load_model(folder / "m.json").record.weights
    assert json.loads((folder / "m.json").read_text())["outcome"] == "stopped"
