# %% [markdown]
# # One neuron, automatic differentiation, nine optimizers
#
# This notebook solves the three tasks of the assignment, the starred ones too, with the library `soloneuron`, which has
# plain torch tensors and gradients written by hand: no `torch.autograd`, no `torch.nn`, no `torch.optim`. Every
# conclusion below is computed when the cell runs.

# %%
import io
import math
import unittest

import torch
from IPython.display import Markdown, display

import soloneuron
from soloneuron import Element, compare, fit, make_dataset, minimize, plot, sweep, train_neuron

language = soloneuron.language("en")

# %% [markdown]
# # Task 1. A neuron with a sigmoid
#
# ## The gradient, step by step
#
# A neuron weighs the features and squeezes the sum into a probability:
#
# $$z = w_1 x_1 + \dots + w_d x_d + b, \qquad p = \sigma(z) = \frac{1}{1 + e^{-z}}.$$
#
# The negative log-likelihood (NLL) of a label $y \in \{0, 1\}$ is
#
# $$L = -y \ln p - (1 - y) \ln (1 - p).$$
#
# The chain rule goes from the loss back to a weight:
# $\dfrac{\partial L}{\partial w_j} = \dfrac{dL}{dp} \cdot \dfrac{dp}{dz} \cdot \dfrac{\partial z}{\partial w_j}$.
#
# 1. **The loss by the probability.** $\dfrac{dL}{dp} = -\dfrac{y}{p} + \dfrac{1 - y}{1 - p} = \dfrac{p - y}{p (1 - p)}$.
# 2. **The slope of the sigmoid.** $\dfrac{dp}{dz} = \dfrac{e^{-z}}{(1 + e^{-z})^2} = \sigma(z) (1 - \sigma(z)) = p (1 - p)$.
# 3. **The sum by a weight.** $\dfrac{\partial z}{\partial w_j} = x_j$ and $\dfrac{\partial z}{\partial b} = 1$.
#
# In the product $p (1 - p)$ cancels, and that is why the gradient of NLL is so short:
#
# $$\frac{\partial L}{\partial w_j} = (p - y) x_j, \qquad \frac{\partial L}{\partial b} = p - y.$$
#
# Over $n$ rows we take the mean. Classic (batch) gradient descent then moves everything at once:
# $w \leftarrow w - \eta \, \frac1n X^\top (p - y)$, $b \leftarrow b - \eta \, \overline{(p - y)}$.

# %% [markdown]
# ## The function that was asked for
#
# By hand, on plain tensors. NLL is written through $\operatorname{softplus}(z) = \ln(1 + e^z)$, because
# $-y \ln p - (1 - y) \ln (1 - p) = \operatorname{softplus}(z) - y z$, which neither overflows nor takes the logarithm of 0.


# %%
def softplus(z):
    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))


def neuron_by_hand(features, labels, initial_weights, initial_bias, learning_rate, epochs):
    X = torch.tensor(features, dtype=torch.float64)
    y = torch.tensor(labels, dtype=torch.float64)
    w = torch.tensor(initial_weights, dtype=torch.float64)
    b = torch.tensor(initial_bias, dtype=torch.float64)
    losses = []
    for _ in range(epochs):
        z = X @ w + b
        losses.append((softplus(z) - y * z).mean().item())
        error = torch.sigmoid(z) - y
        w = w - learning_rate * X.T @ error / len(y)
        b = b - learning_rate * error.mean()
    return [round(v, 4) for v in w.tolist()], round(b.item(), 4), [round(v, 4) for v in losses]


example = {
    "features": [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]],
    "labels": [1, 0, 0],
    "initial_weights": [0.1, -0.2],
    "initial_bias": 0.0,
    "learning_rate": 0.1,
    "epochs": 2,
}
by_hand = neuron_by_hand(**example)
by_library = train_neuron(**example)
print("by hand:   ", *by_hand)
print("by library:", *by_library)
assert by_hand == by_library

# %% [markdown]
# The example that is printed in the assignment (weights 0.0808 and -0.1916, bias -0.0214, values 0.2386 and 0.2348) cannot
# be obtained under any convention: neither NLL nor MSE, neither mean nor sum, neither all rows at once nor one by one gives
# it. The cell below tries them all.

# %%
printed = ([0.0808, -0.1916], -0.0214, [0.2386, 0.2348])
tried = {
    (loss, reduction, batch): train_neuron(**example, loss=loss, reduction=reduction, batch_size=batch)
    for loss in ("nll", "mse")
    for reduction in ("mean", "sum")
    for batch in (None, 1)
}
for convention, found in tried.items():
    print(*convention, *found)
print("obtained:", any(found == printed for found in tried.values()))

# %% [markdown]
# **Is the gradient right?** A derivative can be checked without knowing the formula: move one weight a little to both sides
# and divide the difference of the losses by the distance.


# %%
def loss_and_gradient(theta, X, y):
    z = X @ theta[:-1] + theta[-1]
    loss = softplus(z) - y * z
    error = torch.sigmoid(z) - y
    return loss.mean(), torch.cat([X.T @ error, error.sum()[None]]) / len(y)


data = soloneuron.assignment_data()
X, y = data.features, data.labels
theta = torch.tensor([0.3, -0.7, 0.2], dtype=torch.float64)
step = 1e-6
numeric = torch.stack(
    [
        (loss_and_gradient(theta + step * axis, X, y)[0] - loss_and_gradient(theta - step * axis, X, y)[0])
        / (2 * step)
        for axis in torch.eye(3, dtype=torch.float64)
    ]
)
worst = (numeric - loss_and_gradient(theta, X, y)[1]).abs().max().item()
print(f"largest difference between the formula and the quotient: {worst:.1e}")
assert worst < 1e-8

# %% [markdown]
# ## Training on the five points
#
# What `fit` returns shows itself: the verdict, the curve of the loss, the weights.

# %%
start = [0.1, -0.2, 0.0]
nll = fit(data, loss="nll", initial=start, learning_rate=0.1, epochs=100)
nll

# %%
nll.plot()

# %% [markdown]
# ## Data sets of our own
#
# Each shows something that five points cannot. Every neuron has the same number of epochs, and a rate that is safe for its
# data (`learning_rate="auto"`).

# %%
names = ("clouds", "blobs", "moons", "circles", "xor", "correlated", "imbalanced")
rows = []
for name in names:
    made = make_dataset(name)
    run = fit(made, learning_rate="auto", epochs=300)
    rows.append((name, len(made.labels), f"{run.accuracy[-1].item():.1%}", f"{run.value[-1].item():.4f}"))
table = ["| data | rows | right answers | loss |", "|---|---|---|---|"]
display(Markdown("\n".join([*table, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])))
hopeless = [name for name, _, right, _ in rows if float(right.rstrip("%")) < 70]
print("One straight line is not enough for:", ", ".join(hopeless))

# %% [markdown]
# ## {*} Stochastic, mini-batch and batch gradient descent
#
# They differ in how many rows an update sees: **stochastic (SGD)** one, **mini-batch** a few, **batch** all of them. One
# epoch reads every row once in each case, so SGD makes as many updates an epoch as there are rows.

# %%
clouds = make_dataset("clouds")
kinds = {"stochastic (SGD)": 1, "mini-batch (32)": 32, "batch": None}
descents = {
    kind: fit(clouds, learning_rate=0.1, epochs=60, batch_size=size, shuffle=size is not None, seed=0)
    for kind, size in kinds.items()
}
plot(descents)

# %%
optimum = fit(clouds, optimizer="newton", epochs=50).value[-1].item()
for kind, run in descents.items():
    excess = (run.value - optimum).tolist()
    first = next((epoch for epoch, gap in zip(run.epochs, excess, strict=True) if gap < 0.01), None)
    print(
        f"{kind:17} epochs until 0.01 above the optimum: {first}; at the end {max(excess[-1], 0):.1e} above it"
    )
fastest = min(descents, key=lambda kind: descents[kind].value[3].item())
print(f"After three epochs {fastest} has the lowest loss: it has made the most updates by then.")

# %% [markdown]
# **How convergence depends on the shape of the surface.** In `stretched` the second feature is ten times as large: the
# surface is a ravine, and one rate does not suit both weights. Standardizing makes it round.

# %%
shapes = {name: make_dataset(name) for name in ("stretched", "standardized")}
for name, made in shapes.items():
    curvature = made.features.T @ made.features / len(made.labels) / 4
    eigenvalues = torch.linalg.eigvalsh(curvature)
    print(
        f"{name}: condition number of the surface at w = 0: {(eigenvalues[-1] / eigenvalues[0]).item():.1f}"
    )
grid = [10 ** (k / 2 - 3) for k in range(9)]
table = [
    "| 10 epochs at the best of nine rates, loss above the lowest | " + " | ".join(kinds) + " |",
    "|---|---|---|---|",
]
for name, made in shapes.items():
    lowest = fit(made, optimizer="newton", epochs=50).value[-1].item()
    cells = [
        sweep(
            made, learning_rate=grid, batch_size=size, shuffle=size is not None, seed=0, epochs=10
        ).best.value
        - lowest
        for size in kinds.values()
    ]
    table.append(f"| {name} | " + " | ".join(f"{cell:.1e}" for cell in cells) + " |")
display(Markdown("\n".join(table)))

# %% [markdown]
# The surface itself, with the ways of batch descent in the ravine and in the bowl:

# %%
bare = {name: fit(made, bias=False, learning_rate="auto", epochs=60) for name, made in shapes.items()}
bare["stretched"].plot("landscape")

# %%
bare["standardized"].plot("landscape")

# %% [markdown]
# ## {*} Another loss: squared error (MSE)
#
# $L = (p - y)^2$. The chain rule has the same three factors, but now nothing cancels:
#
# $$\frac{\partial L}{\partial w_j} = 2 (p - y) \cdot p (1 - p) \cdot x_j.$$
#
# Where the neuron is sure, $p (1 - p)$ is almost 0, and so is the gradient, **even if the neuron is sure of the wrong
# answer**. On the other hand no row can cost more than 1, so outliers weigh little.

# %%
mse = fit(data, loss="mse", initial=start, learning_rate=0.1, epochs=100)
plot({"NLL": nll, "MSE": mse}, "surfaces")

# %% [markdown]
# **Where NLL wins:** a start that is sure of the wrong answers.

# %%
wrong = [-6.0, -6.0, 0.0]
from_wrong = {
    loss: fit(clouds, loss=loss, initial=wrong, learning_rate=0.3, epochs=200) for loss in ("nll", "mse")
}
display(plot(from_wrong))
for loss, run in from_wrong.items():
    reached = next(
        (epoch for epoch, share in zip(run.epochs, run.accuracy, strict=True) if share >= 0.95), None
    )
    print(f"{loss}: gradient at the start {run.gradient_norm[0].item():.4f}, 95% right after epoch {reached}")

# %% [markdown]
# **Where MSE wins:** a few rows that were thrown far to the wrong side.

# %%
outliers = make_dataset("gross_outliers")
far = outliers.features.norm(dim=1) > 6 * outliers.features.norm(dim=1).median()
clean = ~far
on_outliers = {loss: fit(outliers, loss=loss, learning_rate=0.3, epochs=2000) for loss in ("nll", "mse")}
for loss, run in on_outliers.items():
    right = ((run.predict_proba(outliers.features)[:, 1] > 0.5).double() == outliers.labels)[clean]
    print(f"{loss}: right on the {int(clean.sum())} clean rows: {right.double().mean().item():.1%}")
plot({loss.upper(): run for loss, run in on_outliers.items()}, "surfaces")

# %% [markdown]
# # Task 2. {*} Automatic differentiation
#
# `Element` is a number that remembers from which numbers, and by which operation, it was made. Every operation knows its
# two local derivatives: $\frac{\partial (a + b)}{\partial a} = 1$, $\frac{\partial (a b)}{\partial a} = b$,
# $\mathrm{relu}'(a) = [a > 0]$. `backward()` walks from the result to the leaves, each node after all nodes that use it,
# multiplies by the local derivative and **adds** to the gradient: a variable that is used twice gets both shares.

# %%
a, b, c = Element(2, "a"), Element(3, "b"), Element(10, "c")
d = a + b * c
d.label = "d"
e = d.relu()
e.label = "e"
e.backward()
e

# %% [markdown]
# In the assignment's own example `b` is -3. Then d is -28, ReLU is inactive, and every gradient before it is 0: the printed
# `grad=10` and `grad=-3` are those of `d`, not of `e`.

# %%
a, b, c = Element(2), Element(-3), Element(10)
d = a + b * c
e = d.relu()
e.backward()
print(a, b, c, d, e)


# %% [markdown]
# ## Tests
#
# Each takes a way in which such a class goes wrong.


# %%
class TestElement(unittest.TestCase):
    def test_addition_passes_the_gradient_on(self):
        a, b = Element(2), Element(5)
        (a + b).backward()
        self.assertEqual((a.grad, b.grad), (1, 1))

    def test_multiplication_passes_the_other_factor(self):
        a, b = Element(2), Element(5)
        (a * b).backward()
        self.assertEqual((a.grad, b.grad), (5, 2))

    def test_relu_lets_through_or_stops(self):
        for value, wanted in ((3, 1), (-3, 0)):
            x = Element(value)
            x.relu().backward()
            self.assertEqual(x.grad, wanted)

    def test_a_variable_that_is_used_twice_gets_both_shares(self):
        a = Element(3)
        (a * a + a).backward()
        self.assertEqual(a.grad, 7)

    def test_a_node_is_passed_after_all_that_use_it(self):
        a, b = Element(3), Element(4)
        x = a * b
        (x + x.relu().relu()).backward()
        self.assertEqual((a.grad, b.grad), (8, 6))

    def test_numbers_may_stand_on_either_side(self):
        a = Element(4)
        (2 + 3 * a - 1).backward()
        self.assertEqual(a.grad, 3)

    def test_a_long_chain_does_not_run_into_the_recursion_limit(self):
        x = first = Element(1)
        for _ in range(5000):
            x = x + 1
        x.backward()
        self.assertEqual(first.grad, 1)

    def test_the_gradient_of_nll_is_p_minus_y(self):
        w, x, y = Element(0.7), 2.0, 1.0
        z = w * x
        loss = (1 + (-z).exp()).log() * y + (1 + z.exp()).log() * (1 - y)
        loss.backward()
        p = 1 / (1 + math.exp(-1.4))
        self.assertAlmostEqual(w.grad, (p - y) * x, places=12)


tests = unittest.defaultTestLoader.loadTestsFromTestCase(TestElement)
outcome = unittest.TextTestRunner(stream=io.StringIO()).run(tests)
print(f"{outcome.testsRun} tests, {len(outcome.failures) + len(outcome.errors)} failed")
assert outcome.wasSuccessful()

# %% [markdown]
# ## The neuron of task 1, trained by Elements
#
# The same NLL, written with Elements and differentiated by `backward()`; the weights agree with those of the gradient that
# was derived by hand.

# %%
w1, w2, bias = Element(0.1, "w1"), Element(-0.2, "w2"), Element(0.0, "b")
for _ in range(100):
    loss = 0
    for (x1, x2), label in zip(X.tolist(), y.tolist(), strict=True):
        z = w1 * x1 + w2 * x2 + bias
        loss = loss + ((1 + (-z).exp()).log() if label else (1 + z.exp()).log()) / len(y)
    loss.zero_grad()
    loss.backward()
    for parameter in (w1, w2, bias):
        parameter.data -= 0.1 * parameter.grad
by_elements = torch.tensor([w1.data, w2.data, bias.data], dtype=torch.float64)
print("by Elements:        ", [round(v, 4) for v in by_elements.tolist()])
print("by the formula:     ", [round(v, 4) for v in nll.theta[-1].tolist()])
print(f"largest difference: {(by_elements - nll.theta[-1]).abs().max().item():.1e}")
assert (by_elements - nll.theta[-1]).abs().max() < 1e-12

# %% [markdown]
# # Task 3. {*} Optimizers
#
# Below are all nine methods of the list. For each: the idea, the formula, a test that computes a few steps in plain Python
# from the formula, and the training of the neuron of task 1. In the formulas `g` is the gradient, `t` counts updates
# from 1.


# %%
def gradient_at(theta):
    """The gradient of (x^2 + 10 y^2) / 2."""
    return [theta[0], 10 * theta[1]]


def check(name, by_formula, steps=5, **settings):
    """Compare the library with a formula in plain Python, from the point (1, 1)."""
    pair = (
        lambda p: (p[..., 0] ** 2 + 10 * p[..., 1] ** 2) / 2,
        lambda p: p * torch.tensor([1.0, 10.0]).to(p),
    )
    path = minimize(pair, [1.0, 1.0], name, steps, **settings)
    worst = max(abs(one - other) for one, other in zip(by_formula(steps), path.point.tolist(), strict=True))
    print(f"{name}: {steps} steps by the formula and by the library differ by {worst:.1e} at most")
    assert worst < 1e-9


def show(name):
    """The card of a method, and the neuron of task 1 trained by it at the best of nine rates."""
    from soloneuron.optimizers.card import card

    about = card(name, language)
    display(Markdown("\n\n".join(f"**{label}.** {words}" for label, words in about.rows[:3])))
    tried = sweep(data, optimizer=name, learning_rate=grid, initial=start, l2=0.01, epochs=100)
    best = fit(
        data,
        optimizer=name,
        learning_rate=tried.best.settings["learning_rate"],
        penalty=soloneuron.L2(0.01),
        initial=start,
        epochs=100,
    )
    trained[name] = best
    display(best)


trained = {}
trained["gradient_descent"] = fit(
    data, learning_rate=0.1, penalty=soloneuron.L2(0.01), initial=start, epochs=100
)

# %% [markdown]
# ## Momentum

# %%
show("momentum")


# %%
def momentum(steps, rate=0.05, mu=0.9):
    theta, v = [1.0, 1.0], [0.0, 0.0]
    for _ in range(steps):
        g = gradient_at(theta)
        v = [mu * vi + gi for vi, gi in zip(v, g)]
        theta = [p - rate * vi for p, vi in zip(theta, v)]
    return theta


check("momentum", momentum, learning_rate=0.05)

# %% [markdown]
# ## Nesterov

# %%
show("nesterov")


# %%
def nesterov(steps, rate=0.05, mu=0.9):
    theta, v = [1.0, 1.0], [0.0, 0.0]
    for _ in range(steps):
        g = gradient_at(theta)
        v = [mu * vi + gi for vi, gi in zip(v, g)]
        theta = [p - rate * (gi + mu * vi) for p, gi, vi in zip(theta, g, v)]
    return theta


check("nesterov", nesterov, learning_rate=0.05)

# %% [markdown]
# ## Adagrad

# %%
show("adagrad")


# %%
def adagrad(steps, rate=0.5, epsilon=1e-10):
    theta, total = [1.0, 1.0], [0.0, 0.0]
    for _ in range(steps):
        g = gradient_at(theta)
        total = [s + gi**2 for s, gi in zip(total, g)]
        theta = [p - rate * gi / (math.sqrt(s) + epsilon) for p, gi, s in zip(theta, g, total)]
    return theta


check("adagrad", adagrad, learning_rate=0.5)

# %% [markdown]
# ## Adadelta

# %%
show("adadelta")


# %%
def adadelta(steps, rate=1.0, rho=0.9, epsilon=1e-6):
    theta, squares, moves = [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]
    for _ in range(steps):
        g = gradient_at(theta)
        squares = [rho * s + (1 - rho) * gi**2 for s, gi in zip(squares, g)]
        d = [math.sqrt(m + epsilon) / math.sqrt(s + epsilon) * gi for m, s, gi in zip(moves, squares, g)]
        moves = [rho * m + (1 - rho) * di**2 for m, di in zip(moves, d)]
        theta = [p - rate * di for p, di in zip(theta, d)]
    return theta


check("adadelta", adadelta, learning_rate=1.0)

# %% [markdown]
# ## RMSProp

# %%
show("rmsprop")


# %%
def rmsprop(steps, rate=0.05, rho=0.99, epsilon=1e-8):
    theta, v = [1.0, 1.0], [0.0, 0.0]
    for _ in range(steps):
        g = gradient_at(theta)
        v = [rho * vi + (1 - rho) * gi**2 for vi, gi in zip(v, g)]
        theta = [p - rate * gi / (math.sqrt(vi) + epsilon) for p, gi, vi in zip(theta, g, v)]
    return theta


check("rmsprop", rmsprop, learning_rate=0.05)

# %% [markdown]
# ## Adam

# %%
show("adam")


# %%
def adam(steps, rate=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8, decay=0.0):
    theta, m, v = [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]
    for t in range(1, steps + 1):
        g = gradient_at(theta)
        theta = [p * (1 - rate * decay) for p in theta]
        m = [beta1 * mi + (1 - beta1) * gi for mi, gi in zip(m, g)]
        v = [beta2 * vi + (1 - beta2) * gi**2 for vi, gi in zip(v, g)]
        theta = [
            p - rate * (mi / (1 - beta1**t)) / (math.sqrt(vi / (1 - beta2**t)) + epsilon)
            for p, mi, vi in zip(theta, m, v)
        ]
    return theta


check("adam", adam, learning_rate=0.1)

# %% [markdown]
# ## Nadam

# %%
show("nadam")


# %%
def nadam(steps, rate=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8, psi=0.004):
    theta, m, v, product = [1.0, 1.0], [0.0, 0.0], [0.0, 0.0], 1.0
    for t in range(1, steps + 1):
        g = gradient_at(theta)
        now = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
        then = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
        product *= now
        m = [beta1 * mi + (1 - beta1) * gi for mi, gi in zip(m, g)]
        v = [beta2 * vi + (1 - beta2) * gi**2 for vi, gi in zip(v, g)]
        theta = [
            p
            - rate
            * ((1 - now) * gi / (1 - product) + then * mi / (1 - product * then))
            / (math.sqrt(vi / (1 - beta2**t)) + epsilon)
            for p, gi, mi, vi in zip(theta, g, m, v)
        ]
    return theta


check("nadam", nadam, learning_rate=0.1)

# %% [markdown]
# ## NAG

# %%
show("nag")


# %%
def nag(steps, rate=0.05, mu=0.9):
    theta, v = [1.0, 1.0], [0.0, 0.0]
    for _ in range(steps):
        ahead = [p + mu * vi for p, vi in zip(theta, v)]
        v = [mu * vi - rate * gi for vi, gi in zip(v, gradient_at(ahead))]
        theta = [p + vi for p, vi in zip(theta, v)]
    return theta


check("nag", nag, learning_rate=0.05)

# %% [markdown]
# ## AdamW

# %%
show("adamw")


# %%
def adamw(steps):
    return adam(steps, decay=0.01)


check("adamw", adamw, learning_rate=0.1)

# %% [markdown]
# ## Side by side
#
# All nine beside plain descent, on the five points, each at its best rate of the grid:

# %%
plot(trained)

# %% [markdown]
# The way over the surface, on two features without a bias (move the slider, rest the mouse on a line):

# %%
ways = {
    name: fit(
        shapes["stretched"], bias=False, optimizer=name, learning_rate=rate, epochs=60, initial=[-1.0, 0.3]
    )
    for name, rate in (("gradient_descent", 0.02), ("momentum", 0.005), ("adagrad", 0.3), ("adam", 0.1))
}
plot(ways, "landscape")

# %% [markdown]
# **Which is the fastest?** One grid of rates for all, one budget of gradient evaluations, and who has arrived must stay.

# %%
found = compare(
    shapes["stretched"],
    [
        "gradient_descent",
        "momentum",
        "nesterov",
        "adagrad",
        "adadelta",
        "rmsprop",
        "adam",
        "nadam",
        "nag",
        "adamw",
    ],
    budget=200,
)
found

# %%
print(found.verdict)
arrived = [entry for entry in found.entries if entry.works > 0]
print(f"{len(arrived)} of {len(found.entries)} methods reach the target at some rate of the grid.")
easiest = max(found.entries, key=lambda entry: entry.works)
print(f"The easiest to tune is {easiest.optimizer}: {easiest.works:.0%} of the rates reach the target.")
