"""Gradient learning from one neuron up: hand-written gradients on plain torch tensors.

The public names stand in the stub beside this file, for type checkers and for here: each is imported when it
is first used, so that ``import soloneuron`` and ``soloneuron --help`` do not wait for torch.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
