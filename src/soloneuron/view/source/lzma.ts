/** Unpacks LZMA: a range coder whose bits are guessed from what came before, and copies of what stood already. */

/** As `playing/packed.py` packs: this many high bits of the letter before choose how a letter is guessed. */
const CONTEXT = 2;
/** A guess is a share of 2048 that a bit is 0; it moves by a 32nd of what it was wrong by. */
const [ONE, SPEED] = [2048, 5];

type Guesses = Uint16Array;
const guesses = (count: number): Guesses => new Uint16Array(count).fill(ONE / 2);

class Bits {
  private at = 5;
  private range = 0xffffffff;
  private code: number;

  constructor(private readonly bytes: Uint8Array) {
    this.code = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  }

  bit(all: Guesses, place: number): number {
    const guess = all[place] as number;
    const bound = (this.range >>> 11) * guess;
    let bit = 0;
    if (this.code < bound) {
      this.range = bound;
      all[place] = guess + ((ONE - guess) >> SPEED);
    } else {
      this.range -= bound;
      this.code -= bound;
      all[place] = guess - (guess >> SPEED);
      bit = 1;
    }
    this.refill();
    return bit;
  }

  /** So many bits that are not guessed, the highest first. */
  plain(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.range >>>= 1;
      const one = this.code >= this.range;
      if (one) this.code -= this.range;
      value = value * 2 + Number(one);
      this.refill();
    }
    return value;
  }

  /** So many bits, the highest first, each guessed from those before it. */
  tree(all: Guesses, count: number, from = 0): number {
    let place = 1;
    for (let i = 0; i < count; i++) place = 2 * place + this.bit(all, from + place);
    return place - (1 << count);
  }

  /** The same with the lowest first. */
  turned(all: Guesses, count: number, from = 0): number {
    let [place, value] = [1, 0];
    for (let i = 0; i < count; i++) {
      const bit = this.bit(all, from + place);
      place = 2 * place + bit;
      value |= bit << i;
    }
    return value;
  }

  private refill(): void {
    if (this.range >= 0x1000000) return;
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | (this.bytes[this.at++] ?? 0)) >>> 0;
  }
}

class Lengths {
  private readonly choice = guesses(2);
  private readonly low = guesses(8);
  private readonly middle = guesses(8);
  private readonly high = guesses(256);

  next(bits: Bits): number {
    if (bits.bit(this.choice, 0) === 0) return bits.tree(this.low, 3);
    return bits.bit(this.choice, 1) === 0 ? 8 + bits.tree(this.middle, 3) : 16 + bits.tree(this.high, 8);
  }
}

/** The bytes, of which there are so many. */
export function unpackedBytes(packed: Uint8Array, size: number): Uint8Array {
  const bits = new Bits(packed);
  const out = new Uint8Array(size);
  const letters = guesses(0x300 << CONTEXT);
  const [isCopy, isOld, isLast, isSecond, isThird, isLong] = Array.from({ length: 6 }, () => guesses(12)) as [Guesses, Guesses, Guesses, Guesses, Guesses, Guesses];
  const [slots, near, align] = [guesses(4 * 64), guesses(128), guesses(16)];
  const [fresh, old] = [new Lengths(), new Lengths()];
  // How far back the last four copies reached, and what kinds of things came last.
  let far = [0, 0, 0, 0];
  let state = 0;
  for (let at = 0; at < size; ) {
    const [back = 0] = far;
    if (bits.bit(isCopy, state) === 0) {
      const from = 0x300 * ((out[at - 1] ?? 0) >> (8 - CONTEXT));
      out[at] = letter(bits, letters, from, state < 7 ? -1 : (out[at - back - 1] as number));
      state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
      at += 1;
      continue;
    }
    let length: number;
    if (bits.bit(isOld, state) === 0) {
      length = fresh.next(bits);
      far = [distance(bits, Math.min(length, 3)), ...far.slice(0, 3)];
      state = state < 7 ? 7 : 10;
    } else {
      const place = bits.bit(isLast, state) === 0 ? 0 : bits.bit(isSecond, state) === 0 ? 1 : 2 + bits.bit(isThird, state);
      if (place === 0 && bits.bit(isLong, state) === 0) {
        out[at] = out[at - back - 1] as number;
        state = state < 7 ? 9 : 11;
        at += 1;
        continue;
      }
      far = [far[place] ?? 0, ...far.filter((_, i) => i !== place)];
      length = old.next(bits);
      state = state < 7 ? 8 : 11;
    }
    const reach = (far[0] ?? 0) + 1;
    for (const end = Math.min(size, at + length + 2); at < end; at++) out[at] = out[at - reach] as number;
  }
  return out;

  function distance(bits: Bits, kind: number): number {
    const slot = bits.tree(slots, 6, 64 * kind);
    if (slot < 4) return slot;
    const count = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << count;
    if (slot < 14) return base + bits.turned(near, count, base - slot);
    return base + bits.plain(count - 4) * 16 + bits.turned(align, 4);
  }
}

/** A letter; after a copy that which would have followed it is a hint, as long as the bits agree. */
function letter(bits: Bits, letters: Guesses, from: number, hint: number): number {
  let place = 1;
  while (place < 0x100) {
    if (hint < 0) place = 2 * place + bits.bit(letters, from + place);
    else {
      const wanted = (hint >> 7) & 1;
      hint = (hint << 1) & 0xff;
      const bit = bits.bit(letters, from + 0x100 * (1 + wanted) + place);
      place = 2 * place + bit;
      if (bit !== wanted) hint = -1;
    }
  }
  return place & 0xff;
}
