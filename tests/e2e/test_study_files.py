"""What a study measured is kept: as a file on demand, elsewhere when its place fails, up to a Ctrl-C."""

import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from soloneuron import InputError, load_model, load_run
from soloneuron.cli import experiment, report, train
from soloneuron.experiments.heavy_tails import HeavyTails
from soloneuron.storage.findings import load_study
from soloneuron.texts import LANGUAGES, text
from soloneuron.texts.phrases import said

pytestmark = pytest.mark.usefixtures("measured_once")

PATIENCE = 60
"""Seconds after which a study that does not stop is a failure; a limit, not a measurement."""

TWO = ("report", "--only", "nesterov_nag,heavy_tails", "--quiet")


@pytest.fixture
def passing(folder, monkeypatch):
    """The folder for passing files."""
    place = folder / "passing"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


# Findings as files


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_from_the_file_is_the_report_byte_by_byte(solo, folder, language):
    assert solo(*TWO, "--save", "f.json", "--lang", language, "-o", "one.html").code == 0
    assert solo("report", "--from", "f.json", "--lang", language, "-o", "other.html").code == 0
    assert (folder / "one.html").read_bytes() == (folder / "other.html").read_bytes()


def test_one_measuring_speaks_both_languages_and_names_the_command_of_each(solo, folder):
    solo(*TWO, "--save", "f.json")
    for language in LANGUAGES:
        solo("report", "--from", "f.json", "--lang", language, "-o", f"{language}.html")
    english, russian = ((folder / f"{name}.html").read_text(encoding="utf-8") for name in LANGUAGES)
    assert "soloneuron report --only nesterov_nag,heavy_tails</pre>" in english
    assert "soloneuron report --only nesterov_nag,heavy_tails --lang ru</pre>" in russian
    assert text("ru", "report.title") in russian


def test_an_experiment_keeps_what_it_found_and_a_report_can_be_made_of_it(solo, folder):
    assert solo("experiment", "heavy_tails", "-o", "f.json", "--quiet", "--seed", 3).out == ""
    study = load_study("f.json")
    assert [found.experiment for found in study.findings] == ["heavy_tails"]
    assert study.findings[0].numbers == HeavyTails(seed=3).run().numbers
    assert solo("report", "--from", "f.json").code == 0
    assert "soloneuron report --only heavy_tails --seed 3" in (folder / "report.html").read_text("utf-8")


def test_findings_cut_short_newer_or_of_another_kind_are_one_clear_line(solo, refused, folder):
    solo("experiment", "nesterov_nag", "--quiet", "-o", "f.json")
    solo("train", "--quiet", "--save-run", "run.json")
    whole = (folder / "f.json").read_text(encoding="utf-8")
    (folder / "cut.json").write_text(whole[:300], encoding="utf-8")
    (folder / "new.json").write_text(json.dumps({**json.loads(whole), "version": 99}), encoding="utf-8")
    (folder / "empty.json").write_text("", encoding="utf-8")
    (folder / "rows.json").write_text(solo("data", "iris_pair").out)
    words = {
        "cut": "cut short",
        "new": "install a newer one",
        "run": "must be a soloneuron findings file, got 'soloneuron run'",
        "empty": "is not valid JSON",
        "missing": "cannot read missing.json",
        "rows": "rows.json must be a soloneuron findings file, got text that is not valid JSON; "
        "soloneuron report --save writes one",
    }
    for name, word in words.items():
        assert word in refused("report", "--from", f"{name}.json")


def test_a_findings_file_is_no_run(solo, refused):
    solo("experiment", "nesterov_nag", "--quiet", "-o", "f.json")
    assert "got 'soloneuron findings'" in refused("plot", "f.json")


@pytest.mark.parametrize(
    ("option", "values"),
    [
        ("--only", ["race"]),
        ("--data", ["a.csv"]),
        ("--seed", ["1"]),
        ("--save", ["g.json"]),
        ("--label", ["a"]),
        ("--features", ["a"]),
        ("--drop", ["a"]),
        ("--positive", ["a"]),
        ("--positive", [""]),
    ],
)
def test_what_was_measured_and_what_to_measure_are_not_told_at_once(refused, option, values):
    assert option in refused("report", "--from", "f.json", option, *values)


def test_nothing_is_written_over_what_is_read_or_written_beside(solo, refused, clinic):
    solo("experiment", "nesterov_nag", "--quiet", "-o", "f.json")
    assert "choose another name" in refused("report", "--from", "f.json", "-o", "f.json")
    assert "choose another name" in refused("report", "--data", clinic, "--label", "sick", "-o", clinic)
    assert "choose another name" in refused("report", "--data", clinic, "--label", "sick", "--save", clinic)
    assert "choose another name" in refused("report", "-o", "x", "--save", "x")
    assert "does not exist" in refused("report", "--save", "nowhere/f.json")
    assert "does not exist" in refused("experiment", "nesterov_nag", "-o", "nowhere/f.json")


# The seed


def test_the_seed_reaches_every_experiment_and_the_page(solo, folder):
    solo(*TWO, "--seed", 7, "--save", "f.json")
    study = load_study("f.json")
    assert study.seed == 7
    assert study.findings[1].numbers == HeavyTails(seed=7).run().numbers
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<td>seed</td><td>7</td>" in page
    assert "--only nesterov_nag,heavy_tails --seed 7</pre>" in page


@pytest.mark.parametrize("command", [("report",), ("experiment", "race"), ("data", "xor")])
@pytest.mark.parametrize("seed", ["-1", "0.5", "many"])
def test_a_seed_is_a_whole_number(solo, command, seed):
    answer = solo(*command, "--seed", seed)
    assert answer.code == 2
    assert "must be a whole number >= 0" in answer.err


# Nothing is lost


def test_a_report_whose_place_vanishes_meanwhile_is_kept_elsewhere_with_its_findings(
    solo, folder, monkeypatch, passing
):
    vanishing(folder, monkeypatch, report, "make_page")
    answer = solo(*TWO, "-o", "there/page.html")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    (page,), (findings,) = passing.rglob("report.html"), passing.rglob("findings.json")
    assert f"the folder there does not exist; kept as {findings} and {page}\n" in answer.err
    solo("report", "--from", findings, "-o", "again.html")
    assert page.read_bytes() == (folder / "again.html").read_bytes()


def test_where_a_page_can_be_written_nowhere_both_faults_are_said_and_its_findings_are_kept(
    solo, monkeypatch, passing
):
    def full(path, *_):
        raise InputError(f"cannot write {path}: No space left on device", code="output.failed")

    monkeypatch.setattr(report, "write_bytes", full)
    answer = solo(*TWO)
    assert answer.code == 2
    (findings,) = passing.rglob("findings.json")
    assert f"cannot write report.html: No space left on device; kept as {findings}; nor else" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert not list(passing.rglob("report.html"))
    monkeypatch.setattr("tempfile.tempdir", str(passing / "nowhere"))
    assert "nor elsewhere: no folder for passing files" in solo(*TWO).err


def vanishing(folder, monkeypatch, place, name):
    """A folder that is gone when the work is done."""

    def vanish(*given, **options):
        shutil.rmtree(folder / "there", ignore_errors=True)
        return made(*given, **options)

    made = getattr(place, name)
    monkeypatch.setattr(place, name, vanish)
    (folder / "there").mkdir()


def test_an_experiment_whose_place_vanishes_is_kept_elsewhere(solo, folder, monkeypatch, passing):
    vanishing(folder, monkeypatch, experiment, "study_of")
    answer = solo("experiment", "nesterov_nag", "-o", "there/f.json")
    (kept,) = passing.rglob("findings.json")
    assert answer.code == 2
    assert f"; kept as {kept}\n" in answer.err
    assert load_study(kept).findings[0].experiment == "nesterov_nag"


def test_a_training_whose_place_vanishes_is_kept_elsewhere_with_its_run(solo, folder, monkeypatch, passing):
    vanishing(folder, monkeypatch, train, "make_run")
    answer = solo("train", "--quiet", "-o", "there/m.json")
    (model,), (run,) = passing.rglob("model.json"), passing.rglob("run.json")
    assert answer.code == 2
    assert answer.err.endswith(f"; kept as {model} and {run}\n")
    assert load_model(model).record.epochs_done == len(load_run(run).history.loss) == 100


@pytest.fixture
def interrupted(measured_once, monkeypatch):  # noqa: ARG001
    """Ctrl-C in the middle of the second experiment."""

    def measure(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(HeavyTails, "measure", measure)


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_keeps_what_was_measured_where_it_was_to_be_saved(solo, folder):
    answer = solo("report", "--only", "nesterov_nag,heavy_tails,race", "--save", "f.json")
    assert answer.code == 130
    assert "what 1 experiment found is kept: soloneuron report --from f.json" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert not (folder / "report.html").exists()
    assert [found.experiment for found in load_study("f.json").findings] == ["nesterov_nag"]
    assert solo("report", "--from", "f.json").code == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "soloneuron report --only nesterov_nag</pre>" in page


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_without_a_place_keeps_it_among_passing_files_and_says_where(solo, passing):
    answer = solo(*TWO, "--lang", "ru")
    (kept,) = passing.rglob("findings.json")
    assert answer.code == 130
    assert f"сохранены результаты 1 эксперимента: soloneuron report --from {kept}" in answer.err
    assert load_study(kept).findings[0].experiment == "nesterov_nag"


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_with_json_still_answers_in_json(solo, passing):
    answer = solo("report", "--only", "nesterov_nag,heavy_tails", "--json")
    assert answer.code == 130
    assert (answer.json["stopped"], answer.json["page"]) == (True, None)
    assert Path(answer.json["findings"]) in passing.rglob("findings.json")
    assert [one["experiment"] for one in answer.json["experiments"]] == ["nesterov_nag"]


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_before_anything_was_measured_is_one_line_and_writes_nothing(solo, folder, passing):
    for command in (("report", "--only", "heavy_tails"), ("experiment", "heavy_tails", "-o", "f.json")):
        answer = solo(*command)
        assert (answer.code, answer.err) == (130, "soloneuron: stopped\n")
    assert list(folder.rglob("*")) == [passing]


def test_a_refusal_in_the_middle_keeps_what_was_measured(solo, passing, monkeypatch):
    def measure(_):
        raise InputError("rows must be at least 9, got 4")

    monkeypatch.setattr(HeavyTails, "measure", measure)
    answer = solo(*TWO)
    (kept,) = passing.rglob("findings.json")
    assert answer.code == 2
    assert answer.err == (
        f"soloneuron: rows must be at least 9, got 4; what was measured before is kept as {kept}\n"
    )
    assert len(load_study(kept).findings) == 1


def test_ctrl_c_while_the_page_is_drawn_keeps_everything(solo, passing, monkeypatch):
    def draw(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "make_page", draw)
    assert solo(*TWO).code == 130
    (kept,) = passing.rglob("findings.json")
    assert len(load_study(kept).findings) == 2


def test_a_refusal_while_the_page_is_drawn_keeps_everything_in_its_line(solo, monkeypatch):
    def draw(*_, **__):
        raise InputError("width must be finite, got nan")

    monkeypatch.setattr(report, "make_page", draw)
    answer = solo(*TWO, "--save", "f.json")
    assert answer.code == 2
    assert answer.err == (
        "soloneuron: width must be finite, got nan; what was measured before is kept as f.json\n"
    )
    assert len(load_study("f.json").findings) == 2


@pytest.mark.parametrize(("place", "done"), [("page", 2), ("experiment", 1)])
def test_a_fault_of_ours_keeps_what_was_measured_and_tells_it_before_it_goes_on(
    solo, passing, monkeypatch, capsys, place, done
):
    def fail(*_, **__):
        raise ZeroDivisionError("no such width")

    if place == "page":
        monkeypatch.setattr(report, "make_page", fail)
    else:
        monkeypatch.setattr(HeavyTails, "measure", fail)
    with pytest.raises(ZeroDivisionError, match="no such width"):
        solo(*TWO)
    (kept,) = passing.rglob("findings.json")
    assert f"found is kept: soloneuron report --from {kept} makes" in capsys.readouterr().err
    assert len(load_study(kept).findings) == done


# For machines, and for nobody


def test_json_carries_conclusions_numbers_seconds_and_the_page(solo):
    answer = solo(
        "report", "--only", "nesterov_nag,heavy_tails", "--json", "--save", "f.json", "--lang", "ru"
    )
    record = answer.json
    assert answer.err == ""
    assert (record["page"], record["findings"], record["stopped"]) == ("report.html", "f.json", False)
    study = load_study("f.json")
    assert record["seconds"] == sum(found.seconds for found in study.findings)
    assert record["command"] == "soloneuron report --only nesterov_nag,heavy_tails"
    assert record["data"] is None
    for told, found in zip(record["experiments"], study.findings, strict=True):
        assert told["numbers"] == found.numbers
        assert [one["words"] for one in told["verdicts"]] == [
            verdict.phrase.say("ru") for verdict in found.verdicts
        ]
    assert record == solo("report", "--from", "f.json", "--json", "--lang", "ru").json


def test_json_carries_every_table_whole_in_the_language_asked_for(solo):
    record = solo("experiment", "condition", "--json", "--lang", "ru", "-o", "f.json").json
    (found,) = load_study("f.json").findings
    assert len(record["tables"]) == len(found.sheets) > 0
    for told, sheet in zip(record["tables"], found.sheets, strict=True):
        assert told["title"] == sheet.title.say("ru")
        assert told["columns"] == [said("ru", column) for column in sheet.columns]
        assert told["rows"] == [[said("ru", cell) for cell in row] for row in sheet.rows]
    assert any(isinstance(cell, float) for row in record["tables"][0]["rows"] for cell in row)


def test_an_experiment_answers_in_json_with_its_seconds_and_its_file(solo):
    record = solo("experiment", "nesterov_nag", "--json", "-o", "f.json").json
    assert record["seconds"] == load_study("f.json").findings[0].seconds
    assert (record["findings"], record["seed"]) == ("f.json", 0)


def test_the_list_of_experiments_is_json_if_asked(solo):
    assert solo("experiment", "--list", "--json").json["race"] == text("en", "study.race.question")


def test_where_there_is_no_terminal_goes_plain_text_of_80_columns(solo):
    for command in (("report", "--only", "nesterov_nag,heavy_tails"), ("experiment", "heavy_tails")):
        answer = solo(*command, "--lang", "ru")
        assert answer.code == 0
        assert answer.err == ""
        assert all(letter.isprintable() or letter == "\n" for letter in answer.out)
        assert max(map(len, answer.out.splitlines())) <= 80


def test_at_a_terminal_a_bar_names_the_experiment_that_runs_and_is_gone_at_the_end(terminal):
    code, seen = terminal("report", "--only", "nesterov_nag,heavy_tails")
    assert code == 0
    assert "1/2" in seen
    assert "━" in seen
    last = seen.rpartition("\x1b[2K")[2]
    assert "━" not in last
    assert "report.html" in last


@pytest.mark.slow
def test_at_a_terminal_quiet_is_quiet(terminal):
    assert terminal(*TWO) == (0, "")


def test_ctrl_c_at_a_terminal_keeps_what_was_measured(terminal, folder):
    one_core = {"LOKY_MAX_CPU_COUNT": "1"}
    code, seen = terminal("report", "--save", "f.json", interrupt_at="2/23", **one_core)
    assert code == 130
    assert "soloneuron report --from f.json" in seen
    assert load_study(folder / "f.json").findings[0].experiment == "assignment"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_stops_a_study_on_all_cores_keeps_what_was_measured(folder, number):
    command = [sys.executable, "-m", "soloneuron", "report", "--save", "f.json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    study = subprocess.Popen(
        command, cwd=folder, env={**os.environ, "LOKY_MAX_CPU_COUNT": "2"}, start_new_session=True, **pipes
    )
    assert study.stdout.readline().startswith(" 1/23")
    os.killpg(study.pid, number)
    _, told = study.communicate(timeout=PATIENCE)
    assert study.returncode == 128 + number
    assert told.endswith("is kept: soloneuron report --from f.json makes a page of it\n")
    assert len(told.splitlines()) == 1
    assert [found.experiment for found in load_study(folder / "f.json").findings] == ["assignment"]


# Somebody's own rows


def write(folder, labels, name="mine.csv"):
    rows = [f"{k % 7},{k * k % 11},{labels[k % 7 > 3]}" for k in range(60)]
    (folder / name).write_text("\n".join(["a,b,churn", *rows]) + "\n")
    return ("report", "--data", name, "--label", "churn", "--only", "rate_cliff")


def test_which_value_became_which_class_is_said_in_terminal_page_and_json(solo, folder):
    own = write(folder, ("no", "yes"))
    assert "mine.csv: 60 rows, 2 features churn: no is 0, yes is 1" in solo(*own).words
    sha256 = hashlib.sha256((folder / "mine.csv").read_bytes()).hexdigest()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<td>mine.csv: 60 rows, 2 features</td>" in page
    assert "churn: no is class 0 (36 rows), yes is class 1 (24 rows)" in page
    assert f"<td>{sha256[:12]}</td>" in page
    data = solo(*own, "--json").json["data"]
    assert (data["classes"], data["counts"], data["source"]["sha256"]) == (["no", "yes"], [36, 24], sha256)


def test_in_russian_the_classes_are_said_in_russian_and_come_from_the_file_too(solo, folder):
    own = write(folder, ("no", "yes"))
    assert "churn: no — это 0, yes — это 1" in solo(*own, "--lang", "ru", "--save", "f.json").words
    page = (folder / "report.html").read_bytes()
    assert "churn: no — класс 0 (36 строк), yes — класс 1 (24 строки)" in page.decode()
    solo("report", "--from", "f.json", "--lang", "ru", "-o", "again.html")
    assert (folder / "again.html").read_bytes() == page


def test_numbers_that_look_like_probabilities_are_said_to_be_names(solo, folder):
    answer = solo(*write(folder, ("0.2", "0.8")), "--quiet")
    assert answer.code == 0
    assert "as the names of two classes" in answer.err


def test_a_label_of_0_and_1_needs_no_word(solo, folder):
    assert "is 0" not in solo(*write(folder, ("0", "1"))).words


def test_the_command_that_repeats_it_can_be_typed(solo, folder):
    (folder / "my rows.csv").write_text(
        "a,b,x y\n" + "".join(f"{k % 5},{k % 3},{k // 16}\n" for k in range(32))
    )
    own = ("--data", "my rows.csv", "--label", "x y", "--drop", "b", "--only", "rate_cliff")
    assert solo("report", *own, "--json").json["command"] == (
        "soloneuron report --only rate_cliff --data 'my rows.csv' --label 'x y' --drop b"
    )


def test_columns_and_class_1_are_chosen_as_they_are_for_training(solo, folder):
    own = write(folder, ("no", "yes"))
    chosen = solo(*own, "--features", " b , a", "--positive", "no", "--json").json["data"]
    assert chosen["features"] == ["b", "a"]
    assert (chosen["classes"], chosen["counts"]) == (["yes", "no"], [24, 36])
    assert solo(*own, "--features", "b", "--json").json["data"]["features"] == ["b"]
    assert "churn: yes is 0, no is 1" in solo(*own, "--positive", "no").words


def test_names_with_commas_quotes_and_dashes_are_repeated_so_that_they_can_be_typed(solo, folder):
    rows = "".join(f"{k % 5},{k % 3},{k},{k % 2},{'-b' if k % 2 else 'a c'}\n" for k in range(30))
    (folder / "-mine.csv").write_text(f'"height, cm","5"" pipe",-k,spare,--y\n{rows}')
    columns = ("--features", '"height, cm","5"" pipe",-k', "--drop", '"height, cm"', "--positive=-b")
    own = ("--data=-mine.csv", "--label=--y", *columns, "--only", "rate_cliff", "--json")
    asked = solo("report", *own).json
    assert asked["data"]["features"] == ['5" pipe', "-k"]
    name, *words = shlex.split(asked["command"])
    assert name == "soloneuron"
    again = solo(*words, "--json").json
    assert (again["command"], again["data"]) == (asked["command"], asked["data"])
    assert again["data"]["classes"] == ["a c", "-b"]


def test_a_column_too_large_to_square_is_blamed_by_name_where_it_matters_and_nowhere_else(
    solo, refused, folder
):
    rows = [f"{(k * 7 % 11 - 5) * 1e200!r},{k % 7},{int(k % 7 > 3)}" for k in range(60)]
    (folder / "mine.csv").write_text("\n".join(["mass,b,y", *rows]) + "\n")
    own = ("report", "--data", "mine.csv", "--label", "y", "--only")
    answer = solo(*own, "rate_cliff", "--json")
    assert answer.code == 0
    skipped = answer.json["data"]["skipped"]
    assert all("column mass reaches 5e+200" in skipped[name] for name in ("condition", "features"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert skipped["features"] in page
    assert "condition cannot be asked of these rows: This asks about" in refused(*own, "condition")


def test_rows_that_a_line_parts_are_drawn_also_where_a_rate_overflows(solo, folder):
    (folder / "mine.csv").write_text("a,y\n" + "".join(f"{k % 2},{k % 2}\n" for k in range(60)))
    answer = solo("report", "--data", "mine.csv", "--label", "y", "--only", "rate_cliff", "--save", "f.json")
    assert (answer.code, answer.err) == (0, "")
    page = (folder / "report.html").read_bytes()
    solo("report", "--from", "f.json", "-o", "again.html")
    assert (folder / "again.html").read_bytes() == page


def test_a_question_that_was_left_out_is_not_called_one_that_cannot_be_asked(solo, folder):
    solo(*write(folder, ("0", "1")))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert text("en", "study.saddle.question") in page
    assert text("en", "study.race.question") not in page
