"""Rules that move theta against a gradient; they know a vector, its gradient and their own memory.

::

    rule = Adam(learning_rate=0.01)         # its hyperparameters, checked once; it never changes
    state = rule.start(theta)               # step counter and slots, apart from the rule
    point = rule.at(theta, state)           # where the gradient is wanted; often theta itself
    rule.step(theta, gradient, state)       # in place: theta and state change, the gradient never does
    rule.update(theta, objective, state)    # the same in one call, for every rule; LBFGS has only this
    state.copy(), theta.clone()             # a snapshot; going on from it is exact to the bit
    rule.save(state), rule.load(saved, theta)      # the same by slot name, for a file

theta is always the answer, so there is no mode to switch before one looks at it. theta may have leading run
axes and so may any hyperparameter: a rate (R, 1) with theta (R, d+1) trains R runs with the same code.
"""

import lazy_loader

# Each name of the stub is imported when it is first used: the catalogue of names does not wait for torch.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
