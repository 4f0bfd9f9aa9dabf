import { join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { readJournal } from "@gov/atomic-io/journal";
import { bridgeFault, bridgeLag } from "../internal/bridge-state.ts";
import { readText } from "../internal/read-text.ts";
import { restoreBridge } from "../internal/restore-bridge.ts";
import type { BridgeHealth, DeadLetter } from "./bridge.ts";

/** What stands in a bridge, as somebody sees it who does not hold it: how its deliveries go, only its holder knows. */
export interface BridgeReading extends Pick<BridgeHealth, "depth" | "lag" | "pendingBytes"> {
  /** Sequence number of the newest entry; 0 while there is none. */
  readonly lastSeq: number;
  readonly deadLetters: readonly DeadLetter[];
}

/** A holder that writes a snapshot meanwhile is met once in a while, not so often. */
const maxTries = 20;

/**
 * Reads a bridge beside its holder: takes no lock, repairs and changes nothing (IDX-13). A folder that is missing or empty is an empty bridge.
 *
 * @throws {@link IndexError} `INDEX_CORRUPT`; `INDEX_VERSION`.
 */
export async function readBridge(
  directory: string,
  { fs = nodeFileSystem }: { readonly fs?: FileSystem | undefined } = {},
): Promise<BridgeReading> {
  for (let tries = 1; ; tries++) {
    try {
      const snapshot = await readText(fs, join(directory, "bridge.json"));
      const { state } = await restoreBridge(snapshot, await readJournal(join(directory, "journal"), { fs }));
      return {
        lastSeq: state.lastSeq,
        depth: state.pending.size,
        lag: bridgeLag(state),
        pendingBytes: state.pendingBytes,
        deadLetters: [...state.dead.values()],
      };
    } catch (error) {
      // Between the snapshot and the journal its holder may have written the one and cut the other.
      if (tries < maxTries) continue;
      throw bridgeFault(error);
    }
  }
}
