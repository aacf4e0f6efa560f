import { LESSONS } from "@page/generated/catalogue";
import { readLesson } from "@page/session/lesson_file";
import { takeLesson } from "@page/session/own_lesson";
import { Refusal } from "@page/session/refusal";
import { faultSentence } from "@page/words";
import { words } from "@words";

/** What is said of a lesson's file, in both languages; or what is read of it. */
function judged(text: string): unknown {
  try {
    return readLesson(JSON.parse(text));
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return [words.en, words.ru].map((one) => faultSentence(one, fault));
  }
}

/** What of a lesson's own name is known after some files. */
function taken(texts: string[]): unknown {
  for (const text of texts) {
    try {
      takeLesson(text);
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
    }
  }
  return LESSONS["own"]?.steps;
}

export const answers = { judged, taken };
