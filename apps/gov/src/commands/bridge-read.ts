import type { StoredEntry } from "@gov/index-writer";
import { canonicalJson } from "@gov/schema/canonical";
import { type Command, stringFlag, UsageError } from "../command.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { withRecord } from "../root/with-record.ts";

/** Prints the entries of the record in their order, one canonical JSON object a line. */
export const bridgeRead: Command = {
  usage: "",
  maxPositionals: 0,
  flags: { ...rootFlags, after: { type: "string", value: "<seq>", description: "only entries after this one (default: 0)" } },
  examples: ["gov bridge read", "gov bridge read --after 100"],
  async run(context, call) {
    const after = stringFlag(call, "after") ?? "0";
    if (!/^\d{1,15}$/.test(after)) throw new UsageError(`"${after}" is no number of an entry`);
    const governed = await loadGoverned(context, call);
    const entries: StoredEntry[] = [];
    await withRecord(context, governed, async (store) => {
      if (store !== null) for await (const entry of store.read(Number(after) + 1)) entries.push(entry);
    });
    const lines = entries.map(({ seq, id, payload }) => `${canonicalJson({ seq, id, payload })}\n`);
    return { data: { entries }, findings: [], view: [{ type: "raw", text: lines.join("") }] };
  },
};
