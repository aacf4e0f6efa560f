/** Packs letters for the page; `unpacking` unpacks them. */

import { codedLetters, MOST } from "./ppm";

/** Four bytes with the number of letters, and every answer as a part of a range that the one before has left. */
export function packedLetters(letters: Uint8Array): Uint8Array {
  if (letters.length > MOST) throw new RangeError(`at most ${MOST} letters can be packed, got ${letters.length}`);
  const out: number[] = [];
  let [at, low, range] = [0, 0, 0xffffffff];
  const put = (): void => {
    const over = low >= 2 ** 32;
    for (let i = out.length - 1; over && (out[i] = ((out[i] as number) + 1) & 255) === 0; i--);
    out.push((low >>> 24) & 255);
    low = (low << 8) >>> 0;
  };
  const is = (letter: number, share: number): boolean => {
    const bound = (range >>> 16) * share;
    const yes = letter === letters[at];
    if (yes) {
      range = bound;
      at += 1;
    } else {
      low += bound;
      range -= bound;
    }
    while (range < 0x1000000) {
      put();
      range = (range << 8) >>> 0;
    }
    return yes;
  };
  codedLetters({ is }, letters.length).until(letters.length);
  for (let i = 0; i < 4; i++) put();
  const packed = new Uint8Array(4 + out.length);
  new DataView(packed.buffer).setUint32(0, letters.length);
  packed.set(out, 4);
  return packed;
}
