/** Formulas in lines of Python, computed with dual numbers: each value carries its derivative along one direction. */

/** A value and its derivative. */
type Dual = readonly [value: number, derivative: number];
type Known = Record<string, Dual>;
type Term = (known: Known) => Dual;

const OPERATIONS: Record<string, (a: Dual, b: Dual) => Dual> = {
  "+": ([a, da], [b, db]) => [a + b, da + db],
  "-": ([a, da], [b, db]) => [a - b, da - db],
  "*": ([a, da], [b, db]) => [a * b, da * b + a * db],
  "/": ([a, da], [b, db]) => [a / b, (da - (a / b) * db) / b],
};

const FUNCTIONS: Record<string, (a: Dual) => Dual> = {
  "np.cos": ([a, da]) => [Math.cos(a), -Math.sin(a) * da],
  "np.sin": ([a, da]) => [Math.sin(a), Math.cos(a) * da],
  "np.abs": ([a, da]) => [Math.abs(a), Math.sign(a) * da],
  "np.sign": ([a]) => [Math.sign(a), 0],
};

/** What a line says: sums of products of signed atoms. */
export function termOf(line: string): Term {
  const tokens = line.match(/[\w.]+|\S/g) ?? [];
  let at = 0;
  const chain = (inner: () => Term, operators: string): Term => {
    let term = inner();
    while (at < tokens.length && operators.includes(tokens[at] as string)) {
      const operation = OPERATIONS[tokens[at++] as string] as (a: Dual, b: Dual) => Dual;
      const [one, other] = [term, inner()];
      term = (known) => operation(one(known), other(known));
    }
    return term;
  };
  const sum = (): Term => chain(() => chain(atom, "*/"), "+-");
  const atom = (): Term => {
    const token = tokens[at++] as string;
    if (token === "-") {
      const inner = atom();
      return (known) => inner(known).map((x) => -x) as unknown as Dual;
    }
    const call = FUNCTIONS[token];
    if (call !== undefined || token === "(") {
      at += Number(token !== "(");
      const inner = sum();
      at += 1;
      return call === undefined ? inner : (known) => call(inner(known));
    }
    const number: Dual = [Number(token), 0];
    return Number.isNaN(number[0]) ? (known) => known[token] as Dual : () => number;
  };
  return sum();
}

/** Lines like `a0 = x * x`, and those of their letters that are used: values and derivatives at duals x and y. */
export function computed(shared: readonly string[], results: readonly string[]): (x: Dual, y: Dual) => Dual[] {
  // Read when they are asked for: most surfaces are never looked at.
  let terms: Term[] | undefined;
  const letters = shared.map((line) => line.split(" ")[0] as string);
  return (x, y) => {
    terms ??= [...shared.map((line) => line.replace(/.*? = /, "")), ...results].map(termOf);
    const known: Known = { x, y };
    letters.forEach((letter, i) => (known[letter] = (terms as Term[])[i]?.(known) as Dual));
    return terms.slice(letters.length).map((term) => term(known));
  };
}
