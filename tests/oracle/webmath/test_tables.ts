import type { ColumnChoice } from "@page/session/csv";
import { featureColumns, labelColumns, pointsOf, readCsv, suggestColumns } from "@page/session/csv";
import { Refusal } from "@page/session/link";
import { faultSentence } from "@page/words";
import { words as sentences } from "@words";

const words = [sentences.en, sentences.ru];

function read([base64, choice]: [string, Partial<ColumnChoice>?]): unknown {
  try {
    const table = readCsv(Uint8Array.from(Buffer.from(base64, "base64")), "table.csv");
    const suggested = { ...suggestColumns(table), ...choice };
    const { points, said } = pointsOf(table, suggested);
    const { columns, decimalComma, ragged, cells } = table;
    const sentences = words.map((one) => said.map(({ key, fields }) => one.of(key, fields)));
    return {
      points, said: said.map(({ key }) => key), sentences, suggested, decimalComma, ragged,
      names: columns.map(({ name }) => name), rows: cells.length,
      possible: [featureColumns(table), labelColumns(table)].map((some) => some.map(({ name }) => name)),
    };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { code: fault.code, sentences: words.map((one) => faultSentence(one, fault)) };
  }
}

export const answers = { read };
