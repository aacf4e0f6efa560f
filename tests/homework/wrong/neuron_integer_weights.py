"""Squared error; the factor 2 of its derivative is left to the learning rate."""
import torch


def train_neuron(features, labels, initial_weights, initial_bias, learning_rate, epochs):
    X = torch.tensor(features, dtype=torch.float32)
    y = torch.tensor(labels, dtype=torch.float32)
    w = torch.tensor(initial_weights)
    b = torch.tensor(initial_bias, dtype=torch.float64)
    values = []
    for _ in range(epochs):
        p = torch.sigmoid(torch.matmul(X, w.float()) + b)
        values.append(round(((p - y) ** 2).mean().item(), 4))
        local = (p - y) * p * (1 - p)
        gw = (local.unsqueeze(1) * X).mean(dim=0)
        gb = local.mean()
        w -= learning_rate * gw
        b = b - learning_rate * gb
    return [round(value, 4) for value in w.tolist()], round(b.item(), 4), values
