"""NPY and NPZ: one table of real numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.data.numpy_files import read_numpy
from soloneuron.errors import InputError


def everything(names):
    """All columns but the last are features, the last is the label."""
    return list(range(len(names) - 1)), len(names) - 1


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "f4", "f2", "i1", "u8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_table_of_any_real_type_becomes_float64(dtype, order, tmp_path):
    values = np.array([[1, 0, 1], [0, 1, 1]]).astype(dtype, order=order)
    np.save(tmp_path / "t.npy", values)
    raw = read_numpy(tmp_path / "t.npy", everything)
    assert (raw.names, raw.numbers.tolist(), raw.words) == (("0", "1"), [[1, 0], [0, 1]], ["1", "1"])


def test_the_one_table_of_an_npz_may_have_any_name(tmp_path):
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "t.npz", rows=np.array([[1.5, 0], [2, 1]]))
        assert read_numpy(tmp_path / "t.npz", everything).numbers.tolist() == [[1.5], [2.0]]


@pytest.mark.parametrize(
    "values",
    [np.ones(3), np.ones((1, 1, 1)), np.ones((2, 2), complex), np.array([["a"]]), np.array(7.0)],
)
def test_what_is_no_table_of_real_numbers_is_refused(values, tmp_path):
    np.save(tmp_path / "t.npy", values)
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npy", everything)
    assert caught.value.code == "file.shape"


def test_pickled_objects_are_never_loaded(tmp_path):
    np.save(tmp_path / "t.npy", np.array([[{"a": 1}]], dtype=object), allow_pickle=True)
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npy", everything)
    assert caught.value.code == "file.numpy"


@given(st.integers(0, 170))
def test_an_npy_file_cut_anywhere_is_refused_in_one_line(tmp_path, keep):
    np.save(tmp_path / "t.npy", np.ones((3, 2)))
    content = (tmp_path / "t.npy").read_bytes()
    (tmp_path / "t.npy").write_bytes(content[:keep])
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npy", everything)
    assert len(str(caught.value).splitlines()) == 1


def test_an_npz_file_that_is_cut_is_refused_and_closed(tmp_path):
    np.savez(tmp_path / "t.npz", np.ones((3, 2)))
    content = (tmp_path / "t.npz").read_bytes()
    (tmp_path / "t.npz").write_bytes(content[:-30])
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npz", everything)
    assert caught.value.code == "file.numpy"


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_text_and_objects_get_no_advice_about_pickle(suffix, tmp_path):
    (tmp_path / f"text.{suffix}").write_text("x,y\n1,0\n")
    objects = np.array([[{}]], dtype=object)
    (np.save if suffix == "npy" else np.savez)(tmp_path / f"objects.{suffix}", objects, allow_pickle=True)
    for name, sentence in (("text", "a text file must end in .csv"), ("objects", "it holds Python objects")):
        with pytest.raises(InputError) as caught:
            read_numpy(tmp_path / f"{name}.{suffix}", everything)
        assert sentence in str(caught.value)
        assert "pickle" not in str(caught.value)


def test_labels_are_the_shortest_words_of_their_numbers(tmp_path):
    for values, words in (([1.0, 0.5], ["1", "0.5"]), ([True, False], ["1", "0"]), ([7, 8], ["7", "8"])):
        np.save(tmp_path / "t.npy", np.array([values, values]).T)
        assert read_numpy(tmp_path / "t.npy", everything).words == words
