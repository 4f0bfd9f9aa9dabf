import { openStoreWriter } from "@gov/index-writer";
import { serveStore } from "@gov/index-writer/nats";
import { type Command, isDryRun } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { subjectsOf, withRecord } from "../root/with-record.ts";
import { withNats } from "../root/with-nats.ts";

/** Stands in front of the record and takes entries that arrive over NATS, until it is stopped; any number may serve one record. */
export const bridgeServe: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov bridge serve"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    await authorize(context, call, { place: governed, deed: { action: "bridge:serve", subject: { id: "bridge" } } });
    const { subject } = subjectsOf(governed);
    const isDirect = governed.root.config.record.transport === "direct";
    if (isDirect || isDryRun(call)) {
      const text = isDirect
        ? "Entries travel straight to the record: nobody has to serve it"
        : `Would serve the record behind "${subject}"`;
      return { data: { entries: 0 }, findings: [], view: [{ type: "line", mark: "none", text }] };
    }
    const served = await withNats(context, (connection) =>
      withRecord(context, governed, async (store) => {
        if (store === null) return 0;
        const before = await store.lastSeq();
        await using writer = openStoreWriter(store);
        const service = await serveStore(connection, writer, subjectsOf(governed));
        context.tell(`Serving the record behind "${subject}"`);
        await context.untilStopped();
        await service.close();
        return (await store.lastSeq()) - before;
      }),
    );
    return {
      data: { entries: served },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `${served} entries were added meanwhile` }],
    };
  },
};
