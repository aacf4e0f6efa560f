import torch


def softplus(z):
    return torch.relu(z) + torch.log1p(torch.exp(-torch.abs(z)))


def train_neuron(features, labels, initial_weights, initial_bias, learning_rate, epochs, batch_size=None, seed=0):
    """Full batch by default, mini-batches if asked."""
    X = torch.as_tensor(features, dtype=torch.float64)
    y = torch.as_tensor(labels, dtype=torch.float64)
    w = torch.as_tensor(initial_weights, dtype=torch.float64).clone()
    b = torch.as_tensor(initial_bias, dtype=torch.float64).clone()
    size = len(y) if batch_size is None else batch_size
    chance = torch.Generator().manual_seed(seed)
    losses = []
    for _ in range(epochs):
        z = X @ w + b
        losses.append(round((softplus(z) - y * z).mean().item(), 4))
        order = torch.randperm(len(y), generator=chance) if size < len(y) else torch.arange(len(y))
        for rows in order.split(size):
            error = torch.sigmoid(X[rows] @ w + b) - y[rows]
            w -= 0.1 * (error @ X[rows]) / len(rows)
            b -= 0.1 * error.mean()
    return [round(v, 4) for v in w.tolist()], round(b.item(), 4), losses
