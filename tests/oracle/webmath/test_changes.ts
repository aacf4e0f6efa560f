import type { Changeable, Config } from "@page/protocol";
import { changedAt, configAt, editedRows, heirsOf, stagesOf } from "@page/session/changes";
import { readLink, Refusal, writeLink } from "@page/session/link";
import type { Rows } from "@page/training/types";

/** Changes one after the other, each with the rows there are at its step. */
function changed([link, rows, changes]: [string, Rows, [number, Partial<Changeable>][]]): unknown {
  let config: Config = readLink(link);
  try {
    for (const [step, change] of changes) config = changedAt(config, step, change, rowsAt(config, step, rows).count);
    const { x, y } = rowsAt(config, Infinity, rows);
    return { link: writeLink(config), x, y };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { code: fault.code };
  }
}

function rowsAt(config: Config, step: number, made: Rows): Rows {
  return stagesOf(config).findLast((stage) => stage.step <= step)!.edits.reduce(editedRows, made);
}

export const answers = {
  changed,
  heirs: ([before, after]: [string, string]) => heirsOf(readLink(before), readLink(after)),
  at: ([link, step]: [string, number]) => writeLink(configAt(readLink(link), step)),
};
