import torch


def train(features, labels, weights, bias, learning_rate, epochs):
    """features (n, d), labels (n,), weights (d,): tensors; batch descent on the mean NLL."""
    w, b, x, y = weights, bias, features, labels
    history = []
    for _ in range(epochs):
        logits = x @ w + b
        loss = (torch.clamp(logits, min=0) - logits * y + torch.log1p(torch.exp(-logits.abs()))).mean()
        history.append(round(loss.item(), 4))
        error = torch.sigmoid(logits) - y
        w -= learning_rate * (x.T @ error) / len(y)
        b -= learning_rate * error.mean()
    return [round(v.item(), 4) for v in w], round(b.item(), 4), history


features = torch.tensor([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]])
labels = torch.tensor([1.0, 0.0, 0.0])
print(train(features, labels, torch.tensor([0.1, -0.2]), torch.tensor(0.0), 0.1, 2))
