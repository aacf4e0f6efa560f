"""Names of columns as people write them on the command line."""

from argparse import ArgumentTypeError, Namespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.cli.columns import column_words, columns_chosen, read_names
from soloneuron.cli.parser import make_parser
from soloneuron.records.columns import MISSING
from soloneuron.records.spellings import column_list

WORDS = st.text(min_size=1).map(str.strip).filter(bool)
"""What a column may be called."""


@given(st.lists(WORDS, min_size=1))
def test_names_that_are_listed_are_read_again(found):
    assert read_names(column_list(found)) == found


@pytest.mark.parametrize("text", ["", " ", ",", "a,,b", "a\nb", "a" * 200_000])
def test_what_is_no_list_of_names_is_refused_in_one_line(text):
    with pytest.raises(ArgumentTypeError, match="must be column names") as fault:
        read_names(text)
    assert "\n" not in str(fault.value)


@given(
    WORDS,
    st.lists(WORDS),
    st.lists(WORDS),
    st.none() | st.text(),
    st.booleans(),
    st.sampled_from([None, *MISSING]),
)
def test_what_was_chosen_can_be_typed_to_every_command(label, features, drop, positive, encode, missing):
    chosen = {"label": label, "features": features, "drop": drop, "positive": positive}
    options = Namespace(**chosen, encode=encode, missing=missing)
    parser = make_parser()
    for command in (["report", "--data", "x.csv"], ["train", "x.csv"]):
        assert columns_chosen(parser.parse_args([*command, *column_words(options)])) == columns_chosen(
            options
        )
