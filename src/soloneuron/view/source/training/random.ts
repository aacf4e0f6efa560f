/** The random numbers of torch's CPU generator, which seeds name: the same rows and orders as Python's. */

const WORD = (1n << 64n) - 1n;

/** A generator for any whole seed; every stream of a seed is one of its own. */
export function generatorFor(seed: number, stream = 0): Twister {
  const mixed = mix(mix(BigInt(seed)) + BigInt(stream));
  // torch keeps the low half of a seed.
  return new Twister(Number(mixed & 0xffffffffn));
}

/** The finalizer of SplitMix64, without the sign. */
function mix(word: bigint): bigint {
  let mixed = (word + 0x9e3779b97f4a7c15n) & WORD;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & WORD;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & WORD;
  return (mixed ^ (mixed >> 31n)) & (WORD >> 1n);
}

const LENGTH = 624;
const AHEAD = 397;
const BLOCK = 16;

/** The Mersenne twister of 32 bits (Matsumoto and Nishimura 1998), and what torch makes of its words. */
export class Twister {
  private readonly state = new Uint32Array(LENGTH);
  private place = LENGTH;
  private spare: number | undefined;

  constructor(seed: number) {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < LENGTH; i++) {
      const last = state[i - 1] as number;
      state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
  }

  /** A whole number below 2^32. */
  word(): number {
    if (this.place === LENGTH) this.turn();
    let word = this.state[this.place++] as number;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** A number of 53 bits in [0, 1). */
  uniform(): number {
    const high = this.word() & 0x1fffff;
    return (high * 4294967296 + this.word()) / 9007199254740992;
  }

  uniforms(count: number): Float64Array {
    return Float64Array.from({ length: count }, () => this.uniform());
  }

  /** Normal numbers by Box and Muller: blocks of 16 where there are so many, pairs where there are fewer. */
  normals(count: number): Float64Array {
    if (count < BLOCK) return Float64Array.from({ length: count }, () => this.normal());
    const out = this.uniforms(count);
    for (let from = 0; from + BLOCK <= count; from += BLOCK) turnBlock(out, from);
    if (count % BLOCK) {
      // The last block is drawn anew, whole.
      const from = count - BLOCK;
      for (let i = from; i < count; i++) out[i] = this.uniform();
      turnBlock(out, from);
    }
    return out;
  }

  /** A permutation of 0 .. count - 1, by Fisher and Yates from the front. */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = 0; i < count - 1; i++) {
      const j = i + (this.word() % (count - i));
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    return order;
  }

  private normal(): number {
    const kept = this.spare;
    if (kept !== undefined) {
      this.spare = undefined;
      return kept;
    }
    const angle = 2 * Math.PI * this.uniform();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform()));
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  private turn(): void {
    const { state } = this;
    for (let i = 0; i < LENGTH; i++) {
      const both = ((state[i] as number) & 0x80000000) | ((state[(i + 1) % LENGTH] as number) & 0x7fffffff);
      state[i] = (state[(i + AHEAD) % LENGTH] as number) ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0);
    }
    this.place = 0;
  }
}

/** Uniform numbers turned into normal ones, the first half of a block with the second. */
function turnBlock(out: Float64Array, from: number): void {
  for (let i = from; i < from + BLOCK / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - (out[i] as number)));
    const angle = 2 * Math.PI * (out[i + BLOCK / 2] as number);
    out[i] = radius * Math.cos(angle);
    out[i + BLOCK / 2] = radius * Math.sin(angle);
  }
}
