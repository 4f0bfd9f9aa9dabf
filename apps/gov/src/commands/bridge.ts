import { readBridge } from "@gov/index-writer/bridge";
import type { Finding } from "@gov/schema";
import type { Block, Command } from "../command.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { bridgeFolder } from "../root/with-bridge.ts";
import { withRecord } from "../root/with-record.ts";

/** Shows how the bridge is doing: what waits, what could not be delivered, and how far the record is. */
export const bridge: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov bridge", "gov bridge --format json"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const { record } = governed.root.config;
    const { depth, lag, lastSeq, pendingBytes, deadLetters } = await readBridge(bridgeFolder(context, governed.root.directory), context);
    const recordSeq = await withRecord(context, governed, async (store) => (store === null ? 0 : store.lastSeq()));
    const kept = record.store === "postgres" ? `PostgreSQL, "${record.name}"` : "files of this machine";
    const findings = deadLetters.map(({ seq, id, errors }): Finding => ({
      ...{ code: "CLI_DEAD_LETTER", severity: "warning", path: null, line: null, column: null },
      message: `Entry ${seq} ("${id}") could not be delivered: ${errors.at(-1) ?? "nobody knows why"}`,
      hint: `mend the cause, then gov bridge redrive ${seq}`,
    }));
    const rows: readonly (readonly [string, string])[] = [
      ["accepted", `${lastSeq}`],
      ["waiting", `${depth} (${pendingBytes} bytes), ${lag} behind`],
      ["dead letters", `${deadLetters.length}`],
      ["record", `${recordSeq} entries in ${kept}`],
      ["transport", record.transport],
    ];
    const waiting: Block = { type: "line", mark: "warn", text: "Something waits: gov bridge drain delivers it" };
    return {
      data: { accepted: lastSeq, depth, lag, pendingBytes, deadLetters, record: { ...record, lastSeq: recordSeq } },
      findings,
      view: [{ type: "values", rows }, ...(depth === 0 ? [] : [waiting])],
    };
  },
};
