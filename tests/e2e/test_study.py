"""The study's commands, as a person would type them."""

import json

import pytest

from soloneuron import read_dataset
from soloneuron.cli.study import quick_names
from soloneuron.data.catalogue import DATASETS
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.figures.runs import run_charts
from soloneuron.report.takeaways import TAKEAWAY_PLACES
from soloneuron.storage.runs import read_run
from soloneuron.texts import LANGUAGES, text

pytestmark = pytest.mark.usefixtures("measured_once")


def test_an_experiment_tells_its_conclusions_and_its_time(solo):
    answer = solo("experiment", "nesterov_nag")
    assert answer.code == 0
    assert "+ At a constant rate" in answer.out
    assert "measured in" in answer.out
    assert "измерено за" in solo("experiment", "nesterov_nag", "--lang", "ru").out


@pytest.mark.parametrize(("language", "key"), [("en", "(+ supports what"), ("ru", "(+ подтверждает то, что")])
def test_under_the_conclusions_stands_what_their_marks_mean(solo, language, key):
    lines = solo("experiment", "nesterov_nag", "--lang", language).out.splitlines()
    (place,) = [k for k, line in enumerate(lines) if line.startswith(key)]
    assert any(line[:2] in ("+ ", "- ") for line in lines[:place])
    assert not any(line[:2] in ("+ ", "- ") for line in lines[place:])


def test_the_list_has_every_experiment(solo):
    lines = solo("experiment", "--list").out.splitlines()
    assert [line.split()[0] for line in lines] == list(EXPERIMENTS)


def test_json_carries_numbers_and_conclusions(solo):
    record = solo("experiment", "rate_cliff", "--json").json
    assert record["verdicts"][0]["holds"] is True
    assert record["numbers"]["limit"] > 0


@pytest.mark.parametrize(
    "arguments",
    [("experiment",), ("experiment", "rat_cliff"), ("data", "xorr"), ("report", "--only", "nothing")],
)
def test_a_wrong_name_is_one_line_and_exit_code_2(solo, arguments):
    answer = solo(*arguments)
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.parametrize("name", DATASETS)
def test_data_that_are_written_can_be_read_again(solo, name):
    assert solo("data", name, "-o", "rows.csv").code == 0
    made = DATASETS.load(name)()
    read = read_dataset("rows.csv", label=made.label_name, positive=made.classes[1])
    assert read.features.equal(made.features)
    assert read.labels.equal(made.labels)


def test_another_seed_gives_other_data_and_the_same_seed_the_same(solo):
    one, other, again = (solo("data", "xor", "--seed", seed).out for seed in (1, 2, 1))
    assert one == again != other


def test_the_list_of_data_is_the_catalogue(solo):
    assert [line.split()[0] for line in solo("data").out.splitlines()] == list(DATASETS)


def test_a_quiet_report_prints_nothing_and_is_written_whole(solo, folder):
    answer = solo("report", "--only", "nesterov_nag,condition", "--quiet", "-o", "page.html")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert "soloneuron report --only nesterov_nag,condition" in page


def test_a_report_that_cannot_be_written_is_refused_before_the_work(solo):
    answer = solo("report", "-o", "nowhere/page.html")
    assert answer.code == 2
    assert "does not exist" in answer.err


@pytest.mark.parametrize("name", ["r.png", "report", "r.html.gz"])
def test_a_report_under_the_name_of_another_form_is_refused_before_the_work(refused, name):
    assert f"-o must end in .html or .pdf: the report is a page or PDF, got {name}" in refused(
        "report", "-o", name
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quick_report_says_what_it_left_out_and_how_to_ask_all(solo, folder, language):
    quick = ("report", "--quick", "--only", "rate_cliff,nesterov_nag", "--quiet", "--lang", language)
    assert solo(*quick, "--save", "f.json", "-o", "page.html").code == 0
    page = (folder / "page.html").read_text(encoding="utf-8")
    left_out = page[page.index('<div class="quick">') : page.index("<nav")]
    titles = {name: text(language, f"study.{name}.title") for name in EXPERIMENTS}
    assert [name for name in titles if f"<li>{titles[name]}</li>" in left_out] == [
        name for name in EXPERIMENTS if name not in ("rate_cliff", "nesterov_nag")
    ]
    assert "<pre>soloneuron report --only rate_cliff,nesterov_nag" in left_out
    assert "--quick" not in left_out
    assert "soloneuron report --only rate_cliff,nesterov_nag --quick" in page
    solo("report", "--from", "f.json", "--lang", language, "-o", "again.html")
    assert (folder / "again.html").read_text(encoding="utf-8") == page
    assert solo("report", "--from", "f.json", "--json").json["quick"] is True


def test_a_quick_report_has_the_main_questions_in_few_rows_and_refuses_the_others(refused):
    sizes = {name: EXPERIMENTS.load(name)().quick() for name in quick_names()}
    assert len(sizes) == 7
    assert sizes["batch_sizes"].rows < EXPERIMENTS.load("batch_sizes").rows
    places = [any(name in sizes for name in place) for place in TAKEAWAY_PLACES]
    assert all(places)
    assert "--quick leaves saddle out: leave --quick out" in refused("report", "--quick", "--only", "saddle")
    assert "--from tells what was measured, --quick what" in refused("report", "--from", "f.json", "--quick")


@pytest.mark.parametrize("only", ["", " ", ",", "race,,saddle"])
def test_only_nothing_is_refused(refused, only):
    line = refused("report", "--only", only)
    assert f"--only: must be experiment names with commas between them, got {only!r}" in line


def test_own_data_are_asked_what_can_be_asked_of_any_data(solo, folder):
    rows = [
        f"{k % 7},{k * k % 11},{'city' if k % 2 else 'town'},{'yes' if k % 7 > 3 else 'no'}"
        for k in range(60)
    ]
    (folder / "mine.csv").write_text("\n".join(["a,b,place,churn", *rows]) + "\n")
    own = ("report", "--data", "mine.csv", "--label", "churn", "--drop", "place", "-o", "mine.html")
    assert solo(*own, "--quiet", "--only", "rate_cliff").code == 0
    page = (folder / "mine.html").read_text(encoding="utf-8")
    assert "Can the numbers that the assignment prints be obtained?" in page
    assert "--data mine.csv --label churn --drop place" in page
    assert "on your data" not in page


@pytest.mark.parametrize(
    ("content", "label", "word"),
    [
        ("a,y\n1,0\n,1\n", "y", "missing cell"),
        ("a,y\nred,0\nblue,1\n", "y", "numbers"),
        ("a,y\n1,0\n2,1\n3,2\n", "y", "two"),
        ("a,y\n1,1\n2,1\n", "y", "must hold both classes, got '1' in every row: add rows of the other"),
        ("a,y\n1,no\n2,no\n", "y", "must hold both classes, got 'no' in every row: add rows of the other"),
        ("a,y\n", "y", "row"),
        ("a,y\n1,0\n2,1\n", "churn", "churn"),
        ("y\n0\n1\n", "y", "a column to learn from"),
        ("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", "y", "differ in the mean of a column, got the same in a, b"),
    ],
    ids=[
        *("a missing value", "a text column", "three classes", "one class", "one word", "no rows"),
        *("no label column", "no other column", "xor"),
    ],
)
def test_bad_rows_are_one_clear_line(solo, folder, content, label, word):
    (folder / "bad.csv").write_text(content)
    answer = solo("report", "--data", "bad.csv", "--label", label)
    assert answer.code == 2
    assert word in answer.err
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize(
    "arguments",
    [("--label", "y"), ("--data", "x.csv"), ("--data", "x.csv", "--label", "y", "--only", "assignment")],
)
def test_options_of_own_data_go_together(solo, arguments):
    assert solo("report", *arguments).code == 2


@pytest.fixture
def runs(solo, folder):
    solo("train", "--quiet", "--save-run", "a.json")
    solo("train", "--quiet", "--loss", "mse", "--save-run", "b.json")
    return folder


def test_saved_runs_are_drawn_alone_and_together(solo, runs):
    assert solo("plot", "a.json", "-o", "a.html").code == 0
    assert solo("compare", "a.json", "b.json", "-o", "ab.html", "--lang", "ru").code == 0
    page = (runs / "ab.html").read_text(encoding="utf-8")
    assert "Сохранённые запуски" in page


def test_a_run_cut_short_or_newer_is_one_clear_line(solo, runs):
    whole = (runs / "a.json").read_text(encoding="utf-8")
    (runs / "cut.json").write_text(whole[:300], encoding="utf-8")
    (runs / "new.json").write_text(json.dumps({**json.loads(whole), "version": 99}), encoding="utf-8")
    for name, word in (("cut", "cut short"), ("new", "install a newer one")):
        answer = solo("plot", f"{name}.json", "-o", "x.html")
        assert answer.code == 2
        assert word in answer.err
        assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.usefixtures("runs")
def test_a_figure_is_not_written_over_its_run_nor_in_an_unknown_form(solo):
    assert solo("plot", "a.json", "-o", "a.json").code == 2
    assert solo("plot", "a.json", "-o", "a.gif").code == 2


def test_a_standardized_run_is_drawn_on_the_loss_it_went_down_on(solo, clinic):
    how = ("--label", "sick", "--standardize", "--batch-size", "all", "--epochs", 20)
    assert solo("train", clinic, *how, "--quiet", "--save-run", "run.json").code == 0
    run = read_run("run.json")
    (path,) = run_charts({"run": run})["landscape"].series
    assert path.z[:-1] == pytest.approx(run.history.loss.tolist(), rel=1e-7)
