"""Momentum whose velocities the caller keeps: the function changes them in place and returns nothing."""

import torch


def momentum_step(params, grads, velocities, lr=0.01, momentum=0.9):
    for param, grad, velocity in zip(params, grads, velocities):
        velocity.mul_(momentum).add_(grad)
        param.sub_(lr * velocity)


def as_tensors(numbers):
    return [torch.tensor(one) for one in numbers]
