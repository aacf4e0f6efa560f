/** Written by scripts/generate from the library's formulas: do not edit. */

import { norm, regular } from "../training/regular";
import type { Paper, PaperLine, Rule, Settings, Stepper } from "../training/types";
import { lengthOf } from "../training/vectors";

/** Lines up to the gradient, of coupled decay, and of the rule; null where these say what decays. */
type Lines = readonly [readonly PaperLine[], PaperLine | null, readonly PaperLine[]];

interface Case {
  readonly lines: Lines;
  make(theta: Float64Array, rate: number, settings: Settings, bias: boolean): Stepper;
}

const itself = (theta: Float64Array): Float64Array => theta;

function complete(h: Settings, [first, coupled, last]: Lines): PaperLine[] {
  const lines = [...first];
  if (VARIANTS && (h.clip_value !== null || h.clip_norm !== null)) lines.push(CLIPPED);
  if (VARIANTS && h.maximize === true) lines.push(TURNED);
  if (h.weight_decay !== 0 && coupled) lines.push(h.decay === "coupled" ? coupled : SHRUNK);
  return [...lines, ...last];
}

const paper = (defaults: Settings, lines: (h: Settings) => Lines): Paper => ({
  defaults,
  lines(settings) {
    const h = { ...defaults, ...settings };
    return complete(h, lines(h));
  },
});

const rule = (defaults: Settings, chosen: (h: Settings) => Case): Rule => ({
  ...paper(defaults, (h) => chosen(h).lines),
  make(theta, rate, settings, bias) {
    const h = { ...defaults, ...settings };
    return chosen(h).make(theta, rate, h, bias);
  },
});

/** How letters are written. */
export const SIGNS: Readonly<Record<string, string>> = {
  theta: "θ",
  beta: "β",
  beta1: "β₁",
  beta2: "β₂",
  epsilon: "ε",
  eta: "η",
  mu: "μ",
  mu_next: "μ₊",
  lam: "λ",
  lambd: "λ",
  rho: "ρ",
  rho_inf: "ρ∞",
  psi: "ψ",
  alpha: "α",
  m_hat: "m^",
  v_hat: "v^",
  u_hat: "u^",
  s_hat: "s^",
  beta3: "β₃",
  nu: "ν",
  gamma: "γ",
  product: "P",
};

const CLIPPED: PaperLine = { letter: "g", text: () => "clip(g)", call: { name: "clip", of: [(n) => n("g")] } };
const TURNED: PaperLine = { letter: "g", text: () => "-{g}", value: (n) => -n("g") };
const SHRUNK: PaperLine = { letter: "theta", text: () => "(1 − {rate} · {lam}) · {theta}", value: (n) => (1 - n("rate") * n("lam")) * n("theta") };
const line_1: PaperLine = { letter: "g", text: () => "∇f(θ)", call: { name: "grad", of: [(n) => n("theta")] } };
const line_2: PaperLine = { letter: "step", text: () => "{rate} · {g}", value: (n) => n("rate") * n("g") };
const line_3: PaperLine = { letter: "theta", text: () => "{theta} − {step}", value: (n) => n("theta") - n("step") };
const line_4: PaperLine = { letter: "g", text: () => "{g} + {lam} · {theta}", value: (n) => n("g") + n("lam") * n("theta") };
const line_5: PaperLine = { letter: "v", text: () => "{mu} · {v} + {g}", value: (n) => n("mu") * n("v") + n("g") };
const line_6: PaperLine = { letter: "step", text: () => "{rate} · {v}", value: (n) => n("rate") * n("v") };
const line_7: PaperLine = { letter: "v", text: (n) => (n("t") > 1 ? "{mu} · {v} + (1 − {dampening}) · {g}" : "{mu} · {v} + {g}"), value: (n) => n("mu") * n("v") + (n("t") > 1 ? (1 - n("dampening")) * n("g") : n("g")) };
const line_8: PaperLine = { letter: "step", text: () => "{rate} · ({g} + {mu} · {v})", value: (n) => n("rate") * (n("g") + n("mu") * n("v")) };
const line_9: PaperLine = { letter: "y", text: () => "{theta} + {mu} · {v}", value: (n) => n("theta") + n("mu") * n("v") };
const line_10: PaperLine = { letter: "g", text: () => "∇f(y)", call: { name: "grad", of: [(n) => n("y")] } };
const line_11: PaperLine = { letter: "v", text: () => "{mu} · {v} − {rate} · {g}", value: (n) => n("mu") * n("v") - n("rate") * n("g") };
const line_12: PaperLine = { letter: "theta", text: () => "{theta} + {v}", value: (n) => n("theta") + n("v") };
const line_13: PaperLine = { letter: "g", text: () => "{g} + {lam} · {y}", value: (n) => n("g") + n("lam") * n("y") };
const line_14: PaperLine = { letter: "G", text: () => "{G} + {g}^2", value: (n) => n("G") + n("g") ** 2 };
const line_15: PaperLine = { letter: "step", text: () => "{rate} · {g} / (√({G}) + {epsilon})", value: (n) => n("rate") * n("g") / (Math.sqrt(n("G")) + n("epsilon")) };
const line_16: PaperLine = { letter: "rate", text: () => "{rate} / (1 + {rate_decay} · ({t} − 1))", value: (n) => n("rate") / (1 + n("rate_decay") * (n("t") - 1)) };
const line_17: PaperLine = { letter: "step", text: () => "{rate} · {g} / √({G} + {epsilon})", value: (n) => n("rate") * n("g") / Math.sqrt(n("G") + n("epsilon")) };
const line_18: PaperLine = { letter: "n", text: () => "norm(g)", call: { name: "norm", of: [(n) => n("g")] } };
const line_19: PaperLine = { letter: "G", text: () => "{G} + {n}^2", value: (n) => n("G") + n("n") ** 2 };
const line_20: PaperLine = { letter: "E", text: () => "{rho} · {E} + (1 − {rho}) · {g}^2", value: (n) => n("rho") * n("E") + (1 - n("rho")) * n("g") ** 2 };
const line_21: PaperLine = { letter: "d", text: () => "√({D} + {epsilon}) / √({E} + {epsilon}) · {g}", value: (n) => Math.sqrt(n("D") + n("epsilon")) / Math.sqrt(n("E") + n("epsilon")) * n("g") };
const line_22: PaperLine = { letter: "D", text: () => "{rho} · {D} + (1 − {rho}) · {d}^2", value: (n) => n("rho") * n("D") + (1 - n("rho")) * n("d") ** 2 };
const line_23: PaperLine = { letter: "step", text: () => "{rate} · {d}", value: (n) => n("rate") * n("d") };
const line_24: PaperLine = { letter: "v", text: () => "{rho} · {v} + (1 − {rho}) · {g}^2", value: (n) => n("rho") * n("v") + (1 - n("rho")) * n("g") ** 2 };
const line_25: PaperLine = { letter: "a", text: () => "{rho} · {a} + (1 − {rho}) · {g}", value: (n) => n("rho") * n("a") + (1 - n("rho")) * n("g") };
const line_26: PaperLine = { letter: "s", text: () => "max({v} − {a}^2, 0)", value: (n) => Math.max(n("v") - n("a") ** 2, 0) };
const line_27: PaperLine = { letter: "step", text: () => "{rate} · {g} / (√({s}) + {epsilon})", value: (n) => n("rate") * n("g") / (Math.sqrt(n("s")) + n("epsilon")) };
const line_28: PaperLine = { letter: "b", text: () => "{mu} · {b} + {g} / (√({s}) + {epsilon})", value: (n) => n("mu") * n("b") + n("g") / (Math.sqrt(n("s")) + n("epsilon")) };
const line_29: PaperLine = { letter: "step", text: () => "{rate} · {b}", value: (n) => n("rate") * n("b") };
const line_30: PaperLine = { letter: "step", text: () => "{rate} · {g} / √({s} + {epsilon})", value: (n) => n("rate") * n("g") / Math.sqrt(n("s") + n("epsilon")) };
const line_31: PaperLine = { letter: "b", text: () => "{mu} · {b} + {rate} · {g} / √({s} + {epsilon})", value: (n) => n("mu") * n("b") + n("rate") * n("g") / Math.sqrt(n("s") + n("epsilon")) };
const line_32: PaperLine = { letter: "step", text: () => "{b}", value: (n) => n("b") };
const line_33: PaperLine = { letter: "step", text: () => "{rate} · {g} / (√({v}) + {epsilon})", value: (n) => n("rate") * n("g") / (Math.sqrt(n("v")) + n("epsilon")) };
const line_34: PaperLine = { letter: "b", text: () => "{mu} · {b} + {g} / (√({v}) + {epsilon})", value: (n) => n("mu") * n("b") + n("g") / (Math.sqrt(n("v")) + n("epsilon")) };
const line_35: PaperLine = { letter: "step", text: () => "{rate} · {g} / √({v} + {epsilon})", value: (n) => n("rate") * n("g") / Math.sqrt(n("v") + n("epsilon")) };
const line_36: PaperLine = { letter: "b", text: () => "{mu} · {b} + {rate} · {g} / √({v} + {epsilon})", value: (n) => n("mu") * n("b") + n("rate") * n("g") / Math.sqrt(n("v") + n("epsilon")) };
const line_37: PaperLine = { letter: "m", text: () => "{beta1} · {m} + (1 − {beta1}) · {g}", value: (n) => n("beta1") * n("m") + (1 - n("beta1")) * n("g") };
const line_38: PaperLine = { letter: "v", text: () => "{beta2} · {v} + (1 − {beta2}) · {g}^2", value: (n) => n("beta2") * n("v") + (1 - n("beta2")) * n("g") ** 2 };
const line_39: PaperLine = { letter: "m_hat", text: () => "{m} / (1 − {beta1}^{t})", value: (n) => n("m") / (1 - n("beta1") ** n("t")) };
const line_40: PaperLine = { letter: "v_hat", text: () => "{v} / (1 − {beta2}^{t})", value: (n) => n("v") / (1 - n("beta2") ** n("t")) };
const line_41: PaperLine = { letter: "step", text: () => "{rate} · {m_hat} / (√({v_hat}) + {epsilon})", value: (n) => n("rate") * n("m_hat") / (Math.sqrt(n("v_hat")) + n("epsilon")) };
const line_42: PaperLine = { letter: "step", text: () => "{rate} · {m_hat} / √({v_hat} + {epsilon})", value: (n) => n("rate") * n("m_hat") / Math.sqrt(n("v_hat") + n("epsilon")) };
const line_43: PaperLine = { letter: "step", text: () => "{rate} · √(1 − {beta2}^{t}) / (1 − {beta1}^{t}) · {m} / (√({v}) + {epsilon})", value: (n) => n("rate") * Math.sqrt(1 - n("beta2") ** n("t")) / (1 - n("beta1") ** n("t")) * n("m") / (Math.sqrt(n("v")) + n("epsilon")) };
const line_44: PaperLine = { letter: "u", text: () => "max({u}, {v})", value: (n) => Math.max(n("u"), n("v")) };
const line_45: PaperLine = { letter: "u_hat", text: () => "{u} / (1 − {beta2}^{t})", value: (n) => n("u") / (1 - n("beta2") ** n("t")) };
const line_46: PaperLine = { letter: "step", text: () => "{rate} · {m_hat} / (√({u_hat}) + {epsilon})", value: (n) => n("rate") * n("m_hat") / (Math.sqrt(n("u_hat")) + n("epsilon")) };
const line_47: PaperLine = { letter: "u", text: () => "max({u}, {v_hat})", value: (n) => Math.max(n("u"), n("v_hat")) };
const line_48: PaperLine = { letter: "step", text: () => "{rate} · {m_hat} / (√({u}) + {epsilon})", value: (n) => n("rate") * n("m_hat") / (Math.sqrt(n("u")) + n("epsilon")) };
const line_49: PaperLine = { letter: "mu", text: () => "{beta1} · (1 − 0.96^({psi} · {t}) / 2)", value: (n) => n("beta1") * (1 - 0.96 ** (n("psi") * n("t")) / 2) };
const line_50: PaperLine = { letter: "mu_next", text: () => "{beta1} · (1 − 0.96^({psi} · ({t} + 1)) / 2)", value: (n) => n("beta1") * (1 - 0.96 ** (n("psi") * (n("t") + 1)) / 2) };
const line_51: PaperLine = { letter: "product", text: () => "{product} · {mu}", value: (n) => n("product") * n("mu") };
const line_52: PaperLine = { letter: "n", text: () => "{mu_next} · {m} / (1 − {product} · {mu_next}) + (1 − {mu}) · {g} / (1 − {product})", value: (n) => n("mu_next") * n("m") / (1 - n("product") * n("mu_next")) + (1 - n("mu")) * n("g") / (1 - n("product")) };
const line_53: PaperLine = { letter: "step", text: () => "{rate} · {n} / (√({v_hat}) + {epsilon})", value: (n) => n("rate") * n("n") / (Math.sqrt(n("v_hat")) + n("epsilon")) };
const line_54: PaperLine = { letter: "mu", text: () => "{beta1} · (1 − 0.96^{t} / 2)", value: (n) => n("beta1") * (1 - 0.96 ** n("t") / 2) };
const line_55: PaperLine = { letter: "mu_next", text: () => "{beta1} · (1 − 0.96^({t} + 1) / 2)", value: (n) => n("beta1") * (1 - 0.96 ** (n("t") + 1) / 2) };
const line_56: PaperLine = { letter: "mu", text: () => "{beta1}", value: (n) => n("beta1") };
const line_57: PaperLine = { letter: "mu_next", text: () => "{beta1}", value: (n) => n("beta1") };
const line_58: PaperLine = { letter: "u", text: () => "max({beta2} · {u}, abs({g}) + {epsilon})", value: (n) => Math.max(n("beta2") * n("u"), Math.abs(n("g")) + n("epsilon")) };
const line_59: PaperLine = { letter: "step", text: () => "{rate} · {m_hat} / {u}", value: (n) => n("rate") * n("m_hat") / n("u") };
const line_60: PaperLine = { letter: "u", text: () => "max({beta2} · {u}, abs({g}))", value: (n) => Math.max(n("beta2") * n("u"), Math.abs(n("g"))) };
const line_61: PaperLine = { letter: "step", text: () => "{rate} · {m_hat} / ({u} + {epsilon})", value: (n) => n("rate") * n("m_hat") / (n("u") + n("epsilon")) };
const line_62: PaperLine = { letter: "rho_inf", text: () => "2 / (1 − {beta2}) − 1", value: (n) => 2 / (1 - n("beta2")) - 1 };
const line_63: PaperLine = { letter: "rho", text: () => "{rho_inf} − 2 · {t} · {beta2}^{t} / (1 − {beta2}^{t})", value: (n) => n("rho_inf") - 2 * n("t") * n("beta2") ** n("t") / (1 - n("beta2") ** n("t")) };
const line_64: PaperLine = { letter: "r", text: (n) => (n("rho") > n("threshold") ? "√(({rho} − 4) · ({rho} − 2) · {rho_inf} / (({rho_inf} − 4) · ({rho_inf} − 2) · {rho}))" : null), value: (n) => n("rho") > n("threshold") ? Math.sqrt((n("rho") - 4) * (n("rho") - 2) * n("rho_inf") / ((n("rho_inf") - 4) * (n("rho_inf") - 2) * n("rho"))) : 1 };
const line_65: PaperLine = { letter: "step", text: (n) => (n("rho") > n("threshold") ? "{rate} · {r} · {m_hat} · √(1 − {beta2}^{t}) / (√({v}) + {epsilon})" : "{rate} · {m_hat}"), value: (n) => n("rho") > n("threshold") ? n("rate") * n("r") * n("m_hat") * Math.sqrt(1 - n("beta2") ** n("t")) / (Math.sqrt(n("v")) + n("epsilon")) : n("rate") * n("m_hat") };
const line_66: PaperLine = { letter: "turn", text: () => "{g} · {last}", value: (n) => n("g") * n("last") };
const line_67: PaperLine = { letter: "size", text: () => "{grow} · {size} if {turn} > 0 else {shrink} · {size} if {turn} < 0 else {size}", value: (n) => n("turn") > 0 ? n("grow") * n("size") : n("turn") < 0 ? n("shrink") * n("size") : n("size") };
const line_68: PaperLine = { letter: "size", text: () => "clamp({size}, {smallest}, {largest})", value: (n) => Math.min(Math.max(n("size"), n("smallest")), n("largest")) };
const line_69: PaperLine = { letter: "g", text: () => "0 if {turn} < 0 else {g}", value: (n) => n("turn") < 0 ? 0 : n("g") };
const line_70: PaperLine = { letter: "step", text: () => "sign({g}) · {size}", value: (n) => Math.sign(n("g")) * n("size") };
const line_71: PaperLine = { letter: "last", text: () => "{g}", value: (n) => n("g") };
const line_72: PaperLine = { letter: "g", text: () => "∇f(z)", call: { name: "grad", of: [(n) => n("z")] } };
const line_73: PaperLine = { letter: "eta", text: () => "{rate} / (1 + {lambd} · {rate} · ({t} − 1))^{alpha}", value: (n) => n("rate") / (1 + n("lambd") * n("rate") * (n("t") - 1)) ** n("alpha") };
const line_74: PaperLine = { letter: "z", text: () => "(1 − {lambd} · {eta}) · {z} − {eta} · {g}", value: (n) => (1 - n("lambd") * n("eta")) * n("z") - n("eta") * n("g") };
const line_75: PaperLine = { letter: "theta", text: () => "{theta} + ({z} − {theta}) / max(1, {t} − 1 − {t0})", value: (n) => n("theta") + (n("z") - n("theta")) / Math.max(1, n("t") - 1 - n("t0")) };
const line_76: PaperLine = { letter: "g", text: () => "{g} + {lam} · {z}", value: (n) => n("g") + n("lam") * n("z") };
const line_77: PaperLine = { letter: "r", text: () => "H(g)", call: { name: "H", of: [(n) => n("g")] } };
const line_78: PaperLine = { letter: "t", text: () => "search(r)", call: { name: "search", of: [(n) => n("r")] } };
const line_79: PaperLine = { letter: "step", text: () => "-{t} · {r}", value: (n) => -n("t") * n("r") };
const line_80: PaperLine = { letter: "theta", text: () => "{theta} + {step}", value: (n) => n("theta") + n("step") };
const line_81: PaperLine = { letter: "step", text: () => "{rate} · sign({beta1} · {m} + (1 − {beta1}) · {g})", value: (n) => n("rate") * Math.sign(n("beta1") * n("m") + (1 - n("beta1")) * n("g")) };
const line_82: PaperLine = { letter: "m", text: () => "{beta2} · {m} + (1 − {beta2}) · {g}", value: (n) => n("beta2") * n("m") + (1 - n("beta2")) * n("g") };
const line_83: PaperLine = { letter: "s", text: () => "{beta2} · {s} + (1 − {beta2}) · ({g} − {m})^2 + {epsilon}", value: (n) => n("beta2") * n("s") + (1 - n("beta2")) * (n("g") - n("m")) ** 2 + n("epsilon") };
const line_84: PaperLine = { letter: "s_hat", text: () => "{s} / (1 − {beta2}^{t})", value: (n) => n("s") / (1 - n("beta2") ** n("t")) };
const line_85: PaperLine = { letter: "step", text: () => "{rate} · {m_hat} / (√({s_hat}) + {epsilon})", value: (n) => n("rate") * n("m_hat") / (Math.sqrt(n("s_hat")) + n("epsilon")) };
const line_86: PaperLine = { letter: "y", text: () => "(1 − {beta}) · {z} + {beta} · {theta}", value: (n) => (1 - n("beta")) * n("z") + n("beta") * n("theta") };
const line_87: PaperLine = { letter: "weight", text: () => "{weight} + {rate}^2", value: (n) => n("weight") + n("rate") ** 2 };
const line_88: PaperLine = { letter: "c", text: () => "{rate}^2 / {weight} if {weight} > 0 else 0", value: (n) => n("weight") > 0 ? n("rate") ** 2 / n("weight") : 0 };
const line_89: PaperLine = { letter: "z", text: () => "{z} − {rate} · {g}", value: (n) => n("z") - n("rate") * n("g") };
const line_90: PaperLine = { letter: "theta", text: () => "{theta} + {c} · ({z} − {theta})", value: (n) => n("theta") + n("c") * (n("z") - n("theta")) };
const line_91: PaperLine = { letter: "z", text: () => "{z} − {rate} · {g} / (√({v_hat}) + {epsilon})", value: (n) => n("z") - n("rate") * n("g") / (Math.sqrt(n("v_hat")) + n("epsilon")) };
const line_92: PaperLine = { letter: "z", text: () => "{z} − {rate} · ({g} / (√({v_hat}) + {epsilon}) + {lam} · {y})", value: (n) => n("z") - n("rate") * (n("g") / (Math.sqrt(n("v_hat")) + n("epsilon")) + n("lam") * n("y")) };
const line_93: PaperLine = { letter: "gamma", text: () => "{rate} · √(1 − {beta2}^{t})", value: (n) => n("rate") * Math.sqrt(1 - n("beta2") ** n("t")) };
const line_94: PaperLine = { letter: "weight", text: () => "{weight} + {gamma}^2", value: (n) => n("weight") + n("gamma") ** 2 };
const line_95: PaperLine = { letter: "c", text: () => "{gamma}^2 / {weight} if {weight} > 0 else 0", value: (n) => n("weight") > 0 ? n("gamma") ** 2 / n("weight") : 0 };
const line_96: PaperLine = { letter: "z", text: () => "{z} − {gamma} · {g} / (√({v}) + {epsilon})", value: (n) => n("z") - n("gamma") * n("g") / (Math.sqrt(n("v")) + n("epsilon")) };
const line_97: PaperLine = { letter: "z", text: () => "{z} − {gamma} · ({g} / (√({v}) + {epsilon}) + {lam} · {y})", value: (n) => n("z") - n("gamma") * (n("g") / (Math.sqrt(n("v")) + n("epsilon")) + n("lam") * n("y")) };
const line_98: PaperLine = { letter: "m", text: () => "{beta} · {m} + (1 − {beta}) · {g}", value: (n) => n("beta") * n("m") + (1 - n("beta")) * n("g") };
const line_99: PaperLine = { letter: "step", text: () => "{rate} · sign({m})", value: (n) => n("rate") * Math.sign(n("m")) };
const line_100: PaperLine = { letter: "step", text: () => "{rate} · ((1 − {nu}) · {g} + {nu} · {m})", value: (n) => n("rate") * ((1 - n("nu")) * n("g") + n("nu") * n("m")) };
const line_101: PaperLine = { letter: "v", text: () => "{v} − (1 − {beta2}) · sign({v} − {g}^2) · {g}^2", value: (n) => n("v") - (1 - n("beta2")) * Math.sign(n("v") - n("g") ** 2) * n("g") ** 2 };
const line_102: PaperLine = { letter: "step", text: () => "{rate} · {m} / (√({v}) + {epsilon})", value: (n) => n("rate") * n("m") / (Math.sqrt(n("v")) + n("epsilon")) };
const line_103: PaperLine = { letter: "s", text: () => "clamp({t} / {warm_up}, 0, 1)", value: (n) => Math.min(Math.max(n("t") / n("warm_up"), 0), 1) };
const line_104: PaperLine = { letter: "b3", text: () => "exp(1 / ((1 − {s}) / log({beta1}) + {s} / log({beta3})))", value: (n) => Math.exp(1 / ((1 - n("s")) / Math.log(n("beta1")) + n("s") / Math.log(n("beta3")))) };
const line_105: PaperLine = { letter: "m1", text: () => "{beta1} · {m1} + (1 − {beta1}) · {g}", value: (n) => n("beta1") * n("m1") + (1 - n("beta1")) * n("g") };
const line_106: PaperLine = { letter: "m2", text: () => "{b3} · {m2} + (1 − {b3}) · {g}", value: (n) => n("b3") * n("m2") + (1 - n("b3")) * n("g") };
const line_107: PaperLine = { letter: "m_hat", text: () => "{m1} / (1 − {beta1}^{t})", value: (n) => n("m1") / (1 - n("beta1") ** n("t")) };
const line_108: PaperLine = { letter: "step", text: () => "{rate} · ({m_hat} + {s} · {alpha} · {m2}) / (√({v_hat}) + {epsilon})", value: (n) => n("rate") * (n("m_hat") + n("s") * n("alpha") * n("m2")) / (Math.sqrt(n("v_hat")) + n("epsilon")) };
const line_109: PaperLine = { letter: "s", text: () => "{theta} − {x}", value: (n) => n("theta") - n("x") };
const line_110: PaperLine = { letter: "u", text: () => "{g} − {h}", value: (n) => n("g") - n("h") };
const line_111: PaperLine = { letter: "a", text: () => "dot(s, u)", call: { name: "dot", of: [(n) => n("s"), (n) => n("u")] } };
const line_112: PaperLine = { letter: "b", text: () => "dot(s, s)", call: { name: "dot", of: [(n) => n("s"), (n) => n("s")] } };
const line_113: PaperLine = { letter: "size", text: () => "{b} / {a} if {a} > 0 else {rate}", value: (n) => n("a") > 0 ? n("b") / n("a") : n("rate") };
const line_114: PaperLine = { letter: "x", text: () => "{theta}", value: (n) => n("theta") };
const line_115: PaperLine = { letter: "h", text: () => "{g}", value: (n) => n("g") };
const line_116: PaperLine = { letter: "step", text: () => "{size} · {g}", value: (n) => n("size") * n("g") };
const line_117: PaperLine = { letter: "b", text: () => "dot(u, u)", call: { name: "dot", of: [(n) => n("u"), (n) => n("u")] } };
const line_118: PaperLine = { letter: "size", text: () => "{a} / {b} if {a} > 0 else {rate}", value: (n) => n("a") > 0 ? n("a") / n("b") : n("rate") };
const line_119: PaperLine = { letter: "f", text: () => "value(θ)", call: { name: "value", of: [(n) => n("theta")] } };
const line_120: PaperLine = { letter: "a", text: () => "dot(g, g)", call: { name: "dot", of: [(n) => n("g"), (n) => n("g")] } };
const line_121: PaperLine = { letter: "size", text: () => "max({f} − {lowest}, 0) / {a} if {a} > 0 else 0", value: (n) => n("a") > 0 ? Math.max(n("f") - n("lowest"), 0) / n("a") : 0 };
const line_122: PaperLine = { letter: "step", text: () => "{rate} · {size} · {g}", value: (n) => n("rate") * n("size") * n("g") };
const line_123: PaperLine = { letter: "size", text: () => "clamp({size}, 0, {largest})", value: (n) => Math.min(Math.max(n("size"), 0), n("largest")) };
const line_124: PaperLine = { letter: "mu", text: () => "({k} − 1) / ({k} + 2)", value: (n) => (n("k") - 1) / (n("k") + 2) };
const line_125: PaperLine = { letter: "a", text: () => "dot(g, v)", call: { name: "dot", of: [(n) => n("g"), (n) => n("v")] } };
const line_126: PaperLine = { letter: "k", text: () => "1 if {a} > 0 else {k} + 1", value: (n) => n("a") > 0 ? 1 : n("k") + 1 };
const line_127: PaperLine = { letter: "a", text: () => "norm(v)", call: { name: "norm", of: [(n) => n("v")] } };
const line_128: PaperLine = { letter: "b", text: () => "norm(v)", call: { name: "norm", of: [(n) => n("v")] } };
const line_129: PaperLine = { letter: "k", text: () => "{k} + 1 if {k} < {shortest} else 1 if {b} < {a} else {k} + 1", value: (n) => n("k") < n("shortest") ? n("k") + 1 : n("b") < n("a") ? 1 : n("k") + 1 };
const line_130: PaperLine = { letter: "d", text: () => "{g} − {h}", value: (n) => n("g") - n("h") };
const line_131: PaperLine = { letter: "a", text: () => "dot(g, d)", call: { name: "dot", of: [(n) => n("g"), (n) => n("d")] } };
const line_132: PaperLine = { letter: "b", text: () => "dot(h, h)", call: { name: "dot", of: [(n) => n("h"), (n) => n("h")] } };
const line_133: PaperLine = { letter: "beta", text: () => "max({a} / {b}, 0) if {b} > 0 else 0", value: (n) => n("b") > 0 ? Math.max(n("a") / n("b"), 0) : 0 };
const line_134: PaperLine = { letter: "r", text: () => "{g} + {beta} · {r}", value: (n) => n("g") + n("beta") * n("r") };
const line_135: PaperLine = { letter: "c", text: () => "dot(g, r)", call: { name: "dot", of: [(n) => n("g"), (n) => n("r")] } };
const line_136: PaperLine = { letter: "r", text: () => "{r} if {c} > 0 else {g}", value: (n) => n("c") > 0 ? n("r") : n("g") };
const line_137: PaperLine = { letter: "b", text: () => "norm(θ − x)", call: { name: "norm", of: [(n) => n("theta") - n("x")] } };
const line_138: PaperLine = { letter: "r", text: () => "max({r}, {b})", value: (n) => Math.max(n("r"), n("b")) };
const line_139: PaperLine = { letter: "G", text: () => "{G} + {a}", value: (n) => n("G") + n("a") };
const line_140: PaperLine = { letter: "size", text: () => "{r} / √({G} + {epsilon})", value: (n) => n("r") / Math.sqrt(n("G") + n("epsilon")) };
const line_141: PaperLine = { letter: "G", text: () => "{G} + {r}^2 · {a}", value: (n) => n("G") + n("r") ** 2 * n("a") };
const line_142: PaperLine = { letter: "size", text: () => "{r}^2 / √({G} + {epsilon})", value: (n) => n("r") ** 2 / Math.sqrt(n("G") + n("epsilon")) };
const line_143: PaperLine = { letter: "gamma", text: () => "{rate}", value: (n) => n("rate") };
const line_144: PaperLine = { letter: "beta3", text: () => "√({beta2})", value: (n) => Math.sqrt(n("beta2")) };
const line_145: PaperLine = { letter: "a", text: () => "dot(γ · g, x − θ)", call: { name: "dot", of: [(n) => n("gamma") * n("g"), (n) => n("x") - n("theta")] } };
const line_146: PaperLine = { letter: "r", text: () => "{beta3} · {r} + (1 − {beta3}) · {d}^2 · {a}", value: (n) => n("beta3") * n("r") + (1 - n("beta3")) * n("d") ** 2 * n("a") };
const line_147: PaperLine = { letter: "s", text: () => "{beta3} · {s} + (1 − {beta3}) · {d}^2 · {gamma} · {g}", value: (n) => n("beta3") * n("s") + (1 - n("beta3")) * n("d") ** 2 * n("gamma") * n("g") };
const line_148: PaperLine = { letter: "m", text: () => "{beta1} · {m} + (1 − {beta1}) · {d} · {g}", value: (n) => n("beta1") * n("m") + (1 - n("beta1")) * n("d") * n("g") };
const line_149: PaperLine = { letter: "v", text: () => "{beta2} · {v} + (1 − {beta2}) · {d}^2 · {g}^2", value: (n) => n("beta2") * n("v") + (1 - n("beta2")) * n("d") ** 2 * n("g") ** 2 };
const line_150: PaperLine = { letter: "step", text: () => "{gamma} · {d} · {m} / (√({v}) + {d} · {epsilon})", value: (n) => n("gamma") * n("d") * n("m") / (Math.sqrt(n("v")) + n("d") * n("epsilon")) };
const line_151: PaperLine = { letter: "b", text: () => "dot(s, sign(s))", call: { name: "dot", of: [(n) => n("s"), (n) => Math.sign(n("s"))] } };
const line_152: PaperLine = { letter: "d", text: () => "max({d}, {coefficient} · {r} / {b}) if {b} > 0 else {d}", value: (n) => n("b") > 0 ? Math.max(n("d"), n("coefficient") * n("r") / n("b")) : n("d") };
const line_153: PaperLine = { letter: "step", text: () => "{gamma} · {d} · ({m} / (√({v}) + {d} · {epsilon}) + {lam} · {theta})", value: (n) => n("gamma") * n("d") * (n("m") / (Math.sqrt(n("v")) + n("d") * n("epsilon")) + n("lam") * n("theta")) };
const line_154: PaperLine = { letter: "gamma", text: () => "{rate} · √(1 − {beta2}^{t}) / (1 − {beta1}^{t})", value: (n) => n("rate") * Math.sqrt(1 - n("beta2") ** n("t")) / (1 - n("beta1") ** n("t")) };

const gradient_descent: Case = {
  lines: [[line_1], line_4, [line_2, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: {},
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        for (let i = 0; i < width; i++) {
          const $step = rate * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
        }
      },
    };
  },
};

const momentum_without: Case = {
  lines: [[line_1], line_4, [line_5, line_6, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const momentum = settings.momentum as number;
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        for (let i = 0; i < width; i++) {
          const $v = momentum * v[i]! + g[i]!;
          const $step = rate * $v;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
        }
      },
    };
  },
};

const momentum_with: Case = {
  lines: [[line_1], line_4, [line_7, line_6, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const dampening = settings.dampening as number;
    const momentum = settings.momentum as number;
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = t > 1;
        const $1 = 1 - dampening;
        for (let i = 0; i < width; i++) {
          const $v = momentum * v[i]! + ($0 ? $1 * g[i]! : g[i]!);
          const $step = rate * $v;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
        }
      },
    };
  },
};

const nesterov: Case = {
  lines: [[line_1], line_4, [line_5, line_8, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const momentum = settings.momentum as number;
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        for (let i = 0; i < width; i++) {
          const $v = momentum * v[i]! + g[i]!;
          const $step = rate * (g[i]! + momentum * $v);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
        }
      },
    };
  },
};

const nag: Case = {
  lines: [[line_9, line_10], line_13, [line_11, line_12]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const momentum = settings.momentum as number;
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      for (let i = 0; i < width; i++) {
        const $y = theta[i]! + momentum * v[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        for (let i = 0; i < width; i++) {
          const $v = momentum * v[i]! - rate * g[i]!;
          const $theta = theta[i]! + $v;
          theta[i] = $theta;
          v[i] = $v;
        }
      },
    };
  },
};

const adagrad_after_without: Case = {
  lines: [[line_1], line_4, [line_14, line_15, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const G = new Float64Array(width).fill(initial);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        for (let i = 0; i < width; i++) {
          const $G = G[i]! + g[i]! * g[i]!;
          const $step = rate * g[i]! / (Math.sqrt($G) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          G[i] = $G;
        }
      },
    };
  },
};

const adagrad_after_with: Case = {
  lines: [[line_1], line_4, [line_16, line_14, line_15, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const rate_decay = settings.rate_decay as number;
    const G = new Float64Array(width).fill(initial);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $rate = rate / (1 + rate_decay * (t - 1));
        for (let i = 0; i < width; i++) {
          const $G = G[i]! + g[i]! * g[i]!;
          const $step = $rate * g[i]! / (Math.sqrt($G) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          G[i] = $G;
        }
      },
    };
  },
};

const adagrad_inside_without: Case = {
  lines: [[line_1], line_4, [line_14, line_17, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const G = new Float64Array(width).fill(initial);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        for (let i = 0; i < width; i++) {
          const $G = G[i]! + g[i]! * g[i]!;
          const $step = rate * g[i]! / Math.sqrt($G + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          G[i] = $G;
        }
      },
    };
  },
};

const adagrad_inside_with: Case = {
  lines: [[line_1], line_4, [line_16, line_14, line_17, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const rate_decay = settings.rate_decay as number;
    const G = new Float64Array(width).fill(initial);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $rate = rate / (1 + rate_decay * (t - 1));
        for (let i = 0; i < width; i++) {
          const $G = G[i]! + g[i]! * g[i]!;
          const $step = $rate * g[i]! / Math.sqrt($G + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          G[i] = $G;
        }
      },
    };
  },
};

const adagrad_norm_inside: Case = {
  lines: [[line_1], line_4, [line_18, line_19, line_17, line_3]],
  make(theta0, _rate0, settings, bias) {
    const width = theta0.length;
    const weights = width - (bias && settings.bias === true ? 1 : 0);
    const epsilon = settings.epsilon as number;
    const G = new Float64Array(width);
    const all$n = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        norm(g, all$n, weights);
        for (let i = 0; i < width; i++) {
          const $G = G[i]! + all$n[i]! * all$n[i]!;
          const $step = rate * g[i]! / Math.sqrt($G + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          G[i] = $G;
        }
      },
    };
  },
};

const adagrad_norm_after: Case = {
  lines: [[line_1], line_4, [line_18, line_19, line_15, line_3]],
  make(theta0, _rate0, settings, bias) {
    const width = theta0.length;
    const weights = width - (bias && settings.bias === true ? 1 : 0);
    const epsilon = settings.epsilon as number;
    const G = new Float64Array(width);
    const all$n = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        norm(g, all$n, weights);
        for (let i = 0; i < width; i++) {
          const $G = G[i]! + all$n[i]! * all$n[i]!;
          const $step = rate * g[i]! / (Math.sqrt($G) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          G[i] = $G;
        }
      },
    };
  },
};

const adadelta: Case = {
  lines: [[line_1], line_4, [line_20, line_21, line_22, line_23, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const rho = settings.rho as number;
    const E = new Float64Array(width);
    const D = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { E, D },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $E = rho * E[i]! + $0 * (g[i]! * g[i]!);
          const $d = Math.sqrt(D[i]! + epsilon) / Math.sqrt($E + epsilon) * g[i]!;
          const $D = rho * D[i]! + $0 * ($d * $d);
          const $step = rate * $d;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          E[i] = $E;
          D[i] = $D;
        }
      },
    };
  },
};

const rmsprop_with_after_without: Case = {
  lines: [[line_1], line_4, [line_24, line_25, line_26, line_27, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const a = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v, a },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $a = rho * a[i]! + $0 * g[i]!;
          const $s = Math.max($v - $a * $a, 0);
          const $step = rate * g[i]! / (Math.sqrt($s) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
          a[i] = $a;
        }
      },
    };
  },
};

const rmsprop_with_after_with: Case = {
  lines: [[line_1], line_4, [line_24, line_25, line_26, line_28, line_29, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const momentum = settings.momentum as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const a = new Float64Array(width);
    const b = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v, a, b },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $a = rho * a[i]! + $0 * g[i]!;
          const $s = Math.max($v - $a * $a, 0);
          const $b = momentum * b[i]! + g[i]! / (Math.sqrt($s) + epsilon);
          const $step = rate * $b;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
          a[i] = $a;
          b[i] = $b;
        }
      },
    };
  },
};

const rmsprop_with_inside_without: Case = {
  lines: [[line_1], line_4, [line_24, line_25, line_26, line_30, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const a = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v, a },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $a = rho * a[i]! + $0 * g[i]!;
          const $s = Math.max($v - $a * $a, 0);
          const $step = rate * g[i]! / Math.sqrt($s + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
          a[i] = $a;
        }
      },
    };
  },
};

const rmsprop_with_inside_with: Case = {
  lines: [[line_1], line_4, [line_24, line_25, line_26, line_31, line_32, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const momentum = settings.momentum as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const a = new Float64Array(width);
    const b = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v, a, b },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $a = rho * a[i]! + $0 * g[i]!;
          const $s = Math.max($v - $a * $a, 0);
          const $b = momentum * b[i]! + rate * g[i]! / Math.sqrt($s + epsilon);
          const $step = $b;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
          a[i] = $a;
          b[i] = $b;
        }
      },
    };
  },
};

const rmsprop_without_after_without: Case = {
  lines: [[line_1], line_4, [line_24, line_33, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $step = rate * g[i]! / (Math.sqrt($v) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
        }
      },
    };
  },
};

const rmsprop_without_after_with: Case = {
  lines: [[line_1], line_4, [line_24, line_34, line_29, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const momentum = settings.momentum as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const b = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v, b },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $b = momentum * b[i]! + g[i]! / (Math.sqrt($v) + epsilon);
          const $step = rate * $b;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
          b[i] = $b;
        }
      },
    };
  },
};

const rmsprop_without_inside_without: Case = {
  lines: [[line_1], line_4, [line_24, line_35, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $step = rate * g[i]! / Math.sqrt($v + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
        }
      },
    };
  },
};

const rmsprop_without_inside_with: Case = {
  lines: [[line_1], line_4, [line_24, line_36, line_32, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const momentum = settings.momentum as number;
    const rho = settings.rho as number;
    const v = new Float64Array(width);
    const b = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { v, b },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - rho;
        for (let i = 0; i < width; i++) {
          const $v = rho * v[i]! + $0 * (g[i]! * g[i]!);
          const $b = momentum * b[i]! + rate * g[i]! / Math.sqrt($v + epsilon);
          const $step = $b;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          v[i] = $v;
          b[i] = $b;
        }
      },
    };
  },
};

const adam_after: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_39, line_40, line_41, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta1 ** t;
        const $3 = 1 - beta2 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $m_hat = $m / $2;
          const $v_hat = $v / $3;
          const $step = rate * $m_hat / (Math.sqrt($v_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
      },
    };
  },
};

const adam_inside: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_39, line_40, line_42, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta1 ** t;
        const $3 = 1 - beta2 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $m_hat = $m / $2;
          const $v_hat = $v / $3;
          const $step = rate * $m_hat / Math.sqrt($v_hat + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
      },
    };
  },
};

const adam_hat: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_43, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = rate * Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t);
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $step = $2 * $m / (Math.sqrt($v) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
      },
    };
  },
};

const amsgrad_torch: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_39, line_44, line_45, line_46, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const u = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v, u },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta1 ** t;
        const $3 = 1 - beta2 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $m_hat = $m / $2;
          const $u = Math.max(u[i]!, $v);
          const $u_hat = $u / $3;
          const $step = rate * $m_hat / (Math.sqrt($u_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
          u[i] = $u;
        }
      },
    };
  },
};

const amsgrad_optax: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_39, line_40, line_47, line_48, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const u = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v, u },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta1 ** t;
        const $3 = 1 - beta2 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $m_hat = $m / $2;
          const $v_hat = $v / $3;
          const $u = Math.max(u[i]!, $v_hat);
          const $step = rate * $m_hat / (Math.sqrt($u) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
          u[i] = $u;
        }
      },
    };
  },
};

const nadam_dozat: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_40, line_49, line_50, line_51, line_52, line_53, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const psi = settings.psi as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const product = new Float64Array(1).fill(1);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v, product },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta2 ** t;
        const $mu = beta1 * (1 - 0.96 ** (psi * t) / 2);
        const $mu_next = beta1 * (1 - 0.96 ** (psi * (t + 1)) / 2);
        const $product = product[0]! * $mu;
        const $3 = 1 - $product * $mu_next;
        const $4 = 1 - $mu;
        const $5 = 1 - $product;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $v_hat = $v / $2;
          const $n = $mu_next * $m / $3 + $4 * g[i]! / $5;
          const $step = rate * $n / (Math.sqrt($v_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
        product[0] = $product;
      },
    };
  },
};

const nadam_keras: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_40, line_54, line_55, line_51, line_52, line_53, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const product = new Float64Array(1).fill(1);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v, product },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta2 ** t;
        const $mu = beta1 * (1 - 0.96 ** t / 2);
        const $mu_next = beta1 * (1 - 0.96 ** (t + 1) / 2);
        const $product = product[0]! * $mu;
        const $3 = 1 - $product * $mu_next;
        const $4 = 1 - $mu;
        const $5 = 1 - $product;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $v_hat = $v / $2;
          const $n = $mu_next * $m / $3 + $4 * g[i]! / $5;
          const $step = rate * $n / (Math.sqrt($v_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
        product[0] = $product;
      },
    };
  },
};

const nadam_optax: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_40, line_56, line_57, line_51, line_52, line_53, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const product = new Float64Array(1).fill(1);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v, product },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta2 ** t;
        const $mu = beta1;
        const $mu_next = beta1;
        const $product = product[0]! * $mu;
        const $3 = 1 - $product * $mu_next;
        const $4 = 1 - $mu;
        const $5 = 1 - $product;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $v_hat = $v / $2;
          const $n = $mu_next * $m / $3 + $4 * g[i]! / $5;
          const $step = rate * $n / (Math.sqrt($v_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
        product[0] = $product;
      },
    };
  },
};

const adamax_torch: Case = {
  lines: [[line_1], line_4, [line_37, line_58, line_39, line_59, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const u = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, u },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta1 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $u = Math.max(beta2 * u[i]!, Math.abs(g[i]!) + epsilon);
          const $m_hat = $m / $1;
          const $step = rate * $m_hat / $u;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          u[i] = $u;
        }
      },
    };
  },
};

const adamax_keras: Case = {
  lines: [[line_1], line_4, [line_37, line_60, line_39, line_61, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const u = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, u },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta1 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $u = Math.max(beta2 * u[i]!, Math.abs(g[i]!));
          const $m_hat = $m / $1;
          const $step = rate * $m_hat / ($u + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          u[i] = $u;
        }
      },
    };
  },
};

const radam: Case = {
  lines: [[line_1], line_4, [line_37, line_38, line_39, line_62, line_63, line_64, line_65, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const threshold = settings.threshold as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta1 ** t;
        const $rho_inf = 2 / (1 - beta2) - 1;
        const $rho = $rho_inf - 2 * t * beta2 ** t / (1 - beta2 ** t);
        const $r = $rho > threshold ? Math.sqrt(($rho - 4) * ($rho - 2) * $rho_inf / (($rho_inf - 4) * ($rho_inf - 2) * $rho)) : 1;
        const $3 = $rho > threshold;
        const $4 = rate * $r;
        const $5 = Math.sqrt(1 - beta2 ** t);
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $m_hat = $m / $2;
          const $step = $3 ? $4 * $m_hat * $5 / (Math.sqrt($v) + epsilon) : rate * $m_hat;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
      },
    };
  },
};

const rprop: Case = {
  lines: [[line_1], line_4, [line_66, line_67, line_68, line_69, line_70, line_71, line_3]],
  make(theta0, rate0, settings) {
    const width = theta0.length;
    const grow = settings.grow as number;
    const largest = settings.largest as number;
    const shrink = settings.shrink as number;
    const smallest = settings.smallest as number;
    const last = new Float64Array(width);
    const size = new Float64Array(width).fill(rate0);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { last, size },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        for (let i = 0; i < width; i++) {
          const $turn = g[i]! * last[i]!;
          const $size = $turn > 0 ? grow * size[i]! : $turn < 0 ? shrink * size[i]! : size[i]!;
          const $size2 = Math.min(Math.max($size, smallest), largest);
          const $g = $turn < 0 ? 0 : g[i]!;
          const $step = Math.sign($g) * $size2;
          const $last = $g;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          last[i] = $last;
          size[i] = $size2;
        }
      },
    };
  },
};

const asgd: Case = {
  lines: [[line_72], line_76, [line_73, line_74, line_75]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const alpha = settings.alpha as number;
    const lambd = settings.lambd as number;
    const t0 = settings.t0 as number;
    const z = Float64Array.from(theta0);
    const prepared = regular(settings, width);
    const point = () => z;
    return {
      slots: { z },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $eta = rate / (1 + lambd * rate * (t - 1)) ** alpha;
        const $0 = 1 - lambd * $eta;
        const $1 = Math.max(1, t - 1 - t0);
        for (let i = 0; i < width; i++) {
          const $z = $0 * z[i]! - $eta * g[i]!;
          const $theta = theta[i]! + ($z - theta[i]!) / $1;
          theta[i] = $theta;
          z[i] = $z;
        }
      },
    };
  },
};

const lion: Case = {
  lines: [[line_1], line_4, [line_81, line_82, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const m = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        for (let i = 0; i < width; i++) {
          const $step = rate * Math.sign(beta1 * m[i]! + $0 * g[i]!);
          const $m = beta2 * m[i]! + $1 * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
        }
      },
    };
  },
};

const adabelief_paper: Case = {
  lines: [[line_1], line_4, [line_37, line_83, line_39, line_84, line_85, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const s = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, s },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $3 = 1 - beta1 ** t;
        const $4 = 1 - beta2 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $2 = g[i]! - $m;
          const $s = beta2 * s[i]! + $1 * ($2 * $2) + epsilon;
          const $m_hat = $m / $3;
          const $s_hat = $s / $4;
          const $step = rate * $m_hat / (Math.sqrt($s_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          s[i] = $s;
        }
      },
    };
  },
};

const adabelief_optax: Case = {
  lines: [[line_1], line_4, [line_83, line_37, line_39, line_84, line_85, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const m = new Float64Array(width);
    const s = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, s },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta2;
        const $2 = 1 - beta1;
        const $3 = 1 - beta1 ** t;
        const $4 = 1 - beta2 ** t;
        for (let i = 0; i < width; i++) {
          const $1 = g[i]! - m[i]!;
          const $s = beta2 * s[i]! + $0 * ($1 * $1) + epsilon;
          const $m = beta1 * m[i]! + $2 * g[i]!;
          const $m_hat = $m / $3;
          const $s_hat = $s / $4;
          const $step = rate * $m_hat / (Math.sqrt($s_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          s[i] = $s;
        }
      },
    };
  },
};

const schedule_free_sgd: Case = {
  lines: [[line_86, line_10], line_13, [line_87, line_88, line_89, line_90]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta = settings.beta as number;
    const z = Float64Array.from(theta0);
    const weight = new Float64Array(1);
    const prepared = regular(settings, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      const $0 = 1 - beta;
      for (let i = 0; i < width; i++) {
        const $y = $0 * z[i]! + beta * theta[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { z, weight },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $weight = weight[0]! + rate * rate;
        const $c = $weight > 0 ? rate * rate / $weight : 0;
        for (let i = 0; i < width; i++) {
          const $z = z[i]! - rate * g[i]!;
          const $theta = theta[i]! + $c * ($z - theta[i]!);
          theta[i] = $theta;
          z[i] = $z;
        }
        weight[0] = $weight;
      },
    };
  },
};

const schedule_free_adamw_decoupled_after_without: Case = {
  lines: [[line_86, line_10], line_13, [line_38, line_40, line_87, line_88, line_91, line_90]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta = settings.beta as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const z = Float64Array.from(theta0);
    const v = new Float64Array(width);
    const weight = new Float64Array(1);
    const prepared = regular(settings, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      const $0 = 1 - beta;
      for (let i = 0; i < width; i++) {
        const $y = $0 * z[i]! + beta * theta[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { z, v, weight },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta2;
        const $1 = 1 - beta2 ** t;
        const $weight = weight[0]! + rate * rate;
        const $c = $weight > 0 ? rate * rate / $weight : 0;
        for (let i = 0; i < width; i++) {
          const $v = beta2 * v[i]! + $0 * (g[i]! * g[i]!);
          const $v_hat = $v / $1;
          const $z = z[i]! - rate * g[i]! / (Math.sqrt($v_hat) + epsilon);
          const $theta = theta[i]! + $c * ($z - theta[i]!);
          theta[i] = $theta;
          z[i] = $z;
          v[i] = $v;
        }
        weight[0] = $weight;
      },
    };
  },
};

const schedule_free_adamw_decoupled_after_with: Case = {
  lines: [[line_86, line_10], null, [line_38, line_40, line_87, line_88, line_92, line_90]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta = settings.beta as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const weight_decay = settings.weight_decay as number;
    const z = Float64Array.from(theta0);
    const v = new Float64Array(width);
    const weight = new Float64Array(1);
    const prepared = regular({ ...settings, weight_decay: 0 }, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      const $0 = 1 - beta;
      for (let i = 0; i < width; i++) {
        const $y = $0 * z[i]! + beta * theta[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { z, v, weight },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta;
        const $1 = 1 - beta2;
        const $2 = 1 - beta2 ** t;
        const $weight = weight[0]! + rate * rate;
        const $c = $weight > 0 ? rate * rate / $weight : 0;
        for (let i = 0; i < width; i++) {
          const $y = $0 * z[i]! + beta * theta[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $v_hat = $v / $2;
          const $z = z[i]! - rate * (g[i]! / (Math.sqrt($v_hat) + epsilon) + weight_decay * $y);
          const $theta = theta[i]! + $c * ($z - theta[i]!);
          theta[i] = $theta;
          z[i] = $z;
          v[i] = $v;
        }
        weight[0] = $weight;
      },
    };
  },
};

const schedule_free_adamw_decoupled_paper_without: Case = {
  lines: [[line_86, line_10], line_13, [line_38, line_93, line_94, line_95, line_96, line_90]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta = settings.beta as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const z = Float64Array.from(theta0);
    const v = new Float64Array(width);
    const weight = new Float64Array(1);
    const prepared = regular(settings, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      const $0 = 1 - beta;
      for (let i = 0; i < width; i++) {
        const $y = $0 * z[i]! + beta * theta[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { z, v, weight },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta2;
        const $gamma = rate * Math.sqrt(1 - beta2 ** t);
        const $weight = weight[0]! + $gamma * $gamma;
        const $c = $weight > 0 ? $gamma * $gamma / $weight : 0;
        for (let i = 0; i < width; i++) {
          const $v = beta2 * v[i]! + $0 * (g[i]! * g[i]!);
          const $z = z[i]! - $gamma * g[i]! / (Math.sqrt($v) + epsilon);
          const $theta = theta[i]! + $c * ($z - theta[i]!);
          theta[i] = $theta;
          z[i] = $z;
          v[i] = $v;
        }
        weight[0] = $weight;
      },
    };
  },
};

const schedule_free_adamw_decoupled_paper_with: Case = {
  lines: [[line_86, line_10], null, [line_38, line_93, line_94, line_95, line_97, line_90]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta = settings.beta as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const weight_decay = settings.weight_decay as number;
    const z = Float64Array.from(theta0);
    const v = new Float64Array(width);
    const weight = new Float64Array(1);
    const prepared = regular({ ...settings, weight_decay: 0 }, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      const $0 = 1 - beta;
      for (let i = 0; i < width; i++) {
        const $y = $0 * z[i]! + beta * theta[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { z, v, weight },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta;
        const $1 = 1 - beta2;
        const $gamma = rate * Math.sqrt(1 - beta2 ** t);
        const $weight = weight[0]! + $gamma * $gamma;
        const $c = $weight > 0 ? $gamma * $gamma / $weight : 0;
        for (let i = 0; i < width; i++) {
          const $y = $0 * z[i]! + beta * theta[i]!;
          const $v = beta2 * v[i]! + $1 * (g[i]! * g[i]!);
          const $z = z[i]! - $gamma * (g[i]! / (Math.sqrt($v) + epsilon) + weight_decay * $y);
          const $theta = theta[i]! + $c * ($z - theta[i]!);
          theta[i] = $theta;
          z[i] = $z;
          v[i] = $v;
        }
        weight[0] = $weight;
      },
    };
  },
};

const signum: Case = {
  lines: [[line_1], line_4, [line_98, line_99, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta = settings.beta as number;
    const m = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta;
        for (let i = 0; i < width; i++) {
          const $m = beta * m[i]! + $0 * g[i]!;
          const $step = rate * Math.sign($m);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
        }
      },
    };
  },
};

const qhm: Case = {
  lines: [[line_1], line_4, [line_98, line_100, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta = settings.beta as number;
    const nu = settings.nu as number;
    const m = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta;
        const $1 = 1 - nu;
        for (let i = 0; i < width; i++) {
          const $m = beta * m[i]! + $0 * g[i]!;
          const $step = rate * ($1 * g[i]! + nu * $m);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
        }
      },
    };
  },
};

const yogi_paper: Case = {
  lines: [[line_1], line_4, [line_37, line_101, line_102, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width).fill(initial);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = v[i]! - $1 * Math.sign(v[i]! - g[i]! * g[i]!) * (g[i]! * g[i]!);
          const $step = rate * $m / (Math.sqrt($v) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
      },
    };
  },
};

const yogi_corrected: Case = {
  lines: [[line_1], line_4, [line_37, line_101, line_39, line_40, line_41, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width).fill(initial);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $0 = 1 - beta1;
        const $1 = 1 - beta2;
        const $2 = 1 - beta1 ** t;
        const $3 = 1 - beta2 ** t;
        for (let i = 0; i < width; i++) {
          const $m = beta1 * m[i]! + $0 * g[i]!;
          const $v = v[i]! - $1 * Math.sign(v[i]! - g[i]! * g[i]!) * (g[i]! * g[i]!);
          const $m_hat = $m / $2;
          const $v_hat = $v / $3;
          const $step = rate * $m_hat / (Math.sqrt($v_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m[i] = $m;
          v[i] = $v;
        }
      },
    };
  },
};

const ademamix: Case = {
  lines: [[line_1], line_4, [line_103, line_104, line_105, line_106, line_38, line_107, line_40, line_108, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const alpha = settings.alpha as number;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const beta3 = settings.beta3 as number;
    const epsilon = settings.epsilon as number;
    const warm_up = settings.warm_up as number;
    const m1 = new Float64Array(width);
    const m2 = new Float64Array(width);
    const v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m1, m2, v },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $s = Math.min(Math.max(t / warm_up, 0), 1);
        const $b3 = Math.exp(1 / ((1 - $s) / Math.log(beta1) + $s / Math.log(beta3)));
        const $0 = 1 - beta1;
        const $1 = 1 - $b3;
        const $2 = 1 - beta2;
        const $3 = 1 - beta1 ** t;
        const $4 = 1 - beta2 ** t;
        const $5 = $s * alpha;
        for (let i = 0; i < width; i++) {
          const $m1 = beta1 * m1[i]! + $0 * g[i]!;
          const $m2 = $b3 * m2[i]! + $1 * g[i]!;
          const $v = beta2 * v[i]! + $2 * (g[i]! * g[i]!);
          const $m_hat = $m1 / $3;
          const $v_hat = $v / $4;
          const $step = rate * ($m_hat + $5 * $m2) / (Math.sqrt($v_hat) + epsilon);
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          m1[i] = $m1;
          m2[i] = $m2;
          v[i] = $v;
        }
      },
    };
  },
};

const barzilai_borwein_long: Case = {
  lines: [[line_1], line_4, [line_109, line_110, line_111, line_112, line_113, line_114, line_115, line_116, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const x = Float64Array.from(theta0);
    const h = new Float64Array(width);
    const all$h = new Float64Array(width);
    const all$x = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { x, h },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        let $a = 0;
        let $b = 0;
        for (let i = 0; i < width; i++) {
          const $s = theta[i]! - x[i]!;
          const $u = g[i]! - h[i]!;
          const $x = theta[i]!;
          all$x[i] = $x;
          const $h = g[i]!;
          all$h[i] = $h;
          $a += $s * $u;
          $b += $s * $s;
        }
        const $size = $a > 0 ? $b / $a : rate;
        for (let i = 0; i < width; i++) {
          const $step = $size * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          x[i] = all$x[i]!;
          h[i] = all$h[i]!;
        }
      },
    };
  },
};

const barzilai_borwein_short: Case = {
  lines: [[line_1], line_4, [line_109, line_110, line_111, line_117, line_118, line_114, line_115, line_116, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const x = Float64Array.from(theta0);
    const h = new Float64Array(width);
    const all$h = new Float64Array(width);
    const all$x = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { x, h },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        let $a = 0;
        let $b = 0;
        for (let i = 0; i < width; i++) {
          const $s = theta[i]! - x[i]!;
          const $u = g[i]! - h[i]!;
          const $x = theta[i]!;
          all$x[i] = $x;
          const $h = g[i]!;
          all$h[i] = $h;
          $a += $s * $u;
          $b += $u * $u;
        }
        const $size = $a > 0 ? $a / $b : rate;
        for (let i = 0; i < width; i++) {
          const $step = $size * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
          x[i] = all$x[i]!;
          h[i] = all$h[i]!;
        }
      },
    };
  },
};

const polyak_step_without: Case = {
  lines: [[line_1], line_4, [line_119, line_120, line_121, line_122, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const lowest = settings.lowest as number;
    const f = new Float64Array(1);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { f },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        let $a = 0;
        for (let i = 0; i < width; i++) {
          $a += g[i]! * g[i]!;
        }
        const $size = $a > 0 ? Math.max(f[0]! - lowest, 0) / $a : 0;
        const $0 = rate * $size;
        for (let i = 0; i < width; i++) {
          const $step = $0 * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
        }
      },
    };
  },
};

const polyak_step_with: Case = {
  lines: [[line_1], line_4, [line_119, line_120, line_121, line_123, line_122, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const largest = settings.largest as number;
    const lowest = settings.lowest as number;
    const f = new Float64Array(1);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { f },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        let $a = 0;
        for (let i = 0; i < width; i++) {
          $a += g[i]! * g[i]!;
        }
        const $size = $a > 0 ? Math.max(f[0]! - lowest, 0) / $a : 0;
        const $size2 = Math.min(Math.max($size, 0), largest);
        const $0 = rate * $size2;
        for (let i = 0; i < width; i++) {
          const $step = $0 * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
        }
      },
    };
  },
};

const restarted_nag_gradient: Case = {
  lines: [[line_124, line_9, line_10], line_13, [line_11, line_125, line_126, line_12]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const v = new Float64Array(width);
    const k = new Float64Array(1).fill(1);
    const all$theta = new Float64Array(width);
    const all$v = new Float64Array(width);
    const prepared = regular(settings, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      const $mu = (k[0]! - 1) / (k[0]! + 2);
      for (let i = 0; i < width; i++) {
        const $y = theta[i]! + $mu * v[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { v, k },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $mu = (k[0]! - 1) / (k[0]! + 2);
        let $a = 0;
        for (let i = 0; i < width; i++) {
          const $v = $mu * v[i]! - rate * g[i]!;
          all$v[i] = $v;
          const $theta = theta[i]! + $v;
          all$theta[i] = $theta;
          $a += g[i]! * $v;
        }
        const $k = $a > 0 ? 1 : k[0]! + 1;
        for (let i = 0; i < width; i++) {
          theta[i] = all$theta[i]!;
          v[i] = all$v[i]!;
        }
        k[0] = $k;
      },
    };
  },
};

const restarted_nag_speed: Case = {
  lines: [[line_124, line_9, line_10], line_13, [line_127, line_11, line_128, line_129, line_12]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const shortest = settings.shortest as number;
    const v = new Float64Array(width);
    const k = new Float64Array(1).fill(1);
    const all$theta = new Float64Array(width);
    const all$v = new Float64Array(width);
    const prepared = regular(settings, width);
    const ahead = new Float64Array(width);
    const point = (theta: Float64Array, _t: number, _rate: number): Float64Array => {
      const $mu = (k[0]! - 1) / (k[0]! + 2);
      for (let i = 0; i < width; i++) {
        const $y = theta[i]! + $mu * v[i]!;
        ahead[i] = $y;
      }
      return ahead;
    };
    return {
      slots: { v, k },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $mu = (k[0]! - 1) / (k[0]! + 2);
        let $a = 0;
        let $b = 0;
        for (let i = 0; i < width; i++) {
          const $v = $mu * v[i]! - rate * g[i]!;
          all$v[i] = $v;
          const $theta = theta[i]! + $v;
          all$theta[i] = $theta;
          $a += v[i]! * v[i]!;
          $b += $v * $v;
        }
        $a = Math.sqrt($a);
        $b = Math.sqrt($b);
        const $k = k[0]! < shortest ? k[0]! + 1 : $b < $a ? 1 : k[0]! + 1;
        for (let i = 0; i < width; i++) {
          theta[i] = all$theta[i]!;
          v[i] = all$v[i]!;
        }
        k[0] = $k;
      },
    };
  },
};

const dog_dog: Case = {
  lines: [[line_1], line_4, [line_137, line_138, line_120, line_139, line_140, line_122, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const x = Float64Array.from(theta0);
    const r = new Float64Array(1).fill(initial * (1 + lengthOf(theta0)));
    const G = new Float64Array(1);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { x, r, G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        let $b = 0;
        let $a = 0;
        for (let i = 0; i < width; i++) {
          const $0 = theta[i]! - x[i]!;
          $b += $0 * $0;
          $a += g[i]! * g[i]!;
        }
        $b = Math.sqrt($b);
        const $r = Math.max(r[0]!, $b);
        const $G = G[0]! + $a;
        const $size = $r / Math.sqrt($G + epsilon);
        const $1 = rate * $size;
        for (let i = 0; i < width; i++) {
          const $step = $1 * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
        }
        r[0] = $r;
        G[0] = $G;
      },
    };
  },
};

const dog_dowg: Case = {
  lines: [[line_1], line_4, [line_137, line_138, line_120, line_141, line_142, line_122, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const x = Float64Array.from(theta0);
    const r = new Float64Array(1).fill(initial * (1 + lengthOf(theta0)));
    const G = new Float64Array(1);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { x, r, G },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        let $b = 0;
        let $a = 0;
        for (let i = 0; i < width; i++) {
          const $0 = theta[i]! - x[i]!;
          $b += $0 * $0;
          $a += g[i]! * g[i]!;
        }
        $b = Math.sqrt($b);
        const $r = Math.max(r[0]!, $b);
        const $G = G[0]! + $r * $r * $a;
        const $size = $r * $r / Math.sqrt($G + epsilon);
        const $1 = rate * $size;
        for (let i = 0; i < width; i++) {
          const $step = $1 * g[i]!;
          const $theta = theta[i]! - $step;
          theta[i] = $theta;
        }
        r[0] = $r;
        G[0] = $G;
      },
    };
  },
};

const prodigy_decoupled_paper_without: Case = {
  lines: [[line_1], line_4, [line_143, line_144, line_145, line_146, line_147, line_148, line_149, line_150, line_151, line_152, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const coefficient = settings.coefficient as number;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const s = new Float64Array(width);
    const x = Float64Array.from(theta0);
    const r = new Float64Array(1);
    const d = new Float64Array(1).fill(initial);
    const all$m = new Float64Array(width);
    const all$s = new Float64Array(width);
    const all$theta = new Float64Array(width);
    const all$v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v, s, x, r, d },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $gamma = rate;
        const $beta3 = Math.sqrt(beta2);
        const $2 = (1 - $beta3) * (d[0]! * d[0]!) * $gamma;
        const $3 = (1 - beta1) * d[0]!;
        const $4 = (1 - beta2) * (d[0]! * d[0]!);
        const $5 = $gamma * d[0]!;
        const $6 = d[0]! * epsilon;
        let $a = 0;
        let $b = 0;
        for (let i = 0; i < width; i++) {
          const $0 = $gamma * g[i]!;
          const $1 = x[i]! - theta[i]!;
          const $s = $beta3 * s[i]! + $2 * g[i]!;
          all$s[i] = $s;
          const $m = beta1 * m[i]! + $3 * g[i]!;
          all$m[i] = $m;
          const $v = beta2 * v[i]! + $4 * (g[i]! * g[i]!);
          all$v[i] = $v;
          const $step = $5 * $m / (Math.sqrt($v) + $6);
          const $7 = Math.sign($s);
          const $theta = theta[i]! - $step;
          all$theta[i] = $theta;
          $a += $0 * $1;
          $b += $s * $7;
        }
        const $r = $beta3 * r[0]! + (1 - $beta3) * (d[0]! * d[0]!) * $a;
        const $d = $b > 0 ? Math.max(d[0]!, coefficient * $r / $b) : d[0]!;
        for (let i = 0; i < width; i++) {
          theta[i] = all$theta[i]!;
          m[i] = all$m[i]!;
          v[i] = all$v[i]!;
          s[i] = all$s[i]!;
        }
        r[0] = $r;
        d[0] = $d;
      },
    };
  },
};

const prodigy_decoupled_paper_with: Case = {
  lines: [[line_1], null, [line_143, line_144, line_145, line_146, line_147, line_148, line_149, line_153, line_151, line_152, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const coefficient = settings.coefficient as number;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const weight_decay = settings.weight_decay as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const s = new Float64Array(width);
    const x = Float64Array.from(theta0);
    const r = new Float64Array(1);
    const d = new Float64Array(1).fill(initial);
    const all$m = new Float64Array(width);
    const all$s = new Float64Array(width);
    const all$theta = new Float64Array(width);
    const all$v = new Float64Array(width);
    const prepared = regular({ ...settings, weight_decay: 0 }, width);
    const point = itself;
    return {
      slots: { m, v, s, x, r, d },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $gamma = rate;
        const $beta3 = Math.sqrt(beta2);
        const $2 = (1 - $beta3) * (d[0]! * d[0]!) * $gamma;
        const $3 = (1 - beta1) * d[0]!;
        const $4 = (1 - beta2) * (d[0]! * d[0]!);
        const $5 = $gamma * d[0]!;
        const $6 = d[0]! * epsilon;
        let $a = 0;
        let $b = 0;
        for (let i = 0; i < width; i++) {
          const $0 = $gamma * g[i]!;
          const $1 = x[i]! - theta[i]!;
          const $s = $beta3 * s[i]! + $2 * g[i]!;
          all$s[i] = $s;
          const $m = beta1 * m[i]! + $3 * g[i]!;
          all$m[i] = $m;
          const $v = beta2 * v[i]! + $4 * (g[i]! * g[i]!);
          all$v[i] = $v;
          const $step = $5 * ($m / (Math.sqrt($v) + $6) + weight_decay * theta[i]!);
          const $7 = Math.sign($s);
          const $theta = theta[i]! - $step;
          all$theta[i] = $theta;
          $a += $0 * $1;
          $b += $s * $7;
        }
        const $r = $beta3 * r[0]! + (1 - $beta3) * (d[0]! * d[0]!) * $a;
        const $d = $b > 0 ? Math.max(d[0]!, coefficient * $r / $b) : d[0]!;
        for (let i = 0; i < width; i++) {
          theta[i] = all$theta[i]!;
          m[i] = all$m[i]!;
          v[i] = all$v[i]!;
          s[i] = all$s[i]!;
        }
        r[0] = $r;
        d[0] = $d;
      },
    };
  },
};

const prodigy_decoupled_corrected_without: Case = {
  lines: [[line_1], line_4, [line_154, line_144, line_145, line_146, line_147, line_148, line_149, line_150, line_151, line_152, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const coefficient = settings.coefficient as number;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const s = new Float64Array(width);
    const x = Float64Array.from(theta0);
    const r = new Float64Array(1);
    const d = new Float64Array(1).fill(initial);
    const all$m = new Float64Array(width);
    const all$s = new Float64Array(width);
    const all$theta = new Float64Array(width);
    const all$v = new Float64Array(width);
    const prepared = regular(settings, width);
    const point = itself;
    return {
      slots: { m, v, s, x, r, d },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $gamma = rate * Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t);
        const $beta3 = Math.sqrt(beta2);
        const $2 = (1 - $beta3) * (d[0]! * d[0]!) * $gamma;
        const $3 = (1 - beta1) * d[0]!;
        const $4 = (1 - beta2) * (d[0]! * d[0]!);
        const $5 = $gamma * d[0]!;
        const $6 = d[0]! * epsilon;
        let $a = 0;
        let $b = 0;
        for (let i = 0; i < width; i++) {
          const $0 = $gamma * g[i]!;
          const $1 = x[i]! - theta[i]!;
          const $s = $beta3 * s[i]! + $2 * g[i]!;
          all$s[i] = $s;
          const $m = beta1 * m[i]! + $3 * g[i]!;
          all$m[i] = $m;
          const $v = beta2 * v[i]! + $4 * (g[i]! * g[i]!);
          all$v[i] = $v;
          const $step = $5 * $m / (Math.sqrt($v) + $6);
          const $7 = Math.sign($s);
          const $theta = theta[i]! - $step;
          all$theta[i] = $theta;
          $a += $0 * $1;
          $b += $s * $7;
        }
        const $r = $beta3 * r[0]! + (1 - $beta3) * (d[0]! * d[0]!) * $a;
        const $d = $b > 0 ? Math.max(d[0]!, coefficient * $r / $b) : d[0]!;
        for (let i = 0; i < width; i++) {
          theta[i] = all$theta[i]!;
          m[i] = all$m[i]!;
          v[i] = all$v[i]!;
          s[i] = all$s[i]!;
        }
        r[0] = $r;
        d[0] = $d;
      },
    };
  },
};

const prodigy_decoupled_corrected_with: Case = {
  lines: [[line_1], null, [line_154, line_144, line_145, line_146, line_147, line_148, line_149, line_153, line_151, line_152, line_3]],
  make(theta0, _rate0, settings) {
    const width = theta0.length;
    const beta1 = settings.beta1 as number;
    const beta2 = settings.beta2 as number;
    const coefficient = settings.coefficient as number;
    const epsilon = settings.epsilon as number;
    const initial = settings.initial as number;
    const weight_decay = settings.weight_decay as number;
    const m = new Float64Array(width);
    const v = new Float64Array(width);
    const s = new Float64Array(width);
    const x = Float64Array.from(theta0);
    const r = new Float64Array(1);
    const d = new Float64Array(1).fill(initial);
    const all$m = new Float64Array(width);
    const all$s = new Float64Array(width);
    const all$theta = new Float64Array(width);
    const all$v = new Float64Array(width);
    const prepared = regular({ ...settings, weight_decay: 0 }, width);
    const point = itself;
    return {
      slots: { m, v, s, x, r, d },
      point,
      step(theta, gradient, t, rate) {
        const g = prepared(theta, gradient, t, rate, point);
        const $gamma = rate * Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t);
        const $beta3 = Math.sqrt(beta2);
        const $2 = (1 - $beta3) * (d[0]! * d[0]!) * $gamma;
        const $3 = (1 - beta1) * d[0]!;
        const $4 = (1 - beta2) * (d[0]! * d[0]!);
        const $5 = $gamma * d[0]!;
        const $6 = d[0]! * epsilon;
        let $a = 0;
        let $b = 0;
        for (let i = 0; i < width; i++) {
          const $0 = $gamma * g[i]!;
          const $1 = x[i]! - theta[i]!;
          const $s = $beta3 * s[i]! + $2 * g[i]!;
          all$s[i] = $s;
          const $m = beta1 * m[i]! + $3 * g[i]!;
          all$m[i] = $m;
          const $v = beta2 * v[i]! + $4 * (g[i]! * g[i]!);
          all$v[i] = $v;
          const $step = $5 * ($m / (Math.sqrt($v) + $6) + weight_decay * theta[i]!);
          const $7 = Math.sign($s);
          const $theta = theta[i]! - $step;
          all$theta[i] = $theta;
          $a += $0 * $1;
          $b += $s * $7;
        }
        const $r = $beta3 * r[0]! + (1 - $beta3) * (d[0]! * d[0]!) * $a;
        const $d = $b > 0 ? Math.max(d[0]!, coefficient * $r / $b) : d[0]!;
        for (let i = 0; i < width; i++) {
          theta[i] = all$theta[i]!;
          m[i] = all$m[i]!;
          v[i] = all$v[i]!;
          s[i] = all$s[i]!;
        }
        r[0] = $r;
        d[0] = $d;
      },
    };
  },
};

/** Rules that take a gradient. */
export const RULES: Readonly<Record<string, Rule>> = {
  gradient_descent: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false }, () => gradient_descent),
  momentum: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, momentum: 0.9, dampening: 0 }, (h) => (h.dampening === 0 ? momentum_without : momentum_with)),
  nesterov: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, momentum: 0.9 }, () => nesterov),
  nag: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, momentum: 0.9 }, () => nag),
  adagrad: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, rate_decay: 0, initial: 0, epsilon: 1e-10, variant: "after" }, (h) => (!VARIANTS || h.variant === "after" ? (h.rate_decay === 0 ? adagrad_after_without : adagrad_after_with) : (h.rate_decay === 0 ? adagrad_inside_without : adagrad_inside_with))),
  adagrad_norm: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, bias: true, epsilon: 0.01, variant: "inside" }, (h) => (!VARIANTS || h.variant === "inside" ? adagrad_norm_inside : adagrad_norm_after)),
  adadelta: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, rho: 0.9, epsilon: 1e-06 }, () => adadelta),
  rmsprop: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, rho: 0.99, epsilon: 1e-08, momentum: 0, centered: false, variant: "after" }, (h) => (!VARIANTS || h.centered === false ? (!VARIANTS || h.variant === "after" ? (h.momentum === 0 ? rmsprop_without_after_without : rmsprop_without_after_with) : (h.momentum === 0 ? rmsprop_without_inside_without : rmsprop_without_inside_with)) : (!VARIANTS || h.variant === "after" ? (h.momentum === 0 ? rmsprop_with_after_without : rmsprop_with_after_with) : (h.momentum === 0 ? rmsprop_with_inside_without : rmsprop_with_inside_with)))),
  adam: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, variant: "after" }, (h) => (!VARIANTS || h.variant === "after" ? adam_after : h.variant === "inside" ? adam_inside : adam_hat)),
  amsgrad: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, variant: "torch" }, (h) => (!VARIANTS || h.variant === "torch" ? amsgrad_torch : amsgrad_optax)),
  adamw: rule({ weight_decay: 0.01, decay: "decoupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, variant: "after" }, (h) => (!VARIANTS || h.variant === "after" ? adam_after : h.variant === "inside" ? adam_inside : adam_hat)),
  nadam: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, psi: 0.004, epsilon: 1e-08, variant: "dozat" }, (h) => (!VARIANTS || h.variant === "dozat" ? nadam_dozat : h.variant === "keras" ? nadam_keras : nadam_optax)),
  adamax: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, variant: "torch" }, (h) => (!VARIANTS || h.variant === "torch" ? adamax_torch : adamax_keras)),
  radam: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, threshold: 5 }, () => radam),
  rprop: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, shrink: 0.5, grow: 1.2, smallest: 1e-06, largest: 50 }, () => rprop),
  asgd: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, lambd: 0.0001, alpha: 0.75, t0: 1000000 }, () => asgd),
  lion: rule({ weight_decay: 0, decay: "decoupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.99 }, () => lion),
  adabelief: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-16, variant: "paper" }, (h) => (!VARIANTS || h.variant === "paper" ? adabelief_paper : adabelief_optax)),
  schedule_free_sgd: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta: 0.9 }, () => schedule_free_sgd),
  schedule_free_adamw: rule({ weight_decay: 0, decay: "decoupled", clip_value: null, clip_norm: null, maximize: false, beta: 0.9, beta2: 0.999, epsilon: 1e-08, variant: "after" }, (h) => (!VARIANTS || h.decay === "decoupled" ? (!VARIANTS || h.variant === "after" ? (h.weight_decay === 0 ? schedule_free_adamw_decoupled_after_without : schedule_free_adamw_decoupled_after_with) : (h.weight_decay === 0 ? schedule_free_adamw_decoupled_paper_without : schedule_free_adamw_decoupled_paper_with)) : (!VARIANTS || h.variant === "after" ? schedule_free_adamw_decoupled_after_without : schedule_free_adamw_decoupled_paper_without))),
  signum: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta: 0.9 }, () => signum),
  qhm: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta: 0.999, nu: 0.7 }, () => qhm),
  yogi: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 0.001, variant: "paper", initial: 1e-06 }, (h) => (!VARIANTS || h.variant === "paper" ? yogi_paper : yogi_corrected)),
  ademamix: rule({ weight_decay: 0, decay: "decoupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, beta3: 0.9999, alpha: 5, warm_up: 0, epsilon: 1e-08 }, () => ademamix),
  barzilai_borwein: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, variant: "long" }, (h) => (!VARIANTS || h.variant === "long" ? barzilai_borwein_long : barzilai_borwein_short)),
  restarted_nag: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, variant: "gradient", shortest: 10 }, (h) => (!VARIANTS || h.variant === "gradient" ? restarted_nag_gradient : restarted_nag_speed)),
  dog: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, initial: 1e-06, epsilon: 1e-08, variant: "dog" }, (h) => (!VARIANTS || h.variant === "dog" ? dog_dog : dog_dowg)),
  prodigy: rule({ weight_decay: 0, decay: "decoupled", clip_value: null, clip_norm: null, maximize: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, initial: 1e-06, coefficient: 1, variant: "paper" }, (h) => (!VARIANTS || h.decay === "decoupled" ? (!VARIANTS || h.variant === "paper" ? (h.weight_decay === 0 ? prodigy_decoupled_paper_without : prodigy_decoupled_paper_with) : (h.weight_decay === 0 ? prodigy_decoupled_corrected_without : prodigy_decoupled_corrected_with)) : (!VARIANTS || h.variant === "paper" ? prodigy_decoupled_paper_without : prodigy_decoupled_corrected_without))),
};

/** Rules that want the value too: it is slot f before they step. */
export const VALUED: Readonly<Record<string, Rule>> = {
  polyak_step: rule({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, lowest: 0, largest: null }, (h) => (!VARIANTS || h.largest === null ? polyak_step_without : polyak_step_with)),
};

/** Rules that search along a line: their lines alone. */
export const SEARCHES: Readonly<Record<string, Paper>> = {
  lbfgs: paper({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, iterations: 1, evaluations: 25, history: 10, gradient_tolerance: 1e-07, change_tolerance: 1e-09 }, () => [[line_1], line_4, [line_77, line_78, line_79, line_80]]),
  newton: paper({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false }, () => [[line_1], line_4, [line_77, line_78, line_79, line_80]]),
  conjugate_gradient: paper({ weight_decay: 0, decay: "coupled", clip_value: null, clip_norm: null, maximize: false, iterations: 1, evaluations: 25, gradient_tolerance: 1e-07, change_tolerance: 1e-09 }, () => [[line_1], line_4, [line_130, line_131, line_132, line_133, line_134, line_135, line_136, line_115, line_78, line_79, line_80]]),
};
