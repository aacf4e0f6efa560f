/** What test_lzma.py asks. */

import { unpackedBytes } from "@page/lzma";

const unpacked = ({ letters, size }: { letters: string; size: number }): string =>
  Buffer.from(unpackedBytes(Uint8Array.from(Buffer.from(letters, "base64")), size)).toString("base64");

export const answers = { unpacked };
