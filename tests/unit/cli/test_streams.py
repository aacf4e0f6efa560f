"""Streams that are missing, and signals: what was asked for is done, and the process is left as it was."""

import os
import signal
import sys
from contextlib import suppress

import pytest

from soloneuron.cli import main
from soloneuron.cli.language import speaking, spoken, spoken_language
from soloneuron.cli.signals import stopped_by_signals
from soloneuron.cli.train import Training
from soloneuron.terminal import Terminal


@pytest.mark.parametrize("missing", ["stdout", "stderr", "both"])
def test_without_streams_as_of_pythonw_a_command_does_its_work(missing, tmp_path, monkeypatch):
    model = tmp_path / "m.json"
    names = ["stdout", "stderr"] if missing == "both" else [missing]
    with monkeypatch.context() as patch:
        for name in names:
            patch.setattr(sys, name, None)
        codes = [
            main(["train", "--epochs", "1", "-o", str(model)]),
            main(["train", "--epochs", "1", "--json"]),
            main(["train", "nothing.csv", "--label", "y"]),
        ]
        assert [getattr(sys, name) for name in names] == [None] * len(names)
    assert codes == [0, 0, 2]
    assert model.exists()


@pytest.mark.parametrize("said", ["0", "-1", "", "x", "²", "1", "9" * 30, "1e3"])
def test_columns_and_lines_may_say_anything(said, monkeypatch):
    monkeypatch.setenv("COLUMNS", said)
    monkeypatch.setenv("LINES", said)
    assert 20 <= Terminal().width <= 1000
    assert main(["losses", "nll"]) == 0
    with pytest.raises(SystemExit):
        main(["train", "--help"])


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_keeps_what_ctrl_c_keeps_and_tells_itself_by_the_exit_code(
    name, code, tmp_path, monkeypatch, capsys
):
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)
    stretches = Training.stretches

    def interrupted(training):
        for at, step in enumerate(stretches(training)):
            if at == 2:
                os.kill(os.getpid(), number)
                os.kill(os.getpid(), number)  # the second does not disturb the saving
            yield step

    monkeypatch.setattr(Training, "stretches", interrupted)
    model = tmp_path / "m.json"
    try:
        assert main(["train", "--epochs", "1000000", "-o", str(model)]) == code
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert '"outcome": "stopped"' in model.read_text()
    assert "a signal asked the process to end" in " ".join(capsys.readouterr().out.split())


def test_a_signal_that_somebody_has_taken_care_of_stays_with_them():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopped_by_signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


# Languages

LOCALES = {
    "LC_ALL": ({"LC_ALL": "ru_RU.UTF-8", "LANG": "en_US.UTF-8"}, [], "ru"),
    "LC_MESSAGES": ({"LC_MESSAGES": "ru_RU.UTF-8", "LANG": "en_US.UTF-8"}, [], "ru"),
    "LANGUAGE goes first": ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:ru:en"}, [], "ru"),
    "no LANGUAGE without a locale": ({"LC_ALL": "C", "LANGUAGE": "ru"}, [], "en"),
    "another language": ({"LANG": "de_DE.UTF-8"}, [], "en"),
    "--lang over all": ({"LANG": "ru_RU.UTF-8"}, ["train", "--lang", "en"], "en"),
    "the last --lang": ({"LANG": "C"}, ["train", "--lang=en", "--lang", "ru"], "ru"),
    "a --lang that is none": ({"LANG": "ru_RU.UTF-8"}, ["train", "--lang", "de"], "ru"),
}


@pytest.mark.parametrize("case", LOCALES)
def test_the_option_and_the_locale_decide_for_the_language(case, monkeypatch):
    environment, words, wanted = LOCALES[case]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with speaking(words):
        assert spoken_language() == wanted
    assert spoken("options") == "options"


RUSSIAN = {
    "--help": "использование: soloneuron",
    "train --help": "обучить|Обучить один сигмоидный нейрон",
    "train --lr 1": "возможно, '--learning-rate'?",
    "train --epochs x": "аргумент --epochs: это целое число не меньше 0, получено 'x'",
    "train nothing.csv --label y": "nothing.csv: файл не читается: нет такого файла или папки",
    "--lang ru train nothing.csv --label y": "nothing.csv: файл не читается",
    "train nothing.csv nothing.csv --label y": "nothing.csv назван больше одного раза",
    "train --positive 1 --label q --drop a,b rows.csv": "rows.csv: файл не читается",
    "train -o no/m.json": "нельзя записать no/m.json: папки no нет",
    "trian": "нет такого: 'trian'",
    "": "не хватает аргументов: COMMAND",
    "predict no.json x.csv": "нельзя прочитать no.json: нет такого файла или папки",
    "optimizers zzz": "нет такого: 'zzz'",
    "train --learning-rate 0": "скорость обучения — конечное число больше 0, получено 0",
    "data moons -o x.png": "-o должен оканчиваться на .csv или .txt",
}


@pytest.mark.parametrize("line", RUSSIAN)
def test_help_and_errors_are_russian_where_the_locale_is(line, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    with suppress(SystemExit):
        main(line.split())
    out, err = capsys.readouterr()
    assert any(part in out + err for part in RUSSIAN[line].split("|"))
