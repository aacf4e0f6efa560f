"""What a fit takes in memory beside its data, counted by allocations and not by a clock or the system."""

import weakref
from collections import Counter

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter

from soloneuron import fit


class Allocations(TorchDispatchMode):
    """Counts the bytes of tensors that are alive, and the most there were."""

    def __init__(self):
        super().__init__()
        self.held, self.now, self.most = Counter(), 0, 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        inputs = {
            x.untyped_storage().data_ptr() for x in tree_iter((args, kwargs)) if isinstance(x, torch.Tensor)
        }
        made = func(*args, **(kwargs or {}))
        for x in tree_iter(made):
            if isinstance(x, torch.Tensor):
                self._take(x, known=x.untyped_storage().data_ptr() in inputs)
        return made

    def _take(self, x, *, known):
        place, size = x.untyped_storage().data_ptr(), x.untyped_storage().nbytes()
        # A view of what was there before the counting began costs nothing.
        if known and not self.held[place]:
            return
        if not self.held[place]:
            self.now += size
            self.most = max(self.most, self.now)
        self.held[place] += 1
        weakref.finalize(x, self._drop, place, size)

    def _drop(self, place, size):
        self.held[place] -= 1
        if not self.held[place]:
            self.now -= size


@pytest.mark.parametrize(
    "options", [{}, {"optimizer": "adam"}, {"optimizer": "newton", "epochs": 2}], ids=str
)
def test_a_fit_adds_less_than_one_and_seven_tenths_of_its_data(options):
    dice = torch.Generator().manual_seed(0)
    X = torch.randn(150_000, 30, generator=dice)
    y = (X[:, 0] > 0).float()
    before = torch.get_num_threads()
    # The mode counts in this thread alone.
    torch.set_num_threads(1)
    try:
        with Allocations() as counted:
            fit(X, y, **{"epochs": 3, "learning_rate": 0.5, **options}, dtype=torch.float32)
    finally:
        torch.set_num_threads(before)
    # Blocks of float64 weigh the same however many rows there are: on fewer they would count more.
    # The signed copy is there, so the counting counts.
    assert X.nbytes < counted.most <= 1.7 * X.nbytes
