import type { JsonValue } from "@gov/schema";
import type { EntryLog, LogInput } from "../entry-log.ts";

/** How {@link tellOnce} decides. */
export interface TellOnceOptions {
  readonly isKnown: (told: { readonly kind: string; readonly payload: JsonValue }) => boolean;
  /** Whether what was told of the same before counts no longer, as a freeze that a merge of branches put behind its end. @default never */
  readonly isUndone?: ((told: { readonly kind: string; readonly payload: JsonValue }) => boolean) | undefined;
  /** Asked before each attempt, of a log that holds at least what was read; throws when the entry must not be told. @default nothing forbids it */
  readonly assertAllowed?: (() => Promise<void>) | undefined;
}

/** Tells the log of something unless it knows already; appends behind what was read, so that nobody else can have told it, or anything against it, meanwhile. */
export async function tellOnce(log: EntryLog, entry: LogInput, { isKnown, isUndone, assertAllowed }: TellOnceOptions): Promise<void> {
  const look = async (): Promise<{ readonly last: number; readonly known: boolean }> => {
    let [last, known] = [0, false];
    for await (const one of log.read()) {
      last = one.seq;
      known = isKnown(one) || (known && isUndone?.(one) !== true);
    }
    return { last, known };
  };
  for (let seen = await look(); !seen.known;) {
    await assertAllowed?.();
    try {
      await log.append([entry], { expectedSeq: seen.last });
      return;
    } catch (error) {
      const now = await look();
      // Somebody else appended first: decide again. Otherwise the log itself has failed.
      if (now.last === seen.last) throw error;
      seen = now;
    }
  }
}
