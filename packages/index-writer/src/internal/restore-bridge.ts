import type { JournalView } from "@gov/atomic-io/journal";
import { applyBridgeChange, type BridgeState, corruptBridge, decodeBridgeChange, emptyBridge, parseBridge } from "./bridge-state.ts";

/** What a bridge knows, from its snapshot, where there is one, and from its journal. */
export async function restoreBridge(
  snapshot: string | null,
  journal: Pick<JournalView, "firstSeq" | "lastSeq" | "read">,
): Promise<{ readonly state: BridgeState; readonly replayed: number }> {
  const { state, journalSeq } = snapshot === null ? { state: emptyBridge(), journalSeq: 0 } : parseBridge(snapshot);
  // A journal is cut only behind a snapshot; one that begins later, or ends before it, belongs to another.
  if (journal.firstSeq > journalSeq + 1 || journal.lastSeq < journalSeq) throw corruptBridge("its snapshot and its journal do not fit");
  let replayed = 0;
  for await (const { data } of journal.read(journalSeq + 1)) {
    applyBridgeChange(state, decodeBridgeChange(data));
    replayed += 1;
  }
  return { state, replayed };
}
