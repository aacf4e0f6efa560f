"""What the page keeps of a race is what Python keeps: run files to read, and the replay to play."""

import base64
import gzip
import html
import json
import re
from hashlib import sha256

import pytest
import torch

from race_runs import runs_of
from soloneuron import load_run
from soloneuron.cli import main
from soloneuron.errors import RecordError
from soloneuron.playing.judgement import judged
from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session
from soloneuron.storage.runs import read_runs_of
from soloneuron.view import replay

RACES = {
    "one": ("loss=nll&optimizers=adam:0.2", 40),
    "other numbers": ("loss=nll&optimizers=adam:0.2:beta1=0.5:weight_decay=0.1,nag:0.1:momentum=0.5", 10),
    "two losses": ("data=xor&loss=nll,mse&bias=1&l2=0.1&optimizers=momentum:0.1,adam:0.2&batch=8&seed=3", 30),
    "a search among others": ("data=assignment&loss=focal&batch=1&optimizers=lbfgs,nag:0.1", 12),
    "further terms": ("data=circles&loss=nll&terms=x1x1,x2x2,sinx1&bias=1&optimizers=adam:0.2,nag:0.1", 20),
    "rows held back": ("data=iris&loss=nll&test=0.3&seed=2&batch=8&optimizers=adam:0.2", 9),
    "a lost runner": ("data=outliers&loss=exponential&start=1,1&optimizers=gradient_descent:1,adam:0.1", 25),
    "a diverging one": ("data=stretched&loss=nll&start=-1,1&optimizers=gradient_descent:3,adam:0.1", 60),
}


def told(session, language):
    """A session as the page's own would tell of it."""
    config, rows, runs = session.config, session.race.data, []
    for i, runner in enumerate(session.race.runners):
        table = torch.stack([moment[i] for moment in session.tables[: session.position + 1]])
        table = table[: int((table[:, -1] == 0).sum())]
        outcome = judged(session, i)
        outcome["fields"]["full_batch"] = runner.plan.full_batch
        runs.append(
            {
                "loss": runner.loss,
                "optimizer": runner.entry.name,
                "rate": runner.entry.rate,
                "settings": dict(runner.entry.settings),
                "steps": len(table),
                "width": len(session.race.start),
                "theta": table[:, :-6].flatten(),
                "value": table[:, -6].clone(),
                "gradientNorm": table[:, -5].clone(),
                "accuracy": table[:, -4].clone(),
                "lost": len(table) <= session.position,
                "outcome": outcome,
                "fullBatch": runner.plan.full_batch,
            }
        )
    x, y = rows.features.flatten(), rows.labels
    held = {} if session.race.test is None else {"test": {"count": len(session.race.test.labels)}}
    return {
        "link": LINK[config],
        "runs": runs,
        "language": language,
        "dataName": rows.name,
        "featureNames": list(rows.feature_names),
        "rows": {"count": len(y), "width": rows.features.shape[1], "x": x, "y": y, **held},
    }


LINK = {}


LONG = "a diverging one"


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow if name == LONG else ()) for name in RACES],
)
def session(request):
    link, step = RACES[request.param]
    made = Session(read_link(link))
    LINK[made.config] = link
    made.go(step)
    return made


@pytest.fixture
def saved(page, session, tmp_path):
    path = tmp_path / "race.json"
    path.write_text(page.ask("file", told(session, "en")), encoding="utf-8")
    return path


def test_the_digest_is_that_of_the_standard_library(page):
    for text in ("", "abc", "ё" * 60, "x" * 1000, *("y" * length for length in range(54, 66))):
        assert page.ask("digest", text) == sha256(text.encode()).hexdigest()


def test_python_reads_the_runs_that_it_would_have_kept_itself(session, saved):
    found, wanted = read_runs_of(saved, "alone"), runs_of(session, "en")
    assert list(found) == (list(wanted) if len(wanted) > 1 else ["alone"])
    for mine, own in zip(found.values(), wanted.values(), strict=True):
        assert mine.recipe == own.recipe
        assert mine.link == own.link
        assert mine.source == own.source
        for name in ("theta", "loss", "value", "gradient_norm", "accuracy"):
            assert torch.equal(getattr(mine.history, name), getattr(own.history, name)), name
        for name in ("epochs", "seeds", "unit"):
            assert getattr(mine.history, name) == getattr(own.history, name)
        assert mine.history.outcome.kind == own.history.outcome.kind
        assert mine.history.outcome.epoch == own.history.outcome.epoch
        assert torch.equal(mine.data.features, own.data.features)
        assert torch.equal(mine.data.labels, own.data.labels)


def test_a_byte_that_was_changed_is_noticed(saved):
    text = saved.read_text(encoding="utf-8")
    saved.write_text(text.replace('"dtype": "float64"', '"dtype": "float32"', 1), encoding="utf-8")
    with pytest.raises(RecordError, match="changed or damaged"):
        read_runs_of(saved, "alone")


def test_a_long_run_is_thinned_and_read(page, tmp_path):
    count = 5001
    line = torch.linspace(1, 0, count, dtype=torch.float64)
    run = {
        "loss": "nll",
        "optimizer": "adam",
        "rate": 0.2,
        "steps": count,
        "width": 2,
        "theta": line.repeat_interleave(2),
        "value": line,
        "gradientNorm": line,
        "accuracy": line,
        "lost": False,
        "fullBatch": True,
        "outcome": {
            "code": "running",
            "fields": {},
            "beside": [],
            "limits": None,
            "learned": None,
            "reached": None,
        },
    }
    one = torch.ones(2, dtype=torch.float64)
    race = {
        "link": "loss=nll",
        "runs": [run],
        "language": "ru",
        "dataName": "clouds",
        "featureNames": ["x1", "x2"],
        "rows": {"count": 1, "width": 2, "x": one, "y": one[:1]},
        "first": 7,
    }
    path = tmp_path / "run.json"
    path.write_text(page.ask("file", race), encoding="utf-8")
    history = load_run(path).history
    assert (len(history.epochs), history.epochs[0], history.epochs[-1]) == (2000, 7, 5007)
    assert len(history.loss) == 5000


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_replay_says_and_holds_what_pythons_does(page, session, language):
    mine = page.ask("page", told(session, language))
    own = replay(runs_of(session, language), language)
    assert header(mine) == header(own)
    assert numbers(mine) == pytest.approx(numbers(own), rel=1e-5, abs=1e-12)
    found, wanted = recording(mine), recording(own)
    assert found["size"] == wanted["size"]
    assert found["tracks"] == [track | {"sentence": short(track["sentence"])} for track in wanted["tracks"]]
    assert found["setup"]["window"] == pytest.approx(wanted["setup"]["window"])
    assert found["setup"]["columns"] == wanted["setup"]["columns"]
    for key in ("loss", "start", "bias", "l2", "terms"):
        assert found["setup"]["config"][key] == wanted["setup"]["config"][key]
    for room, words in wanted["words"]["playground"].items():
        assert found["words"]["playground"][room] == words
    assert "1 < 2;" in mine


def header(text):
    """Title, result and notes."""
    head = re.search(r"<header>.*</header>", text)[0]
    notes = re.search(r"<footer.*</footer>", text)[0]
    return short(html.unescape(head + notes))


def short(text):
    """A text with every exponent in the fewest signs, as the page writes it."""
    return re.sub(r"e([-+])0*(\d)", lambda sign: f"e{sign[1].strip('+')}{sign[2]}", text)


def content(text, name):
    return re.search(rf'id="{name}">(.*?)</script>', text, re.S)[1]


def recording(text):
    return json.loads(content(text, "recording"))


def numbers(text):
    raw = gzip.decompress(base64.b64decode(content(text, "numbers")))
    steps = recording(text)["size"]["steps"]
    whole = torch.frombuffer(bytearray(raw[: 4 * steps]), dtype=torch.int32).tolist()
    return whole + torch.frombuffer(bytearray(raw[4 * steps :]), dtype=torch.float32).tolist()


@pytest.mark.slow
@pytest.mark.usefixtures("saved")
def test_the_command_that_the_page_names_makes_the_report(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _, *words = page.ask("command", "ru").split()
    assert words == ["report", "race.json", "--lang", "ru"]
    assert main(words) == 0
    assert "report.html" in capsys.readouterr().out
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_report_of_runs_measures_nothing_else(saved, tmp_path, capsys):
    assert main(["report", str(saved), "--quick", "-o", str(tmp_path / "page.html")]) == 2
    assert "leave --quick out" in capsys.readouterr().err
