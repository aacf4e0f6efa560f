/** What test_ppm.py asks. */

import { packedLetters } from "@page/pack";
import { unpackedLetters } from "@page/ppm";

const bytes = (letters: string): Uint8Array => Uint8Array.from(Buffer.from(letters, "base64"));
const letters = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const packed = (content: string): string => letters(packedLetters(bytes(content)));

/** Or what it is refused with. */
const unpacked = (content: string): string => {
  try {
    return letters(unpackedLetters(bytes(content)));
  } catch (error) {
    return String(error);
  }
};

export const answers = { packed, unpacked };
