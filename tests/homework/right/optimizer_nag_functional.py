def nag(param, grad_fn, v, lr=0.1, mu=0.9):
    """Go ahead first, measure the gradient there, then correct."""
    ahead = param + mu * v
    v = mu * v - lr * grad_fn(ahead)
    return param + v, v
