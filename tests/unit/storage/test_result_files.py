"""A file of results that somebody else has sealed is read, or refused in a sentence."""

from hashlib import sha256

import pytest

from soloneuron.errors import RecordError
from soloneuron.storage.result_files import KeptResults, read_results


@pytest.fixture
def kept(tmp_path):
    """Reads a file whose entries hold what is given, each behind a seal that fits."""

    def read(entries):
        path, content = tmp_path / "results", b"soloneuron results 1\n"
        for what, entry in entries.items():
            content += f"{what} {len(entry)} sha256:{sha256(entry).hexdigest()}\n".encode() + entry
        path.write_bytes(content)
        return read_results(path)

    return read


WORK = b'{"list":[{"list":["task","ravine"]}]}\n[]\n'


def test_what_we_write_is_read(kept):
    found = kept({"work": WORK, "result 3": b'{"float":"0x1.8p+0"}\n[]\n'})
    assert found == KeptResults({"task": "ravine"}, {3: 1.5}, found.whole)


STRANGE = {
    "a work of no pairs": {"work": b"null\n[]\n"},
    "a work of one number": {"work": b"7\n[]\n"},
    "a work of single words": {"work": b'{"list":["task"]}\n[]\n'},
    "a work of three words each": {"work": b'{"list":[{"list":["a","b","c"]}]}\n[]\n'},
    "no JSON": {"work": WORK, "result 0": b"{\n[]\n"},
    "no numbers": {"work": WORK, "result 0": b'{"tensor":0}\n[]\n'},
    "a number beyond all": {"work": WORK, "result 0": b'{"float":"0x1p+99999"}\n[]\n'},
    "more numbers than there are": {"work": WORK, "result 0": b'{"tensor":0}\n[["<f8",[99999999999]]]\n'},
    "more numbers than can be": {
        "work": WORK,
        "result 0": b'{"tensor":0}\n[["<f8",[9223372036854775807,9]]]\n',
    },
    "objects": {"work": WORK, "result 0": b'{"tensor":0}\n[["|O8",[1]]]\n12345678'},
    "less than nothing": {"work": WORK, "result 0": b'{"tensor":0}\n[["<f8",[-1]]]\n12345678'},
    "no shapes": {"work": WORK, "result 0": b"1"},
    "endless": {"work": WORK, "result 0": b"[" * 100_000 + b"\n[]\n"},
}


@pytest.mark.parametrize("what", STRANGE)
def test_an_entry_whose_seal_fits_but_not_its_content_is_damaged(what, kept):
    with pytest.raises(RecordError, match="was damaged after it was written, or cut short") as told:
        kept(STRANGE[what])
    assert told.value.code == "checkpoint.damaged"
