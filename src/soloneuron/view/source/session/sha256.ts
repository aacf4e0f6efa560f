/** SHA-256 of some bytes, in hexadecimal; browsers have their own only where a page came by https. */

const WORDS = 64;

/** The first 32 bits of the fractions of roots of primes: square roots to begin with, cube roots for the rounds. */
const PRIMES = primes(WORDS);
const BEGIN = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));

/** Source: FIPS 180-4. */
export function sha256(bytes: Uint8Array): string {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const state = Uint32Array.from(BEGIN);
  for (let block = 0; block < blocks; block++) mix(state, schedule(view, block * 64));
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

function schedule(view: DataView, from: number): Uint32Array {
  const words = new Uint32Array(WORDS);
  const at = (place: number): number => words[place] as number;
  for (let i = 0; i < WORDS; i++) {
    if (i < 16) words[i] = view.getUint32(from + 4 * i);
    else words[i] = at(i - 16) + spread(at(i - 15), 7, 18, 3) + at(i - 7) + spread(at(i - 2), 17, 19, 10);
  }
  return words;
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < WORDS; i++) {
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + (ROUNDS[i] as number) + (words[i] as number)) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] as number) + word));
}

function spread(word: number, one: number, two: number, shift: number): number {
  return turned(word, one) ^ turned(word, two) ^ (word >>> shift);
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function fraction(root: number): number {
  return Math.floor((root % 1) * 2 ** 32);
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++) if (found.every((prime) => number % prime !== 0)) found.push(number);
  return found;
}
