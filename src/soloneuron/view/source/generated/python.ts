/** Written by scripts/generate from the library's formulas: do not edit. */

import type { PythonRule } from "../session/data";

/** Rules that take a gradient, as lines of Python. */
export const PYTHON_RULES: Readonly<Record<string, PythonRule>> = {
 "gradient_descent": {
  "settings": {},
  "begins": {},
  "before": [],
  "point": "theta",
  "after": [
   "step = rate * g",
   "theta = theta - step"
  ]
 },
 "momentum": {
  "settings": {
   "mu": "momentum"
  },
  "begins": {
   "v": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "v = mu * v + g",
   "step = rate * v",
   "theta = theta - step"
  ]
 },
 "nesterov": {
  "settings": {
   "mu": "momentum"
  },
  "begins": {
   "v": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "v = mu * v + g",
   "step = rate * (g + mu * v)",
   "theta = theta - step"
  ]
 },
 "nag": {
  "settings": {
   "mu": "momentum"
  },
  "begins": {
   "v": "np.zeros(len(theta))"
  },
  "before": [
   "y = theta + mu * v"
  ],
  "point": "y",
  "after": [
   "v = mu * v - rate * g",
   "theta = theta + v"
  ]
 },
 "adagrad": {
  "settings": {
   "epsilon": "epsilon",
   "initial": "initial"
  },
  "begins": {
   "G": "np.full(len(theta), initial)"
  },
  "before": [],
  "point": "theta",
  "after": [
   "G = G + g ** 2",
   "step = rate * g / (np.sqrt(G) + epsilon)",
   "theta = theta - step"
  ]
 },
 "adagrad_norm": {
  "settings": {
   "epsilon": "epsilon"
  },
  "begins": {
   "G": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "n = norm(g)",
   "G = G + n ** 2",
   "step = rate * g / np.sqrt(G + epsilon)",
   "theta = theta - step"
  ]
 },
 "adadelta": {
  "settings": {
   "epsilon": "epsilon",
   "rho": "rho"
  },
  "begins": {
   "E": "np.zeros(len(theta))",
   "D": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "E = rho * E + (1 - rho) * g ** 2",
   "d = np.sqrt(D + epsilon) / np.sqrt(E + epsilon) * g",
   "D = rho * D + (1 - rho) * d ** 2",
   "step = rate * d",
   "theta = theta - step"
  ]
 },
 "rmsprop": {
  "settings": {
   "epsilon": "epsilon",
   "rho": "rho"
  },
  "begins": {
   "v": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "v = rho * v + (1 - rho) * g ** 2",
   "step = rate * g / (np.sqrt(v) + epsilon)",
   "theta = theta - step"
  ]
 },
 "adam": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "v": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "v = beta2 * v + (1 - beta2) * g ** 2",
   "m_hat = m / (1 - beta1 ** t)",
   "v_hat = v / (1 - beta2 ** t)",
   "step = rate * m_hat / (np.sqrt(v_hat) + epsilon)",
   "theta = theta - step"
  ]
 },
 "amsgrad": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "v": "np.zeros(len(theta))",
   "u": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "v = beta2 * v + (1 - beta2) * g ** 2",
   "m_hat = m / (1 - beta1 ** t)",
   "u = np.maximum(u, v)",
   "u_hat = u / (1 - beta2 ** t)",
   "step = rate * m_hat / (np.sqrt(u_hat) + epsilon)",
   "theta = theta - step"
  ]
 },
 "adamw": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "v": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "v = beta2 * v + (1 - beta2) * g ** 2",
   "m_hat = m / (1 - beta1 ** t)",
   "v_hat = v / (1 - beta2 ** t)",
   "step = rate * m_hat / (np.sqrt(v_hat) + epsilon)",
   "theta = theta - step"
  ]
 },
 "nadam": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon",
   "psi": "psi"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "v": "np.zeros(len(theta))",
   "product": "1"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "v = beta2 * v + (1 - beta2) * g ** 2",
   "v_hat = v / (1 - beta2 ** t)",
   "mu = beta1 * (1 - 0.96 ** (psi * t) / 2)",
   "mu_next = beta1 * (1 - 0.96 ** (psi * (t + 1)) / 2)",
   "product = product * mu",
   "n = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)",
   "step = rate * n / (np.sqrt(v_hat) + epsilon)",
   "theta = theta - step"
  ]
 },
 "adamax": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "u": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "u = np.maximum(beta2 * u, np.abs(g) + epsilon)",
   "m_hat = m / (1 - beta1 ** t)",
   "step = rate * m_hat / u",
   "theta = theta - step"
  ]
 },
 "radam": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon",
   "threshold": "threshold"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "v": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "v = beta2 * v + (1 - beta2) * g ** 2",
   "m_hat = m / (1 - beta1 ** t)",
   "rho_inf = 2 / (1 - beta2) - 1",
   "rho = rho_inf - 2 * t * beta2 ** t / (1 - beta2 ** t)",
   "r = np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) if rho > threshold else 1",
   "step = rate * r * m_hat * np.sqrt(1 - beta2 ** t) / (np.sqrt(v) + epsilon) if rho > threshold else rate * m_hat",
   "theta = theta - step"
  ]
 },
 "rprop": {
  "settings": {
   "grow": "grow",
   "largest": "largest",
   "shrink": "shrink",
   "smallest": "smallest"
  },
  "begins": {
   "last": "np.zeros(len(theta))",
   "size": "np.full(len(theta), rate)"
  },
  "before": [],
  "point": "theta",
  "after": [
   "turn = g * last",
   "size = np.where(turn > 0, grow * size, np.where(turn < 0, shrink * size, size))",
   "size = np.clip(size, smallest, largest)",
   "g = np.where(turn < 0, 0, g)",
   "step = np.sign(g) * size",
   "last = g",
   "theta = theta - step"
  ]
 },
 "asgd": {
  "settings": {
   "alpha": "alpha",
   "lambd": "lambd",
   "t0": "t0"
  },
  "begins": {
   "z": "theta"
  },
  "before": [],
  "point": "z",
  "after": [
   "eta = rate / (1 + lambd * rate * (t - 1)) ** alpha",
   "z = (1 - lambd * eta) * z - eta * g",
   "theta = theta + (z - theta) / np.maximum(1, t - 1 - t0)"
  ]
 },
 "lion": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2"
  },
  "begins": {
   "m": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "step = rate * np.sign(beta1 * m + (1 - beta1) * g)",
   "m = beta2 * m + (1 - beta2) * g",
   "theta = theta - step"
  ]
 },
 "adabelief": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "s": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "s = beta2 * s + (1 - beta2) * (g - m) ** 2 + epsilon",
   "m_hat = m / (1 - beta1 ** t)",
   "s_hat = s / (1 - beta2 ** t)",
   "step = rate * m_hat / (np.sqrt(s_hat) + epsilon)",
   "theta = theta - step"
  ]
 },
 "schedule_free_sgd": {
  "settings": {
   "beta": "beta"
  },
  "begins": {
   "z": "theta",
   "weight": "0"
  },
  "before": [
   "y = (1 - beta) * z + beta * theta"
  ],
  "point": "y",
  "after": [
   "weight = weight + rate ** 2",
   "c = rate ** 2 / weight if weight > 0 else 0",
   "z = z - rate * g",
   "theta = theta + c * (z - theta)"
  ]
 },
 "schedule_free_adamw": {
  "decays": true,
  "settings": {
   "beta": "beta",
   "beta2": "beta2",
   "epsilon": "epsilon"
  },
  "begins": {
   "z": "theta",
   "v": "np.zeros(len(theta))",
   "weight": "0"
  },
  "before": [
   "y = (1 - beta) * z + beta * theta"
  ],
  "point": "y",
  "after": [
   "v = beta2 * v + (1 - beta2) * g ** 2",
   "v_hat = v / (1 - beta2 ** t)",
   "weight = weight + rate ** 2",
   "c = rate ** 2 / weight if weight > 0 else 0",
   "z = z - rate * g / (np.sqrt(v_hat) + epsilon)",
   "theta = theta + c * (z - theta)"
  ]
 },
 "signum": {
  "settings": {
   "beta": "beta"
  },
  "begins": {
   "m": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta * m + (1 - beta) * g",
   "step = rate * np.sign(m)",
   "theta = theta - step"
  ]
 },
 "qhm": {
  "settings": {
   "beta": "beta",
   "nu": "nu"
  },
  "begins": {
   "m": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta * m + (1 - beta) * g",
   "step = rate * ((1 - nu) * g + nu * m)",
   "theta = theta - step"
  ]
 },
 "yogi": {
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "epsilon": "epsilon",
   "initial": "initial"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "v": "np.full(len(theta), initial)"
  },
  "before": [],
  "point": "theta",
  "after": [
   "m = beta1 * m + (1 - beta1) * g",
   "v = v - (1 - beta2) * np.sign(v - g ** 2) * g ** 2",
   "step = rate * m / (np.sqrt(v) + epsilon)",
   "theta = theta - step"
  ]
 },
 "ademamix": {
  "settings": {
   "alpha": "alpha",
   "beta1": "beta1",
   "beta2": "beta2",
   "beta3": "beta3",
   "epsilon": "epsilon",
   "warm_up": "warm_up"
  },
  "begins": {
   "m1": "np.zeros(len(theta))",
   "m2": "np.zeros(len(theta))",
   "v": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "s = np.clip(np.divide(t, warm_up), 0, 1)",
   "b3 = np.exp(1 / ((1 - s) / np.log(beta1) + s / np.log(beta3)))",
   "m1 = beta1 * m1 + (1 - beta1) * g",
   "m2 = b3 * m2 + (1 - b3) * g",
   "v = beta2 * v + (1 - beta2) * g ** 2",
   "m_hat = m1 / (1 - beta1 ** t)",
   "v_hat = v / (1 - beta2 ** t)",
   "step = rate * (m_hat + s * alpha * m2) / (np.sqrt(v_hat) + epsilon)",
   "theta = theta - step"
  ]
 },
 "barzilai_borwein": {
  "settings": {},
  "begins": {
   "x": "theta",
   "h": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "s = theta - x",
   "u = g - h",
   "a = np.dot(s, u)",
   "b = np.dot(s, s)",
   "size = b / a if a > 0 else rate",
   "x = theta",
   "h = g",
   "step = size * g",
   "theta = theta - step"
  ]
 },
 "restarted_nag": {
  "settings": {},
  "begins": {
   "v": "np.zeros(len(theta))",
   "k": "np.full(len(theta), 1)"
  },
  "before": [
   "mu = (k - 1) / (k + 2)",
   "y = theta + mu * v"
  ],
  "point": "y",
  "after": [
   "v = mu * v - rate * g",
   "a = np.dot(g, v)",
   "k = 1 if a > 0 else k + 1",
   "theta = theta + v"
  ]
 },
 "dog": {
  "settings": {
   "epsilon": "epsilon",
   "initial": "initial"
  },
  "begins": {
   "x": "theta",
   "r": "initial * (1 + np.linalg.norm(theta))",
   "G": "np.zeros(len(theta))"
  },
  "before": [],
  "point": "theta",
  "after": [
   "b = np.linalg.norm(theta - x)",
   "r = np.maximum(r, b)",
   "a = np.dot(g, g)",
   "G = G + a",
   "size = r / np.sqrt(G + epsilon)",
   "step = rate * size * g",
   "theta = theta - step"
  ]
 },
 "prodigy": {
  "decays": true,
  "settings": {
   "beta1": "beta1",
   "beta2": "beta2",
   "coefficient": "coefficient",
   "epsilon": "epsilon",
   "initial": "initial"
  },
  "begins": {
   "m": "np.zeros(len(theta))",
   "v": "np.zeros(len(theta))",
   "s": "np.zeros(len(theta))",
   "x": "theta",
   "r": "np.zeros(len(theta))",
   "d": "np.full(len(theta), initial)"
  },
  "before": [],
  "point": "theta",
  "after": [
   "gamma = rate",
   "beta3 = np.sqrt(beta2)",
   "a = np.dot(gamma * g, x - theta)",
   "r = beta3 * r + (1 - beta3) * d ** 2 * a",
   "s = beta3 * s + (1 - beta3) * d ** 2 * gamma * g",
   "m = beta1 * m + (1 - beta1) * d * g",
   "v = beta2 * v + (1 - beta2) * d ** 2 * g ** 2",
   "step = gamma * d * m / (np.sqrt(v) + d * epsilon)",
   "b = np.dot(s, np.sign(s))",
   "d = np.maximum(d, coefficient * r / b) if b > 0 else d",
   "theta = theta - step"
  ]
 }
};
