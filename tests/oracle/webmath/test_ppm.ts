/** What test_ppm.py asks. */

import { packedLetters } from "@page/pack";
import { unpacking } from "@page/ppm";

const bytes = (letters: string): Uint8Array => Uint8Array.from(Buffer.from(letters, "base64"));
const letters = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const packed = (content: string): string => letters(packedLetters(bytes(content)));

/** Or what it is refused with. */
const unpacked = (content: string): string => {
  try {
    const { size, until } = unpacking(bytes(content));
    // By pieces, as the page does.
    for (let place = 1; place < size; place *= 3) until(place);
    return letters(until(size));
  } catch (error) {
    return String(error);
  }
};

export const answers = { packed, unpacked };
