import torch


def nll_loss(y_pred, y_true):
    one = torch.log(y_pred).clamp(min=-100)
    other = torch.log(1 - y_pred).clamp(min=-100)
    return -(y_true * one + (1 - y_true) * other)


def nll_grad_w(error, x, w, b):
    return error * x


def nll_grad_b(error, x, w, b):
    return error


def mse_loss(y_pred, y_true):
    return (y_pred - y_true) ** 2


def mse_grad_w(error, x, w, b):
    p = torch.sigmoid(torch.dot(w, x) + b)
    return error * p * (1 - p) * x


def mse_grad_b(error, x, w, b):
    p = torch.sigmoid(torch.dot(w, x) + b)
    return error * p * (1 - p)


def MyСrippledNeuron(features, labels, weights, bias, learning_rate, epochs, loss_fn, grad_b, grad_w):
    """Sample by sample; the loss and its gradients come from outside."""
    weights = weights.clone()
    bias = bias.clone()
    err_values = []
    for _ in range(epochs):
        total_err = 0.0
        for i in range(len(features)):
            x = features[i]
            y = labels[i]
            y_pred = torch.sigmoid(torch.dot(weights, x) + bias)
            total_err += loss_fn(y_pred, y).item()
            error = y_pred - y
            step_w = learning_rate * grad_w(error, x, weights, bias)
            step_b = learning_rate * grad_b(error, x, weights, bias)
            weights = weights - step_w
            bias = bias - step_b
        err_values.append(round(total_err / len(features), 4))
    return [round(w.item(), 4) for w in weights], round(bias.item(), 4), err_values


features = torch.tensor([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0, 1]], dtype=torch.float32)
labels = torch.tensor([1, 0, 0, 0, 1], dtype=torch.float32)
weights = torch.tensor([0.1, -0.2])
bias = torch.tensor(0.0)
print(MyСrippledNeuron(features, labels, weights, bias, 0.1, 100, nll_loss, nll_grad_b, nll_grad_w))
