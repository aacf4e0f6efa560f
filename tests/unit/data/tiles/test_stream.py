"""Files become tiles once: the same numbers from every format, and one sentence for what cannot be one."""

import errno
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import csv, feather, parquet

from soloneuron.data.tiles import arrow_files, conversion, entry, staging
from soloneuron.data.tiles import stream as stream_module
from soloneuron.data.tiles.arrow_files import open_file
from soloneuron.data.tiles.cache import cache_folder, clear, kept_rows, largest_cache
from soloneuron.data.tiles.sizes import as_bytes, in_words
from soloneuron.data.tiles.stream import rows_of_files, stream
from soloneuron.errors import InputError, InputWarning, SoloneuronError, UnknownNameError
from soloneuron.result.fitting import fit
from soloneuron.result.run import load_run

ROWS = 150


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch, tmp_path):
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 1)
    monkeypatch.setenv("SOLONEURON_CACHE", str(tmp_path / "cache"))


def table(rows=ROWS, seed=0):
    dice = np.random.default_rng(seed)
    a, b = dice.standard_normal((2, rows))
    return pa.table({"a": a, "b": b, "n": dice.integers(-9, 9, rows), "y": np.where(a > b, "yes", "no")})


def numbers(data):
    return torch.cat([tile[:-1].T for tile in data.features.tiles])


def left(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("rows-"))


def written(folder, made, kind="parquet", name="rows"):
    path = folder / f"{name}.{kind}"
    {"parquet": parquet.write_table, "csv": csv.write_csv, "feather": feather.write_feather}[kind](made, path)
    return path


def test_row_groups_of_many_rows_are_read_column_by_column(tmp_path, monkeypatch):
    made = table()
    path = tmp_path / "rows.parquet"
    parquet.write_table(made, path, row_group_size=60)
    whole = stream(path, label="y", cache=tmp_path / "whole")
    monkeypatch.setattr(arrow_files, "COLUMN_ROWS", 40)
    assert [piece.together for piece in open_file(path).pieces(["a"], apart=True)] == [False, False, True]
    for dtype in (torch.float64, torch.float32):
        apart = stream(path, label="y", dtype=dtype)
        assert torch.equal(numbers(apart), numbers(whole).to(dtype))
        assert torch.equal(apart.labels, whole.labels.to(dtype))
    faulty = made.set_column(1, "b", pa.array([None if k == 70 else 1.0 for k in range(ROWS)]))
    with pytest.raises(InputError, match="has a missing cell in row 70, column 'b'"):
        stream(written(tmp_path, faulty, name="faulty"), label="y")
    assert not list(cache_folder().glob("*.part"))


@pytest.mark.parametrize("kind", ["parquet", "csv", "feather"])
def test_every_format_gives_the_same_rows(kind, tmp_path):
    made = table()
    data = stream(written(tmp_path, made, kind), label="y")
    wanted = np.column_stack([made[name].to_numpy() for name in ("a", "b", "n")])
    assert np.array_equal(numbers(data).numpy(), wanted)
    assert data.labels.tolist() == [float(word == "yes") for word in made["y"].to_pylist()]
    assert (data.feature_names, data.label_name, data.classes) == (("a", "b", "n"), "y", ("no", "yes"))
    assert len(data.features.tiles) == 5
    assert all(bool((tile[-1] == 1).all()) for tile in data.features.tiles)


def test_columns_that_do_not_fit_into_memory_together_come_one_after_another(tmp_path, monkeypatch):
    path = tmp_path / "rows.parquet"
    parquet.write_table(table(), path, row_group_size=64)
    together = stream(path, label="y")
    clear(cache_folder())
    monkeypatch.setattr("soloneuron.data.tiles.arrow_files.COLUMN_BYTES", 2**30)
    assert not next(iter(open_file(path).pieces(["a", "b"], memory=2**26))).together
    apart = stream(path, label="y")
    assert torch.equal(numbers(apart), numbers(together))
    assert torch.equal(apart.labels, together.labels)


@pytest.mark.parametrize(
    "source", [lambda f: f / "*.parquet", lambda f: f, lambda f: sorted(f.glob("*.parquet"))]
)
def test_several_files_are_one_source(source, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    made = table()
    written(folder, made.slice(0, 70), name="one")
    # The order of columns may differ from file to file.
    written(folder, made.slice(70).select(["y", "n", "a", "b"]), name="two")
    whole = stream(written(tmp_path, made), label="y")
    assert torch.equal(numbers(stream(source(folder), label="y")), numbers(whole))


def test_numbers_are_narrow_and_scaled_where_that_is_asked_for(tmp_path):
    path = written(tmp_path, table())
    raw, narrow = stream(path, label="y"), stream(path, label="y", dtype=torch.float32)
    assert torch.equal(numbers(narrow), numbers(raw).float())
    scaled = numbers(stream(path, label="y", standardize=True))
    assert scaled.mean(0).abs().max() < 1e-14
    assert torch.allclose(scaled.std(0, correction=0), torch.ones(3, dtype=torch.float64))
    both = numbers(stream(path, label="y", standardize=True, dtype=torch.float32))
    assert torch.equal(both, scaled.float())


def test_the_word_for_one_and_the_columns_can_be_chosen(tmp_path):
    path = written(tmp_path, table())
    usual, turned = stream(path, label="y"), stream(path, label="y", positive="no", features=["b"])
    assert torch.equal(turned.labels, 1 - usual.labels)
    assert (turned.classes, turned.feature_names) == (("yes", "no"), ("b",))
    assert stream(path, label="y", drop=["n"]).feature_names == ("a", "b")


def test_labels_of_any_type_are_words(tmp_path):
    for name, values, classes in (
        ("whole", [1, 0, 1], ("0", "1")),
        ("broken", [1.0, 0.0, 1.0], ("0", "1")),
        ("truths", [True, False, True], ("False", "True")),
        ("coded", pa.array(["b", "a", "b"]).dictionary_encode(), ("a", "b")),
    ):
        data = stream(written(tmp_path, pa.table({"x": [1.0, 2.0, 3.0], "y": values}), name=name), label="y")
        assert (data.classes, data.labels.tolist()) == (classes, [1.0, 0.0, 1.0])


def test_truths_and_decimal_commas_are_numbers(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a;y\n1,5;p\n-2,25;q\n", encoding="utf-8")
    for _ in range(2):
        with pytest.warns(InputWarning, match="decimal commas in column 'a'"):
            assert numbers(stream(path, label="y")).tolist() == [[1.5], [-2.25]]
    made = pa.table({"t": [True, False], "y": ["p", "q"]})
    assert numbers(stream(written(tmp_path, made, name="truths"), label="y")).tolist() == [[1.0], [0.0]]


# What is kept.


def test_rows_are_converted_once(tmp_path, monkeypatch):
    path = written(tmp_path, table())
    first = stream(path, label="y")
    monkeypatch.setattr(stream_module, "convert", lambda *_: pytest.fail("converted again"))
    assert torch.equal(numbers(stream(path, label="y")), numbers(first))


def test_a_file_that_has_changed_is_converted_again_with_a_note(tmp_path):
    path = written(tmp_path, table())
    stream(path, label="y", standardize=True)
    before = left(cache_folder())
    written(tmp_path, table(seed=1))
    with pytest.warns(InputWarning, match=r"rows\.parquet has changed since"):
        data = stream(path, label="y")
    assert np.array_equal(numbers(data)[:, 0].numpy(), table(seed=1)["a"].to_numpy())
    assert not {*before} & {*left(cache_folder())}


@pytest.mark.parametrize("file", ["tiles", "labels", "about.json"])
@pytest.mark.parametrize("place", [0, 0.2, 0.4, 0.5, 0.8, -1])
def test_a_byte_that_has_changed_is_found(file, place, tmp_path):
    path = written(tmp_path, table())
    first = stream(path, label="y")
    (folder,) = cache_folder().glob("rows-*")
    content = bytearray((folder / file).read_bytes())
    content[int(place * len(content)) if place >= 0 else -1] ^= 1
    (folder / file).unlink()
    (folder / file).write_bytes(content)
    with pytest.warns(InputWarning, match="damaged: they are converted again"):
        again = stream(path, label="y")
    assert torch.equal(numbers(again), numbers(first))
    assert torch.equal(again.labels, first.labels)


def test_the_longest_unused_rows_go_first(tmp_path, monkeypatch):
    paths = [written(tmp_path, table(4000, seed), name=f"r{seed}") for seed in range(3)]
    for age, path in enumerate(paths):
        stream(path, label="y")
        newest = max(kept_rows(cache_folder()), key=lambda kept: kept.used)
        os.utime(newest.folder / "about.json", (age, age))
        size = newest.bytes
    monkeypatch.setattr("soloneuron.data.tiles.cache.largest_cache", lambda: int(3.5 * size))
    stream(paths[0], label="y")
    stream(written(tmp_path, table(4000, 9), name="new"), label="y")
    names = {entry.read_about(kept.folder).name for kept in kept_rows(cache_folder())}
    assert names == {"r0.parquet", "r2.parquet", "new.parquet"}
    monkeypatch.setattr("soloneuron.data.tiles.cache.largest_cache", lambda: size // 2)
    with pytest.raises(InputError, match="SOLONEURON_CACHE_SIZE") as caught:
        stream(written(tmp_path, table(4000, 10), name="large"), label="y")
    assert caught.value.code == "cache.size"


def test_nothing_but_tiles_is_deleted(tmp_path):
    stream(written(tmp_path, table()), label="y")
    (cache_folder() / "rows-mine").mkdir()
    (cache_folder() / "letter.txt").write_text("dear")
    assert len(clear(cache_folder())) == 1
    assert {path.name for path in cache_folder().iterdir()} == {"rows-mine", "letter.txt", "lock"}


def test_what_was_stopped_goes_on(tmp_path, monkeypatch):
    path = tmp_path / "rows.parquet"
    parquet.write_table(table(), path, row_group_size=30)
    whole = numbers(stream(path, label="y"))
    clear(cache_folder())
    monkeypatch.setattr(staging, "STAGED_TILES", 1)
    write, done = conversion.TileWriter.rows, []

    def interrupted(self, first, columns):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(first)
        write(self, first, columns)

    with monkeypatch.context() as patch:
        patch.setattr(conversion.TileWriter, "rows", interrupted)
        with pytest.raises(KeyboardInterrupt):
            stream(path, label="y")
    assert left(cache_folder())[0].endswith(".part")
    done.clear()
    monkeypatch.setattr(
        conversion.TileWriter,
        "rows",
        lambda self, first, columns: (done.append(first), write(self, first, columns)),
    )
    assert torch.equal(numbers(stream(path, label="y")), whole)
    assert min(done) > 0
    assert [name.endswith(".part") for name in left(cache_folder())] == [False]


def test_a_full_disk_leaves_no_half_tiles(tmp_path, monkeypatch):
    path, calls, write = written(tmp_path, table()), [], os.pwritev

    def full(*arguments):
        calls.append(arguments)
        if len(calls) > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(*arguments)

    monkeypatch.setattr(os, "pwritev", full)
    with pytest.raises(InputError, match="No space left on device") as caught:
        stream(path, label="y")
    assert caught.value.code == "cache.failed"
    assert left(cache_folder()) == []


def test_a_system_that_takes_little_at_a_time_gets_all_of_it(tmp_path, monkeypatch):
    path, write = written(tmp_path, table()), os.pwritev
    whole = numbers(stream(path, label="y"))
    clear(cache_folder())
    monkeypatch.setattr(os, "pwritev", lambda file, parts, at: write(file, [parts[0][:99]], at))
    assert torch.equal(numbers(stream(path, label="y")), whole)


def test_a_folder_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    path = written(tmp_path, table())
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="no folder stands there") as caught:
        stream(path, label="y", cache=tmp_path / "file")
    assert caught.value.code == "cache.folder"
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="may not be written") as caught:
        stream(path, label="y")
    assert caught.value.code == "cache.permission"


def test_the_folder_is_what_was_asked_for_or_the_users(monkeypatch, tmp_path):
    assert cache_folder(tmp_path) == tmp_path
    monkeypatch.setenv("SOLONEURON_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/soloneuron")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == Path.home() / ".cache" / "soloneuron"
    monkeypatch.setenv("SOLONEURON_CACHE_SIZE", "1.5G")
    assert largest_cache() == 3 * 2**29


# What cannot be rows.


def wrong_tables():
    good = table(20)
    nan = good.set_column(0, "a", pa.array([float("nan"), *[1.0] * 19]))
    gap = good.set_column(0, "a", pa.array([1.0, None, *[1.0] * 18]))
    text = good.set_column(0, "a", pa.array(["x"] * 20))
    three = good.set_column(3, "y", pa.array([*"abc", *"a" * 17]))
    lost = good.set_column(3, "y", pa.array([None, *"ab" * 9, "a"]))
    large = good.set_column(0, "a", pa.array([1e300] * 20))
    yield "file.finite_row", {"label": "y"}, [nan]
    yield "file.missing", {"label": "y"}, [gap]
    yield "file.text", {"label": "y"}, [text]
    yield "label.classes", {"label": "y"}, [three]
    yield "file.missing", {"label": "y"}, [lost]
    yield "file.rows", {"label": "y"}, [good.slice(0, 0)]
    yield "features.large", {"label": "y", "dtype": torch.float32}, [large]
    yield "column.unknown", {"label": "z"}, [good]
    yield "column.unknown", {"label": "y", "features": ["q"]}, [good]
    yield "columns.twice", {"label": "y", "features": ["a", "y"]}, [good]
    yield "columns.twice", {"label": "y", "features": ["a", "a"]}, [good]
    yield "features.columns", {"label": "y", "drop": ["a", "b", "n"]}, [good]
    yield "source.columns", {"label": "y"}, [good, good.drop_columns(["b"])]
    yield "source.columns", {"label": "y"}, [good, good.append_column("c", good["a"])]
    yield "source.label", {"label": "y"}, [good, good.drop_columns(["y"])]
    yield "size.range", {"label": "y", "memory": "1M"}, [good]
    yield "size.type", {"label": "y", "memory": "much"}, [good]
    yield "dtype", {"label": "y", "dtype": torch.int64}, [good]


WRONG = list(wrong_tables())


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize(
    ("code", "asked", "tables"), WRONG, ids=[f"{code}{k}" for k, (code, *_) in enumerate(WRONG)]
)
def test_what_cannot_be_streamed_is_one_sentence_and_leaves_nothing(code, asked, tables, kind, tmp_path):
    if kind == "csv" and code == "file.finite_row":
        code = "file.missing"  # a text that says nan says that there is no number
    paths = [written(tmp_path, made, kind, name=f"r{k}") for k, made in enumerate(tables)]
    with pytest.raises(SoloneuronError) as caught:
        stream(paths, **asked)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
    assert not cache_folder().exists() or left(cache_folder()) == []


FILES = (
    ("none.parquet", None, "file.read"),
    ("empty.csv", b"", "file.empty"),
    ("rows.xyz", b"a,y\n1,2\n", "source.format"),
    ("torn.parquet", b"PAR1 and no more", "file.arrow"),
    ("torn.feather", b"ARROW1 and no more", "file.arrow"),
    ("ragged.csv", b"a,y\n1,p\n2,q,3\n", "file.arrow"),
    ("twice.csv", b"a,a,y\n1,2,p\n", "file.duplicate"),
    ("binary.csv", b"a\0b,y\n1,p\n", "file.binary"),
    ("latin.csv", "é,y\n1,p\n".encode("latin-1"), "file.encoding"),
)


@pytest.mark.parametrize(("name", "content", "code"), FILES, ids=[name for name, *_ in FILES])
def test_a_file_that_is_none_is_one_sentence(name, content, code, tmp_path):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        stream(tmp_path / name, label="y")
    assert caught.value.code == code


def test_a_source_of_nothing_is_told(tmp_path):
    path, empty = written(tmp_path, table()), tmp_path / "empty"
    empty.mkdir()
    for source, code in (
        (tmp_path / "*.csv", "file.pattern"),
        ([], "file.none"),
        (3, "source.type"),
        (empty, "source.none"),
        ([path, path], "file.twice"),
        (tmp_path / "no", "source.format"),
    ):
        with pytest.raises(InputError) as caught:
            stream(source, label="y")
        assert caught.value.code == code


def test_rows_too_wide_for_the_memory_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(stream_module, "WINDOW_TILES", 2**16)
    with pytest.raises(InputError) as caught:
        stream(written(tmp_path, table()), label="y")
    assert caught.value.code == "memory.columns"


def test_a_run_on_few_rows_on_disk_holds_them_all(tmp_path):
    data = stream(written(tmp_path, table()), label="y")
    run = fit(data, epochs=2)
    run.save(tmp_path / "run.json")
    assert torch.equal(load_run(tmp_path / "run.json").data.features, numbers(data))


def test_rows_without_a_label_are_rows(tmp_path):
    data = rows_of_files(written(tmp_path, table()), label=None, features=["b", "a"])
    assert (data.feature_names, data.classes) == (("b", "a"), ("", ""))


def test_an_unknown_keyword_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(TypeError, match="did you mean 'label'"):
        stream(tmp_path, lable="y")
    with pytest.raises(UnknownNameError, match="did you mean 'a'"):
        stream(written(tmp_path, pa.table({"a": [1.0], "y": [1]})), label="aa")


def test_sizes_are_read_and_written():
    assert [as_bytes(word, name="m", least=0) for word in ("64M", "2 GB", "1.5k", "7", 7)] == [
        2**26,
        2**31,
        1536,
        7,
        7,
    ]
    assert [in_words(count) for count in (0, 1023, 2**20, 5 * 2**40)] == [
        "0 bytes",
        "1023 bytes",
        "1 MB",
        "5 TB",
    ]


def test_mapped_rows_train_to_the_bits_of_rows_in_memory(tmp_path):
    made = table(700)
    data = stream(written(tmp_path, made), label="y")
    X = torch.from_numpy(np.column_stack([made[name].to_numpy() for name in ("a", "b", "n")]))
    for settings in ({}, {"batch_size": 9, "shuffle": "tiles", "seed": 0, "class_weight": "balanced"}):
        assert torch.equal(
            fit(data, epochs=4, **settings).theta, fit(X, data.labels, epochs=4, **settings).theta
        )
