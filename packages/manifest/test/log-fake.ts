import type { EntryLog, LogInput } from "@gov/manifest/promotion";
import { isJsonObject } from "@gov/schema";

export type LogFake = EntryLog & { readonly entries: LogInput[]; readonly ids: () => readonly string[] };

/** A log in memory, with what was told and the ids of the steps among it. */
export function createLog(entries: LogInput[] = []): LogFake {
  return {
    entries,
    ids: () => entries.map(({ payload }) => (isJsonObject(payload) && typeof payload["id"] === "string" ? payload["id"] : "")),
    append: (given, { expectedSeq }) => {
      if (expectedSeq !== "any" && expectedSeq !== entries.length) return Promise.reject(new Error("sequence conflict"));
      entries.push(...given);
      return Promise.resolve();
    },
    read: async function* () {
      for (const [index, { kind, payload }] of [...entries].entries()) yield await Promise.resolve({ seq: index + 1, kind, payload });
    },
  };
}
