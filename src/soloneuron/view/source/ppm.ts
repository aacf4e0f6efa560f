/**
 * The model with which letters are packed and unpacked (prediction by partial matching, with mixed guesses).
 *
 * What followed the last letters before is asked for one by one, "is it this one?", and an answer costs the less,
 * the surer it was. Who unpacks asks and learns the very same as who packed.
 */

/** Hears whether the next letter is this one, for which that share of 65536 is expected. */
export interface Coder {
  is(letter: number, share: number): boolean;
}

/** More letters are not believed: damaged ones would be waited for too long. */
export const MOST = 1 << 20;
/** The longest context in letters; of a longer one the last place where it stood is remembered. */
const LONGEST = 6;
/** A letter is guessed from so many contexts, each a letter shorter than the one before; an expected one from fewer. */
const [HEARD, SURE] = [4, 2];
/** A guess moves by one part of its answers, as long as those are so many: of a node, of all in its state. */
const [RECENT, ALL] = [10, 255];
/** How fast weights, and what came of guesses, follow what was wrong. */
const [LEARNING, CAUTION] = [0.007, 0.02];
/** So many letters agree at least with those before the remembered place; more than so many are not counted. */
const [ALIKE, LONG] = [8, 31];
/** Fields of a node: the next one in its context, the first that followed it, its node one context shorter. */
const [NEXT, FIRST, SHORTER] = [0, 1, 2];
/** And from the lowest bit: its letter (8), how often it was asked for (8), and the share of yes (16). */
const STATE = 3;
const [FIELDS, ROOT] = [4, 4];
/** So many nodes a letter are enough for text. */
const USUAL = 1.5;

/** The chance that odds stand for, and back: logarithms, in 4096 steps of 1/256. */
const chances = new Float32Array(4096);
const odds = new Float32Array(4096);
// By products alone: engines differ in the last bit of exp and log, and one bit is enough to lose the thread.
for (let i = 0, e = 1; i <= 2048; i++, e *= 1.0039138893383476) {
  chances[2048 + i] = e / (1 + e);
  chances[2048 - i] = 1 / (1 + e);
}
for (let i = 0, step = 0; i < 4096; i++) {
  while (step < 4095 && (chances[step] as number) < (i + 0.5) / 4096) step++;
  odds[i] = (step - 2048) / 256;
}

const parts = Float32Array.from({ length: ALL + 1 }, (_, count) => 1 / (count + 1.5));

/** Letters, of which there are so many; `until` gives those up to a place at least, and does no more than it must. */
export interface Letters {
  readonly size: number;
  until(place: number): Uint8Array;
}

/** What `packedLetters` has packed: the number of letters stands in the first four bytes, then come the answers. */
export function unpacking(packed: Uint8Array): Letters {
  const view = new DataView(packed.buffer, packed.byteOffset);
  const size = view.getUint32(0);
  if (size > MOST) throw new RangeError(`at most ${MOST} letters can be packed, this tells of ${size}`);
  let [at, range, code] = [8, 0xffffffff, view.getUint32(4)];
  const is = (_: number, share: number): boolean => {
    const bound = (range >>> 16) * share;
    const yes = code < bound;
    if (yes) range = bound;
    else {
      range -= bound;
      code -= bound;
    }
    while (range < 0x1000000) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | (packed[at++] ?? 0)) >>> 0;
    }
    return yes;
  };
  return codedLetters({ is }, size);
}

/** So many letters, as the coder answers. */
export function codedLetters(coder: Coder, size: number): Letters {
  let model: Model | undefined = new Model(size);
  const { letters } = model;
  const until = (place: number): Uint8Array => {
    while (model !== undefined && model.at < Math.min(place, size)) model.next(coder);
    // What it has learned takes a hundred times as much room as the letters.
    if (model?.at === size) model = undefined;
    return letters;
  };
  return { size, until };
}

class Model {
  readonly letters: Uint8Array;
  at = 0;
  private nodes: Int32Array<ArrayBuffer>;
  private used = ROOT + FIELDS;
  /** The longest context of the next letter, and how long it is. */
  private context = ROOT;
  private depth = 0;
  /** Contexts in which the letter was not found, the longest first. */
  private readonly missed = new Int32Array(LONGEST + 1);
  /** When a letter was refused last, and how many were for this place. */
  private readonly refused = new Int32Array(256);
  private refusals = 0;
  private readonly weights = new Float32Array(((LONGEST + 8) * 4 * 4 * 8) * HEARD).fill(0.35);
  /**
   * What nodes of a state were worth: by depth, by whether another one is left to ask for, by how often they were
   * asked for and by their share of yes.
   */
  private readonly shares = Float32Array.from({ length: (LONGEST + 8) * 2 * 16 * 32 }, (_, i) => ((i & 31) + 0.5) / 32);
  private readonly counts = new Uint8Array(this.shares.length);
  /** How often each letter came of those times when about this was guessed: half of what is expected. */
  private readonly came = Float32Array.from({ length: 256 * 32 }, (_, i) => chances[(i & 31) * 128 + 64] as number);
  /** The guesses that are mixed, where they come from and whose they are. */
  private readonly guesses = new Float64Array(HEARD);
  private readonly places = new Int32Array(HEARD);
  private readonly heard = new Int32Array(HEARD);
  /** Where last letters stood before, the place that goes on as this one is expected to, and how long it has. */
  private readonly stood = new Int32Array(1 << 16);
  private hash = 0;
  private place = 0;
  private alike = 0;

  constructor(size: number) {
    this.letters = new Uint8Array(size);
    this.nodes = new Int32Array((size * USUAL + 2 * LONGEST + 4) * FIELDS);
  }

  next(coder: Coder): void {
    this.makeRoom();
    const { nodes, missed } = this;
    let [context, depth, misses, found] = [this.context, this.depth, 0, 0];
    this.refusals = 0;
    while (context !== 0 && (found = this.among(coder, context, depth--)) === 0) {
      missed[misses++] = context;
      context = nodes[context + SHORTER] as number;
    }
    const letter = found === 0 ? this.fresh(coder) : (nodes[found + STATE] as number) & 255;
    while (misses > 0) found = this.grown(missed[--misses] as number, found, letter);
    this.context = this.depth < LONGEST ? found : (nodes[found + SHORTER] as number);
    this.depth = Math.min(this.depth + 1, LONGEST);
    this.letters[this.at] = letter;
    this.remember(letter);
    this.at += 1;
  }

  /** Twice as much where the nodes of one letter more might not fit. */
  private makeRoom(): void {
    if (this.used + (LONGEST + 1) * FIELDS <= this.nodes.length) return;
    const { nodes } = this;
    this.nodes = new Int32Array(2 * nodes.length);
    this.nodes.set(nodes);
  }

  /** The node of the next letter in a context, or 0. What came last stands first. */
  private among(coder: Coder, context: number, depth: number): number {
    const { nodes, refused } = this;
    for (let before = 0, node = nodes[context + FIRST] as number; node !== 0; before = node, node = nodes[node + NEXT] as number) {
      const letter = (nodes[node + STATE] as number) & 255;
      if (refused[letter] === this.at + 1) continue;
      if (this.isIt(coder, letter, node, depth)) {
        if (before !== 0) {
          nodes[before + NEXT] = nodes[node + NEXT] as number;
          nodes[node + NEXT] = nodes[context + FIRST] as number;
          nodes[context + FIRST] = node;
        }
        return node;
      }
      refused[letter] = this.at + 1;
      this.refusals += 1;
    }
    return 0;
  }

  private isIt(coder: Coder, letter: number, node: number, depth: number): boolean {
    const { nodes, weights, guesses, places, heard, shares, letters } = this;
    const expected = depth === LONGEST && this.alike >= ALIKE && letters[this.place] === letter;
    const level = expected ? LONGEST + ((this.alike - 3) >> 2) : depth;
    const asked = ((nodes[node + STATE] as number) >> 8) & 255;
    const age = asked < 1 ? 0 : asked < 3 ? 1 : asked < 8 ? 2 : 3;
    const last = nodes[node + NEXT] === 0 ? 0 : 1;
    // Small letters follow other laws than signs do.
    const small = ((letters[this.at - 1] as number) > 96 ? 2 : 0) + (letter > 96 ? 4 : 0);
    const set = (((level * 4 + Math.min(this.refusals, 3)) * 4 + age) * 8 + last + small) * HEARD;
    const count = Math.min(depth + 1, expected ? SURE : HEARD);
    let sum = 0;
    for (let i = 0; i < count; i++, node = nodes[node + SHORTER] as number) {
      const state = nodes[node + STATE] as number;
      const place = ((i === 0 ? level : depth - i) << 10) | (last << 9) | (((state >> 8) & 255) << 5) | (state >>> 27);
      const guess = odds[((shares[place] as number) * 4096) | 0] as number;
      guesses[i] = guess;
      places[i] = place;
      heard[i] = node;
      sum += (weights[set + i] as number) * guess;
    }
    const step = Math.max(1, Math.min(4095, (sum * 256 + 2048.5) | 0));
    const mixed = chances[step] as number;
    const place = (letter << 5) | (step >> 7);
    const came = this.came[place] as number;
    const yes = coder.is(letter, bounded((mixed + came) * 32768));
    this.came[place] = came + (Number(yes) - came) * CAUTION;
    this.learn(Number(yes), mixed, set, count);
    return yes;
  }

  private learn(yes: number, mixed: number, set: number, count: number): void {
    const { nodes, weights, guesses, places, heard, shares, counts } = this;
    const wrong = (yes - mixed) * LEARNING;
    for (let i = 0; i < count; i++) {
      weights[set + i] = (weights[set + i] as number) + wrong * (guesses[i] as number);
      const place = places[i] as number;
      const share = shares[place] as number;
      const times = counts[place] as number;
      shares[place] = share + (yes * 0.9999 - share) * (parts[times] as number);
      if (times < ALL) counts[place] = times + 1;
      const field = (heard[i] as number) + STATE;
      const state = nodes[field] as number;
      const asked = (state >> 8) & 255;
      const own = state >>> 16;
      const moved = own + (yes * 65535 - own) * (parts[asked] as number);
      nodes[field] = (moved << 16) | ((asked < RECENT ? asked + 1 : asked) << 8) | (state & 255);
    }
  }

  /** A letter that never came before. */
  private fresh(coder: Coder): number {
    let left = 256 - this.refusals;
    for (let letter = 0; letter < 256; letter++) {
      if (this.refused[letter] !== this.at + 1 && coder.is(letter, bounded(0x10000 / left--))) return letter;
    }
    return 0;
  }

  /** A new node in a context that did not know the letter; it begins with the guess of the shorter one. */
  private grown(context: number, shorter: number, letter: number): number {
    const { nodes, used } = this;
    nodes[used + NEXT] = nodes[context + FIRST] as number;
    nodes[used + SHORTER] = shorter || ROOT;
    nodes[used + STATE] = (shorter === 0 ? 1 << 31 : (nodes[shorter + STATE] as number) & ~0xffff) | letter;
    nodes[context + FIRST] = used;
    this.used += FIELDS;
    return used;
  }

  /** Moves on to what is expected after this letter. */
  private remember(letter: number): void {
    const { letters, stood, at } = this;
    this.alike = this.alike > 0 && letters[this.place] === letter ? Math.min(this.alike + 1, LONG) : 0;
    this.place += 1;
    // The factor ends in four bits of 0, so that letters leave at the top: the last eight are in the hash.
    this.hash = (Math.imul(this.hash, 0x2f0b4c70) + Math.imul(letter + 1, 0x3d4d51cb)) | 0;
    const key = this.hash >>> 16;
    if (this.alike === 0) {
      const place = (this.place = stood[key] as number);
      while (this.alike < Math.min(LONG, place) && letters[place - 1 - this.alike] === letters[at - this.alike]) this.alike++;
      if (this.alike < ALIKE) this.alike = 0;
    }
    stood[key] = at + 1;
  }
}

/** A whole share that leaves something to both answers. */
function bounded(share: number): number {
  return Math.max(16, Math.min(65520, share | 0));
}
