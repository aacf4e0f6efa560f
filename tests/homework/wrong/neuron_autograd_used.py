import torch


def train(features, labels, weights, bias, learning_rate, epochs):
    """features (n, d), labels (n,), weights (d,): tensors; batch descent on the mean NLL."""
    w = weights.clone().double().requires_grad_(True)
    b = bias.clone().double().requires_grad_(True)
    x = features.double()
    y = labels.double()
    history = []
    for _ in range(epochs):
        logits = x @ w + b
        loss = (torch.logaddexp(torch.zeros_like(logits), logits) - logits * y).mean()
        history.append(round(loss.item(), 4))
        grad_w, grad_b = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= learning_rate * grad_w
            b -= learning_rate * grad_b
    return [round(v.item(), 4) for v in w], round(b.item(), 4), history


features = torch.tensor([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]])
labels = torch.tensor([1.0, 0.0, 0.0])
print(train(features, labels, torch.tensor([0.1, -0.2]), torch.tensor(0.0), 0.1, 2))
