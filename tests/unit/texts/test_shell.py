"""Commands that people are told to type arrive in a shell as they were meant."""

import os
import subprocess
import sys

import pytest

from soloneuron.texts.plain import plain_line
from soloneuron.texts.shell import shell_line

ODD = [
    "rows.csv",
    "my rows.csv",
    "it's.csv",
    "a\nb.csv",
    "a\tb\x1b[31m.csv",
    "\u202ea.csv",
    "\x9b.csv",
    '$HOME `id` \\ "*',
    "back\\n\x07'.csv",
    os.fsdecode(b"\xff.csv"),
    "",
]


@pytest.mark.parametrize("word", ODD)
def test_a_command_is_one_printable_line(word):
    line = shell_line(["soloneuron", word])
    assert plain_line(line) == line


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no bash")
def test_bash_reads_every_word_as_it_was():
    line = shell_line(["printf", r"%s\0", *ODD])
    came = subprocess.run(["bash", "-c", line], capture_output=True, check=True).stdout
    assert came.split(b"\0")[:-1] == [os.fsencode(word) for word in ODD]
