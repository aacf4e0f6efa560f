"""NPY and NPZ: one table of real numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.data.files.reading import read_table
from soloneuron.errors import InputError


def columns(path):
    """The numbers of every column by its name."""
    return {column.name: column.numbers.tolist() for column in read_table(path).columns}


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "f4", "f2", "i1", "u8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_table_of_any_real_type_becomes_float64(dtype, order, tmp_path):
    values = np.array([[1, 0, 1], [0, 1, 1]]).astype(dtype, order=order)
    np.save(tmp_path / "t.npy", values)
    assert columns(tmp_path / "t.npy") == {"0": [1, 0], "1": [0, 1], "2": [1, 1]}


def test_the_one_table_of_an_npz_may_have_any_name(tmp_path):
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "t.npz", rows=np.array([[1.5, 0], [2, 1]]))
        assert columns(tmp_path / "t.npz") == {"0": [1.5, 2.0], "1": [0, 1]}


@pytest.mark.parametrize(
    "values",
    [np.ones(3), np.ones((1, 1, 1)), np.ones((2, 2), complex), np.array([["a"]]), np.array(7.0)],
)
def test_what_is_no_table_of_real_numbers_is_refused(values, tmp_path):
    np.save(tmp_path / "t.npy", values)
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "t.npy")
    assert caught.value.code == "file.shape"


def test_pickled_objects_are_never_loaded(tmp_path):
    np.save(tmp_path / "t.npy", np.array([[{"a": 1}]], dtype=object), allow_pickle=True)
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "t.npy")
    assert caught.value.code == "file.numpy"


@given(st.integers(0, 170))
def test_an_npy_file_cut_anywhere_is_refused_in_one_line(tmp_path, keep):
    np.save(tmp_path / "t.npy", np.ones((3, 2)))
    content = (tmp_path / "t.npy").read_bytes()
    (tmp_path / "t.npy").write_bytes(content[:keep])
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "t.npy")
    assert len(str(caught.value).splitlines()) == 1


def test_an_npz_file_that_is_cut_is_refused_and_closed(tmp_path):
    np.savez(tmp_path / "t.npz", np.ones((3, 2)))
    content = (tmp_path / "t.npz").read_bytes()
    (tmp_path / "t.npz").write_bytes(content[:-30])
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "t.npz")
    assert caught.value.code == "file.numpy"


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_text_and_objects_get_no_advice_about_pickle(suffix, tmp_path):
    (tmp_path / f"text.{suffix}").write_text("x,y\n1,0\n")
    objects = np.array([[{}]], dtype=object)
    (np.save if suffix == "npy" else np.savez)(tmp_path / f"objects.{suffix}", objects, allow_pickle=True)
    for name, sentence in (("text", "a text file must end in .csv"), ("objects", "it holds Python objects")):
        with pytest.raises(InputError) as caught:
            read_table(tmp_path / f"{name}.{suffix}")
        assert sentence in str(caught.value)
        assert "pickle" not in str(caught.value)


def test_whole_numbers_that_float64_cannot_tell_apart_keep_their_words(tmp_path):
    np.save(tmp_path / "t.npy", np.array([[2**60, 1], [2**60 + 1, 2]]))
    long, short = read_table(tmp_path / "t.npy").columns
    assert (long.words, short.words) == ([str(2**60), str(2**60 + 1)], None)


def test_a_number_that_is_not_finite_is_a_fault_of_its_column_in_numpy_files(tmp_path):
    np.save(tmp_path / "t.npy", np.array([[1.0, np.nan], [np.inf, 2]]))
    infinite, missing = read_table(tmp_path / "t.npy").columns
    assert "got inf in row 1, column '0'" in str(infinite.fault)
    assert (missing.fault, missing.missing.tolist()) == (None, [True, False])
