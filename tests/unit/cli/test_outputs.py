"""What a command writes: asked before the work, never over somebody's file, and never lost after it."""

import os
import re

import pytest

from soloneuron.cli.kinds import FIGURE_KIND, GRAPH_KIND, MODEL_KIND, PAGE_KIND, RUN_KIND, signed, table_file
from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
from soloneuron.errors import InputError
from soloneuron.storage.files import write_text
from soloneuron.storage.paths import identity

OURS = {
    MODEL_KIND: b'{\n  "format": "soloneuron model",\n',
    RUN_KIND: b'{"format":"soloneuron run"',
    PAGE_KIND: b'<!doctype html>\n<html lang="ru">\n<meta name="generator" content="soloneuron">\n',
    GRAPH_KIND: b'<svg xmlns="x" role="img" font-size="12"><title>Element(data=3, grad=1)</title>',
    table_file(["a", "=b"]): b"a,'=b\n1,2\n",
    FIGURE_KIND: signed(b'<svg class="main-svg"><g/></svg>'),
}
NAMES = {
    MODEL_KIND: "m.json",
    RUN_KIND: "r.json",
    PAGE_KIND: "p.html",
    GRAPH_KIND: "g.svg",
    FIGURE_KIND: "f.svg",
}


def refused(path, kind, **settings):
    with pytest.raises(InputError) as caught:
        check_outputs(written=[Written("the thing", str(path), kind)], **settings)
    return caught.value.code


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_a_file_of_ours_is_replaced_and_anybody_elses_only_by_force(kind, tmp_path):
    path = tmp_path / NAMES.get(kind, "t.csv")
    asked = [Written("the thing", str(path), kind)]
    check_outputs(written=asked)
    for content in (OURS[kind], b""):
        path.write_bytes(content)
        check_outputs(written=asked)
    for other in [*(OURS[one] for one in OURS if one is not kind), b"notes of mine\n", b"\0\xff"]:
        path.write_bytes(other)
        if re.match(kind.head, other):
            assert {kind, PAGE_KIND} == {FIGURE_KIND, PAGE_KIND}  # a figure may be a page
            continue
        assert refused(path, kind) == "output.foreign"
        check_outputs(written=asked, force=True)
        assert path.read_bytes() == other


def test_a_png_says_who_wrote_it_and_stays_a_png():
    bare = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 17 + b"\0\0\0\0IEND\xaeB`\x82"
    made = signed(bare)
    assert made.startswith(bare[:33])
    assert made.endswith(bare[33:])
    assert re.match(FIGURE_KIND.head, made)
    assert not re.match(FIGURE_KIND.head, bare)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            MODEL_KIND,
            ["a.json", "a", "a.JSON", "model.v2"],
            ["a.html", "a.PNG", "a.csv", "a.json.gz", "a.pt"],
        ),
        (PAGE_KIND, ["a.html", "a.HTM"], ["a", "a.json", "a.html.gz", "a.pdf"]),
        (FIGURE_KIND, ["a.html", "a.svg", "a.png"], ["a", "a.jpg", "a.pdf"]),
        (GRAPH_KIND, ["a.svg", "a"], ["a.png", "a.pdf", "a.dot"]),
        (table_file(["x"]), ["a.csv", "a.txt", "a"], ["a.parquet", "a.xlsx", "a.npy", "a.json", "a.tsv"]),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_an_ending_that_promises_another_format_is_refused(kind, good, bad, tmp_path):
    for name in good:
        check_outputs(written=[Written("the thing", str(tmp_path / name), kind)])
    for name in bad:
        assert refused(tmp_path / name, kind) == "output.ending"


@pytest.fixture
def odd(tmp_path):
    """Paths that cannot be written, and the codes that say why."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "broken").symlink_to("nowhere/x.json")
    os.mkfifo(tmp_path / "pipe")
    return {
        tmp_path / "folder": "output.folder",
        tmp_path / "loop": "output.failed",
        tmp_path / "broken": "output.missing",
        tmp_path / "pipe": "output.special",
        "/dev/null": "output.special",
        tmp_path / "nul\0.json": "output.failed",
        tmp_path / ("n" * 300 + ".json"): "output.failed",
        tmp_path / "no" / "m.json": "output.missing",
        tmp_path / "folder" / "x" / ".." / "m.json": "output.missing",
        "": "output.unnamed",
        "-": "output.unnamed",
    }


def test_a_path_that_cannot_be_written_is_refused_with_its_reason(odd):
    assert {path: refused(path, MODEL_KIND) for path in odd} == odd


def test_nothing_is_written_over_what_is_read_whatever_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.json").write_bytes(OURS[MODEL_KIND])
    (tmp_path / "soft").symlink_to("in.json")
    os.link("in.json", "hard")
    (tmp_path / "sub").mkdir()
    for name in ("in.json", "./in.json", "sub/../in.json", str(tmp_path / "in.json"), "soft", "hard"):
        assert refused(name, MODEL_KIND, read=[("the model", "in.json")]) == "output.same"
        with pytest.raises(InputError, match="written over the one"):
            check_outputs(
                written=[Written("the one", "in.json", MODEL_KIND), Written("the other", name, MODEL_KIND)]
            )


def test_a_name_that_is_no_utf_8_is_a_name_like_any_other(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff.json")
    check_outputs(written=[Written("the model", str(path), MODEL_KIND)])
    write_text(path, "text")
    assert path.read_text() == "text"
    assert identity(path) == identity(f"{tmp_path}/./{path.name}")


# Finished work


@pytest.mark.parametrize(
    "fault",
    [
        InputError("cannot write a: No space left on device", code="output.failed"),
        UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
        OSError(5, "Input/output error"),
        RuntimeError("a fault of ours"),
        MemoryError(),
        RecursionError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_finished_work_is_kept_whatever_goes_wrong_while_it_is_written(fault, tmp_path, monkeypatch):
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(passing))

    def write(place):
        if place.parent == tmp_path:
            raise fault
        write_text(place, "work")

    with pytest.raises(InputError, match=r"cannot write .*; kept as ") as caught:
        write_all(
            Output(str(tmp_path / "a"), "a.txt", write),
            Output(None, "b.txt", lambda place: write_text(place, "more")),
        )
    (a,), (b,) = passing.rglob("a.txt"), passing.rglob("b.txt")
    assert (a.read_text(), b.read_text()) == ("work", "more")
    assert f"kept as {a} and {b}" in str(caught.value)


def test_what_can_be_kept_is_kept_where_another_file_cannot(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def never(_):
        raise RuntimeError("never")

    with pytest.raises(InputError, match=r"kept as \S*b.txt; nor elsewhere: RuntimeError: never"):
        write_all(Output("x", "a.txt", never), Output(None, "b.txt", lambda place: write_text(place, "b")))


def test_ctrl_c_while_files_are_written_keeps_them_too(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    times = []

    def write(place):
        times.append(place)
        if len(times) == 1:
            raise KeyboardInterrupt
        write_text(place, "work")

    with pytest.raises(KeyboardInterrupt):
        write_all(Output("x", "a.txt", write))
    (kept,) = tmp_path.rglob("a.txt")
    assert f"kept as {kept}" in capsys.readouterr().err


def test_in_a_folder_a_file_that_is_not_ours_stays_and_the_work_is_kept_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "r.json").write_text("mine")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(InputError, match=r"--force; kept as "):
        write_all(Output(str(tmp_path / "r.json"), "r.json", lambda p: write_text(p, "run"), RUN_KIND))
    assert (tmp_path / "r.json").read_text() == "mine"
