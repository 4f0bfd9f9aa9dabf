import { type Command, InputError, isDryRun } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { rootFlags } from "../root/locate-root.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { storageKeys, storageKeysVariable } from "../root/storage-keys.ts";

/** Encrypts whatever the store of a root keeps plain or under an older key with the current one. */
export const snapshotRekey: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov snapshot rekey"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const keys = storageKeys(context);
    if (keys === undefined)
      throw new InputError("CLI_STORAGE_KEYS_MISSING", `${storageKeysVariable} is not set: the store is not encrypted`, {
        hint: `set ${storageKeysVariable} to a name and 32 bytes, such as 2026-11:$(openssl rand -base64 32)`,
      });
    await authorize(context, call, { place: governed, deed: { action: "snapshot:rekey", subject: { id: "store" } } });
    const count = isDryRun(call) ? null : await promotionSite(context, governed.root.directory).store.rekey();
    return {
      data: { key: keys.current, encrypted: count },
      findings: [],
      view: [
        count === null
          ? { type: "line", mark: "none", text: `Would encrypt every object with key ${keys.current}` }
          : { type: "line", mark: "pass", text: `Encrypted ${count} objects with key ${keys.current}; older keys may go` },
      ],
    };
  },
};
