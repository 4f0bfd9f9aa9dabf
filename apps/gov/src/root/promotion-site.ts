import { join, resolve } from "node:path";
import type { EntryLog } from "@gov/manifest/promotion";
import { createFileBackend, createObjectStore, type ObjectBackend, type ObjectStore } from "@gov/manifest/storage";
import { type Call, isDryRun } from "../command.ts";
import type { Context } from "../context.ts";
import { openLog } from "./open-log.ts";
import { readLog } from "./root-log.ts";
import { storageKeys } from "./storage-keys.ts";
import { storageFolder } from "./storage-folder.ts";

/** Where a root keeps what promotions, snapshots and rollbacks need. */
export interface PromotionSite {
  readonly root: string;
  /** Folder of this clone's own journal. */
  readonly journal: string;
  readonly log: EntryLog;
  readonly backend: ObjectBackend;
  readonly store: ObjectStore;
}

/** The snapshots of a root stand in its storage folder, its freezes and steps in the decision log that is committed. */
export function promotionSite(context: Context, directory: string): PromotionSite {
  const storage = storageFolder(context, directory);
  return {
    root: directory,
    journal: join(storage, "promotion"),
    log: entryLog(context, directory),
    ...storeAt(context, join(storage, "store")),
  };
}

/** The same for an environment, a folder of its own: its snapshots stand in it, its steps in the journal and the log of the root. */
export function environmentSite(context: Context, directory: string, folder: string): PromotionSite {
  const root = resolve(context.cwd, folder);
  context.writesBelow(root);
  return { ...promotionSite(context, directory), root, ...storeAt(context, join(root, ".gov/store")) };
}

/** The store that a folder is, encrypted where the environment has keys. */
export function storeAt(context: Context, folder: string): Pick<PromotionSite, "backend" | "store"> {
  const { fs, clock, cwd } = context;
  const directory = resolve(cwd, folder);
  context.writesBelow(directory);
  const backend = createFileBackend(directory, { fs });
  return { backend, store: createObjectStore(backend, { clock, keys: storageKeys(context) }) };
}

/** The decision log of a root, for a step that is decided and told in one; in a dry run it is decided by what the log says, and told to nobody. */
export function promotionLog(context: Context, call: Call, directory: string): EntryLog {
  const log = entryLog(context, directory);
  return isDryRun(call) ? { ...log, append: () => Promise.resolve() } : log;
}

/** The decision log as promotions see it: opened for each append, so that nobody is kept out for longer. */
function entryLog(context: Context, directory: string): EntryLog {
  return {
    read: async function* () {
      yield* (await readLog(context, directory)).entries;
    },
    append: async (entries, options) => (await openLog(context, directory)).append((log) => log.append(entries, options)),
  };
}
