import type { DetectorName } from "../detectors.ts";
import { mayEndSecretKey } from "./assigned-secret.ts";
import { beginning, createJsonBeginnings, endOfText } from "./beginnings.ts";
import { canBeginToken } from "./secret-detectors.ts";
import { canEndNumber, startsWord } from "./scan-text.ts";

/** Looks at JSON text without white space, which stands as UTF-8 between two places: true where there is surely nothing to be found. */
export type Glance = (bytes: Uint8Array, start: number, end: number) => boolean;

/** Creates a glance for a set of detectors: it goes over the bytes once and looks closer at nothing, so it may be false of what is harmless. */
export function createGlance(enabled: ReadonlySet<DetectorName>): Glance {
  const table = createJsonBeginnings(enabled);
  return (bytes, start, end) => {
    for (
      let at = nextBeginning(table, bytes, { start, from: start, end });
      ;
      at = nextBeginning(table, bytes, { start, from: at + 1, end })
    ) {
      const next = at === end ? endOfText : (bytes[at] as number);
      const what = table[((at === start ? 0 : (bytes[at - 1] as number)) << 8) | next] as number;
      if (what === beginning.end) return true;
      if (isWorthALook(bytes, at, { what, start, next })) return false;
      if (at === end) return true;
    }
  };
}

function nextBeginning(
  table: Uint8Array,
  bytes: Uint8Array,
  { start, from, end }: { readonly start: number; readonly from: number; readonly end: number },
): number {
  let first = from === start ? 0 : (bytes[from - 1] as number);
  let at = from;
  for (; at < end; at++) {
    const second = bytes[at] as number;
    if (table[(first << 8) | second] !== beginning.nothing) break;
    first = second;
  }
  return at;
}

/** False where what can begin or end here surely does not, told from the bytes around. */
function isWorthALook(
  bytes: Uint8Array,
  at: number,
  { what, start, next }: { readonly what: number; readonly start: number; readonly next: number },
): boolean {
  switch (what) {
    case beginning.number:
      return canEndNumber(bytes, at, { start, next });
    case beginning.token:
      return startsWord(bytes, at - 1, start) && canBeginToken(bytes, at - 1);
    case beginning.account:
      return startsWord(bytes, at - 2, start);
    case beginning.key:
      return mayEndSecretKey(bytes, at - 1);
    default:
      return true;
  }
}
