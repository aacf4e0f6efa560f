"""Adam as a function that keeps what it needs in a dict of the caller."""

import numpy as np


def adam_update(w, grad, cache, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    if "t" not in cache:
        cache.update(t=0, first=np.zeros_like(w), second=np.zeros_like(w))
    cache["t"] += 1
    cache["first"] = beta1 * cache["first"] + (1 - beta1) * grad
    cache["second"] = beta2 * cache["second"] + (1 - beta2) * grad**2
    first = cache["first"] / (1 - beta1 ** cache["t"])
    second = cache["second"] / (1 - beta2 ** cache["t"])
    return w - lr * first / (np.sqrt(second) + eps)
