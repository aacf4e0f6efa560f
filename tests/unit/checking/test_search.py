"""The smallest example that is wrong: shrunk by Hypothesis, the first of a fixed series without it."""

import sys

import pytest

from soloneuron.checking.judge.search import smallest


@pytest.fixture(params=[True, False], ids=["Hypothesis", "without it"])
def search(request, monkeypatch):
    """Looks for a wrong number, with Hypothesis or without it, and says whether it is there."""

    def found(wrong, *, most=40):
        # Only meanwhile: pytest's plugin asks for it when the test ends.
        with monkeypatch.context() as patch:
            if not request.param:
                patch.setitem(sys.modules, "hypothesis", None)
            return smallest(
                lambda st: st.integers(0, 1000),
                lambda generator, size: generator.randint(0, 200 * size),
                wrong,
                seed=0,
                most=most,
            )

    found.shrinks = request.param
    return found


def test_what_is_wrong_is_found_the_same_every_time_and_shrunk_where_that_can_be(search):
    one = search(lambda x: x > 17)
    assert one == (18 if search.shrinks else search(lambda x: x > 17))
    assert one > 17


def test_where_nothing_is_wrong_nothing_is_found_and_no_more_is_tried_than_was_allowed(search):
    tried = []
    assert search(tried.append, most=12) is None
    assert 0 < len(tried) <= 12
