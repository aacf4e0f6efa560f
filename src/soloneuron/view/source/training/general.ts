/** Numbers in the general format of Python, `.4g`: four digits, an exponent only where the number is long. */

const DIGITS = 4;

/** More digits than a tie between two shorter numbers has. */
const EXACT = 60;

export function general(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return "0";
  const [digits, exponent] = rounded(Math.abs(x));
  const sign = x < 0 ? "-" : "";
  const plain = digits.replace(/0+$/, "");
  if (exponent < -4 || exponent >= DIGITS) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${withPoint(plain, 1)}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${plain}`;
  return sign + withPoint(plain.padEnd(exponent + 1, "0"), exponent + 1);
}

/** The digits and the exponent of the first: a tie goes to the even digit, as in Python. */
function rounded(x: number): [digits: string, exponent: number] {
  const [all, power] = x.toExponential(EXACT).split("e") as [string, string];
  const exact = all.replace(".", "");
  const rest = exact.slice(DIGITS);
  const down = exact.slice(0, DIGITS);
  const tie = /^50*$/.test(rest);
  const up = tie ? Number(down[DIGITS - 1]) % 2 === 1 : rest >= "5";
  const digits = String(Number(down) + Number(up));
  return digits.length > DIGITS ? [digits.slice(0, DIGITS), Number(power) + 1] : [digits, Number(power)];
}

function withPoint(digits: string, whole: number): string {
  return digits.length > whole ? `${digits.slice(0, whole)}.${digits.slice(whole)}` : digits;
}
