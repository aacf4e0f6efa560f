# %% [markdown]
# # Один нейрон, автоматическое дифференцирование, девять оптимизаторов
#
# В этом ноутбуке решены три задания вместе со звёздочками. Библиотека `soloneuron` построена на обычных тензорах torch, все
# градиенты в ней написаны вручную: ни `torch.autograd`, ни `torch.nn`, ни `torch.optim`. Каждый вывод ниже вычисляется при
# выполнении ячейки.

# %%
import io
import math
import unittest

import torch
from IPython.display import Markdown, display

import soloneuron
from soloneuron import Element, compare, fit, make_dataset, minimize, plot, sweep, train_neuron

language = soloneuron.language("ru")

# %% [markdown]
# # Задание 1. Нейрон с сигмоидой
#
# ## Градиент, шаг за шагом
#
# Нейрон складывает признаки с весами и превращает сумму в вероятность:
#
# $$z = w_1 x_1 + \dots + w_d x_d + b, \qquad p = \sigma(z) = \frac{1}{1 + e^{-z}}.$$
#
# Отрицательное логарифмическое правдоподобие (NLL) для метки $y \in \{0, 1\}$ равно
#
# $$L = -y \ln p - (1 - y) \ln (1 - p).$$
#
# Цепное правило ведёт от потерь назад к весу:
# $\dfrac{\partial L}{\partial w_j} = \dfrac{dL}{dp} \cdot \dfrac{dp}{dz} \cdot \dfrac{\partial z}{\partial w_j}$.
#
# 1. **Потери по вероятности.** $\dfrac{dL}{dp} = -\dfrac{y}{p} + \dfrac{1 - y}{1 - p} = \dfrac{p - y}{p (1 - p)}$.
# 2. **Производная сигмоиды.** $\dfrac{dp}{dz} = \dfrac{e^{-z}}{(1 + e^{-z})^2} = \sigma(z) (1 - \sigma(z)) = p (1 - p)$.
# 3. **Сумма по весу.** $\dfrac{\partial z}{\partial w_j} = x_j$ и $\dfrac{\partial z}{\partial b} = 1$.
#
# В произведении $p (1 - p)$ сокращается, поэтому градиент NLL так прост:
#
# $$\frac{\partial L}{\partial w_j} = (p - y) x_j, \qquad \frac{\partial L}{\partial b} = p - y.$$
#
# По $n$ строкам берётся среднее. Классический градиентный спуск (по всей выборке) сдвигает всё сразу:
# $w \leftarrow w - \eta \, \frac1n X^\top (p - y)$, $b \leftarrow b - \eta \, \overline{(p - y)}$.

# %% [markdown]
# ## Функция, которую требует задание
#
# Вручную, на обычных тензорах. NLL записана через $\operatorname{softplus}(z) = \ln(1 + e^z)$, потому что
# $-y \ln p - (1 - y) \ln (1 - p) = \operatorname{softplus}(z) - y z$: здесь нет ни переполнения, ни логарифма нуля.


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
print("вручную:    ", *by_hand)
print("библиотека:", *by_library)
assert by_hand == by_library

# %% [markdown]
# Пример, напечатанный в задании (веса 0.0808 и -0.1916, смещение -0.0214, значения 0.2386 и 0.2348), не получается ни при
# каком соглашении: ни с NLL, ни с MSE, ни со средним, ни с суммой, ни по всей выборке, ни по одной строке. Ячейка ниже
# перебирает их все.

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
print("получен:", any(found == printed for found in tried.values()))

# %% [markdown]
# **Верен ли градиент?** Производную можно проверить, не зная формулы: сдвинуть один вес немного в обе стороны и разделить
# разность потерь на расстояние.


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
print(f"наибольшее расхождение формулы и разностного отношения: {worst:.1e}")
assert worst < 1e-8

# %% [markdown]
# ## Обучение на пяти точках
#
# То, что возвращает `fit`, показывает себя само: вывод, кривая потерь, веса.

# %%
start = [0.1, -0.2, 0.0]
nll = fit(data, loss="nll", initial=start, learning_rate=0.1, epochs=100)
nll

# %%
nll.plot()

# %% [markdown]
# ## Другие наборы данных
#
# Каждый показывает то, чего не видно на пяти точках. Эпох у всех нейронов поровну, скорость обучения безопасна для данных
# (`learning_rate="auto"`).

# %%
names = ("clouds", "blobs", "moons", "circles", "xor", "correlated", "imbalanced")
rows = []
for name in names:
    made = make_dataset(name)
    run = fit(made, learning_rate="auto", epochs=300)
    rows.append((name, len(made.labels), f"{run.accuracy[-1].item():.1%}", f"{run.value[-1].item():.4f}"))
table = ["| данные | строк | доля верных ответов | потери |", "|---|---|---|---|"]
display(Markdown("\n".join([*table, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])))
hopeless = [name for name, _, right, _ in rows if float(right.rstrip("%")) < 70]
print("Одной прямой мало для наборов:", ", ".join(hopeless))

# %% [markdown]
# ## {*} Стохастический, мини-пакетный спуск и спуск по всей выборке
#
# Они различаются тем, сколько строк видит одно обновление: **стохастический (SGD)** одну, **мини-пакетный (mini-batch)**
# несколько, **по всей выборке (batch)** все. За эпоху каждая строка во всех случаях читается один раз, поэтому у SGD за эпоху
# столько обновлений, сколько строк.

# %%
clouds = make_dataset("clouds")
kinds = {"стохастический (SGD)": 1, "мини-пакетный (32)": 32, "по всей выборке": None}
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
        f"{kind:21} эпох, пока потери не больше оптимума на 0.01: {first}; в конце больше на {max(excess[-1], 0):.1e}"
    )
fastest = min(descents, key=lambda kind: descents[kind].value[3].item())
print(
    f"После трёх эпох наименьшие потери у спуска «{fastest}»: к этому времени он сделал больше всего обновлений."
)

# %% [markdown]
# **Как сходимость зависит от формы поверхности.** В наборе `stretched` масштаб второго признака в десять раз больше:
# поверхность — овраг, и одна скорость не годится обоим весам. После стандартизации она становится почти круглой.

# %%
shapes = {name: make_dataset(name) for name in ("stretched", "standardized")}
for name, made in shapes.items():
    curvature = made.features.T @ made.features / len(made.labels) / 4
    eigenvalues = torch.linalg.eigvalsh(curvature)
    print(
        f"{name}: число обусловленности поверхности при w = 0: {(eigenvalues[-1] / eigenvalues[0]).item():.1f}"
    )
grid = [10 ** (k / 2 - 3) for k in range(9)]
table = [
    "| 10 эпох при лучшей из девяти скоростей, потери сверх наименьших | " + " | ".join(kinds) + " |",
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
# Сама поверхность и путь спуска по всей выборке, в овраге и в чаше:

# %%
bare = {name: fit(made, bias=False, learning_rate="auto", epochs=60) for name, made in shapes.items()}
bare["stretched"].plot("landscape")

# %%
bare["standardized"].plot("landscape")

# %% [markdown]
# ## {*} Другая функция потерь: квадратичная ошибка (MSE)
#
# $L = (p - y)^2$. В цепном правиле те же три множителя, но теперь ничего не сокращается:
#
# $$\frac{\partial L}{\partial w_j} = 2 (p - y) \cdot p (1 - p) \cdot x_j.$$
#
# Там, где нейрон уверен, $p (1 - p)$ почти 0, а с ним и градиент, **даже если нейрон уверен в неверном ответе**. Зато потери
# на одной строке не больше 1, поэтому выбросы влияют слабо.

# %%
mse = fit(data, loss="mse", initial=start, learning_rate=0.1, epochs=100)
plot({"NLL": nll, "MSE": mse}, "surfaces")

# %% [markdown]
# **Где выигрывает NLL:** начальная точка, в которой нейрон уверен в неверных ответах.

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
    print(
        f"{loss}: норма градиента в начальной точке {run.gradient_norm[0].item():.4f}, 95% верных ответов с эпохи {reached}"
    )

# %% [markdown]
# **Где выигрывает MSE:** несколько строк отброшены далеко на неверную сторону.

# %%
outliers = make_dataset("gross_outliers")
far = outliers.features.norm(dim=1) > 6 * outliers.features.norm(dim=1).median()
clean = ~far
on_outliers = {loss: fit(outliers, loss=loss, learning_rate=0.3, epochs=2000) for loss in ("nll", "mse")}
for loss, run in on_outliers.items():
    right = ((run.predict_proba(outliers.features)[:, 1] > 0.5).double() == outliers.labels)[clean]
    print(
        f"{loss}: доля верных ответов на чистых строках ({int(clean.sum())}): {right.double().mean().item():.1%}"
    )
plot({loss.upper(): run for loss, run in on_outliers.items()}, "surfaces")

# %% [markdown]
# # Задание 2. {*} Автоматическое дифференцирование
#
# `Element` — число, которое помнит, из каких чисел и какой операцией оно получено. Каждая операция знает свои частные
# производные: $\frac{\partial (a + b)}{\partial a} = 1$, $\frac{\partial (a b)}{\partial a} = b$,
# $\mathrm{relu}'(a) = [a > 0]$. `backward()` идёт от результата к листьям, каждый узел после всех, кто его использует,
# умножает на частную производную и **прибавляет** к градиенту: переменная, использованная дважды, получает оба слагаемых.

# %%
a, b, c = Element(2, "a"), Element(3, "b"), Element(10, "c")
d = a + b * c
d.label = "d"
e = d.relu()
e.label = "e"
e.backward()
e

# %% [markdown]
# В примере задания `b` равно -3. Тогда d = -28, ReLU неактивна, и все градиенты до неё равны 0: напечатанные `grad=10` и
# `grad=-3` — это производные `d`, а не `e`.

# %%
a, b, c = Element(2), Element(-3), Element(10)
d = a + b * c
e = d.relu()
e.backward()
print(a, b, c, d, e)


# %% [markdown]
# ## Тесты
#
# Каждый проверяет одну из ошибок, которые в таком классе легко сделать.


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
print(f"тестов: {outcome.testsRun}, не прошло: {len(outcome.failures) + len(outcome.errors)}")
assert outcome.wasSuccessful()

# %% [markdown]
# ## Нейрон из задания 1, обученный с `Element`
#
# Та же NLL, записанная через `Element` и продифференцированная `backward()`; веса совпадают с теми, что дал градиент,
# выведенный вручную.

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
print("через Element:         ", [round(v, 4) for v in by_elements.tolist()])
print("по формуле:            ", [round(v, 4) for v in nll.theta[-1].tolist()])
print(f"наибольшее расхождение: {(by_elements - nll.theta[-1]).abs().max().item():.1e}")
assert (by_elements - nll.theta[-1]).abs().max() < 1e-12

# %% [markdown]
# # Задание 3. {*} Оптимизаторы
#
# Ниже все девять методов из списка. Для каждого: идея, формула, тест, который вычисляет несколько шагов по формуле на чистом
# Python, и обучение нейрона из задания 1. В формулах `g` — градиент, `t` — номер обновления, считая от 1.


# %%
def gradient_at(theta):
    """Градиент функции (x^2 + 10 y^2) / 2."""
    return [theta[0], 10 * theta[1]]


def check(name, by_formula, steps=5, **settings):
    """Сравнить библиотеку с формулой на чистом Python, из точки (1, 1)."""
    pair = (
        lambda p: (p[..., 0] ** 2 + 10 * p[..., 1] ** 2) / 2,
        lambda p: p * torch.tensor([1.0, 10.0]).to(p),
    )
    path = minimize(pair, [1.0, 1.0], name, steps, **settings)
    worst = max(abs(one - other) for one, other in zip(by_formula(steps), path.point.tolist(), strict=True))
    print(f"{name}: после {steps} шагов формула и библиотека расходятся не больше чем на {worst:.1e}")
    assert worst < 1e-9


def show(name):
    """Карточка метода и нейрон из задания 1, обученный им при лучшей из девяти скоростей."""
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
# ## Импульс (Momentum)

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
# ## Импульс Нестерова (Nesterov)

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
# ## Ускоренный градиент Нестерова (NAG)

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
# ## Рядом
#
# Все девять методов и обычный спуск на пяти точках, каждый при лучшей скорости из сетки:

# %%
plot(trained)

# %% [markdown]
# Путь по поверхности, два признака без смещения (двигайте ползунок, наведите мышь на линию):

# %%
ways = {
    name: fit(
        shapes["stretched"], bias=False, optimizer=name, learning_rate=rate, epochs=60, initial=[-1.0, 0.3]
    )
    for name, rate in (("gradient_descent", 0.02), ("momentum", 0.005), ("adagrad", 0.3), ("adam", 0.1))
}
plot(ways, "landscape")

# %% [markdown]
# **Какой метод быстрее всех?** Одна сетка скоростей и один бюджет вычислений градиента для всех; цель достигнута, если метод
# у неё остаётся.

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
print(f"Цели хотя бы при одной скорости сетки достигают {len(arrived)} из {len(found.entries)} методов.")
easiest = max(found.entries, key=lambda entry: entry.works)
print(f"Легче всего настроить {easiest.optimizer}: цель достигается при {easiest.works:.0%} скоростей.")
