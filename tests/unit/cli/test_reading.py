"""The command that would go on with a file: pasted as it is, it does."""

import pytest

from soloneuron.cli import main
from soloneuron.cli.language import speaking
from soloneuron.cli.parser import make_parser
from soloneuron.cli.reading import way_on


def way(*words, **settings):
    return way_on(words, make_parser().parse_args(words), settings)


def test_options_stand_before_what_is_files_only():
    assert way("train", "--label", "y", "--", "-a.csv", encode=True) == (
        "soloneuron train --label y --encode -- -a.csv"
    )


def test_a_name_that_cannot_be_printed_is_spelled_by_its_bytes():
    assert way("train", "a\nb.csv", "--label", "y", missing="drop") == (
        "soloneuron train $'a\\012b.csv' --label y --missing drop"
    )


@pytest.mark.parametrize("command", make_parser().commands)
def test_every_command_takes_a_language_before_it_and_after_it(command):
    parser = make_parser()
    assert "--lang" in parser._subparsers._group_actions[0].choices[command].format_help()


def test_all_columns_that_a_model_misses_are_told_at_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text("a,b,y\n1,2,no\n3,1,yes\n")
    (tmp_path / "new.csv").write_text("c\n1\n")
    assert main(["train", "rows.csv", "--label", "y", "--epochs", "1", "-o", "m.json", "--quiet"]) == 0
    assert main(["predict", "m.json", "new.csv"]) == 2
    assert main(["predict", "m.json", "new.csv", "--lang", "ru"]) == 2
    english, russian = capsys.readouterr().err.splitlines()[-2:]
    assert english == "soloneuron: unknown columns 'a', 'b': choose from c"
    assert russian == "soloneuron: нет таких столбцов: 'a', 'b'. Есть: c"


def test_a_note_is_russian_from_its_first_word(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_bytes("Город;y\nМосква;да\nКазань;нет\n".encode("cp1251"))
    words = ["train", "rows.csv", "--label", "y", "--encode", "--epochs", "1", "--quiet", "--lang", "ru"]
    with speaking(words):
        assert main(words) == 0
    notes = capsys.readouterr().err.splitlines()
    assert notes
    assert all(note.startswith("soloneuron: замечание: ") for note in notes)
