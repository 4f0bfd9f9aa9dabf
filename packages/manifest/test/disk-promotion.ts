import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FileSystem } from "@gov/atomic-io";
import { openJournal, readJournal } from "@gov/atomic-io/journal";
import { applyPromotion, type EntryLog, type LogInput, promotionPlaybook, readPromotionState, runPlaybook } from "@gov/manifest/promotion";
import { readRestoreMarker } from "@gov/manifest/snapshot";
import { createFileBackend, createObjectStore } from "@gov/manifest/storage";
import { isJsonObject, type JsonObject } from "@gov/schema";
import { ann, ben } from "./manifest-fakes.ts";
import { approve, planned, promotedFiles, seal } from "./promotion-fakes.ts";
import { brokenFiles, clock, type Files, trusted } from "./snapshot-fakes.ts";

/** A promotion, and the rollback of one that stopped half-way, on a real disk. */
export type DiskAction = "promote" | "roll back";

const sorted = (files: Files): string => JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
const oldState: string = sorted(brokenFiles);
const newState: string = sorted(promotedFiles);

const sealed = await seal(promotedFiles);

/** Makes a directory in which the action can begin: old files, a log in which the manifest is approved, and for a rollback a promotion whose gate said no. */
export async function prepare(directory: string, action: DiskAction): Promise<void> {
  for (const [path, text] of Object.entries(brokenFiles)) {
    mkdirSync(dirname(join(directory, "root", path)), { recursive: true });
    writeFileSync(join(directory, "root", path), text);
  }
  await approve(sealed.manifest, diskLog(directory));
  if (action === "roll back") await promote(directory, { gate: false }).catch(() => undefined);
}

/** Runs the action, or goes on with it. */
export async function run(directory: string, action: DiskAction, fs?: FileSystem): Promise<void> {
  if (action === "promote") return promote(directory, { gate: true, fs });
  const gate = (): Promise<boolean> => Promise.resolve(stateOf(directory) === oldState);
  const site = siteOf(directory, fs);
  const ports = { gate, warm: () => Promise.resolve() };
  await runPlaybook(promotionPlaybook, {
    ...site,
    run: "rollback-1",
    supersedes: "promotion-1",
    environment: "staging",
    remove: Object.keys(promotedFiles),
    ports,
  });
}

/** What stands there: which state, whether it is marked, whether promotions are frozen, and which runs have ended. */
export async function look(directory: string): Promise<{
  readonly state: "old" | "new" | "other";
  readonly marked: boolean;
  readonly frozen: boolean;
  readonly finished: readonly string[];
}> {
  const state = stateOf(directory);
  const { frozen, finished } = await readPromotionState(join(directory, "journal"));
  const marked = (await readRestoreMarker(join(directory, "root"))) !== null;
  return { state: state === oldState ? "old" : state === newState ? "new" : "other", marked, frozen, finished };
}

/** Ids of the steps that were told, in order. */
export async function told(directory: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { payload } of diskLog(directory).read())
    if (isJsonObject(payload) && typeof payload["run"] === "string") ids.push(JSON.stringify(payload["id"]));
  return ids;
}

async function promote(directory: string, { gate, fs }: { readonly gate: boolean; readonly fs?: FileSystem | undefined }): Promise<void> {
  const site = siteOf(directory, fs);
  const plan = {
    type: "promotion",
    request: { manifest: sealed.manifest, environment: "staging", cause: "manual" },
    rules: (await planned({ manifest: sealed.manifest, environment: "staging", cause: "manual" }, approvedLog)).rules,
  } as const;
  const ports = { health: () => Promise.resolve(true), gate: () => Promise.resolve(gate && stateOf(directory) === newState) };
  await applyPromotion(plan, {
    ...site,
    run: "promotion-1",
    source: sealed.source,
    signers: [ann.signer, ben.signer],
    governed: Object.keys(brokenFiles),
    ports,
  });
}

/** Only the rules are taken from a plan made against it. */
const approvedLog: EntryLog = await (async () => {
  const entries: LogInput[] = [];
  const log: EntryLog = {
    append: (given) => Promise.resolve(entries.push(...given)),
    read: async function* () {
      for (const [index, { kind, payload }] of entries.entries()) yield await Promise.resolve({ seq: index + 1, kind, payload });
    },
  };
  await approve(sealed.manifest, log);
  return log;
})();

function siteOf(directory: string, fs?: FileSystem) {
  const backend = createFileBackend(join(directory, "store"), { fs });
  const store = createObjectStore(backend, { clock });
  return {
    actor: "ann",
    journal: join(directory, "journal"),
    log: diskLog(directory, fs),
    clock,
    root: join(directory, "root"),
    backend,
    store,
    policy: trusted,
    fs,
  };
}

function diskLog(directory: string, fs?: FileSystem): EntryLog {
  const place = join(directory, "log");
  const read = async function* () {
    if (!existsSync(place)) return;
    const view = await readJournal(place, { fs });
    let seq = 0;
    for await (const { data } of view.read())
      yield { seq: ++seq, ...(JSON.parse(new TextDecoder().decode(data)) as Pick<LogInput, "kind" | "payload">) };
  };
  return {
    read,
    append: async (entries, { expectedSeq }) => {
      const journal = await openJournal(place, { fs });
      try {
        let seq = 0;
        for await (const one of read()) seq = one.seq;
        if (expectedSeq !== "any" && expectedSeq !== seq) throw new Error("Sequence conflict");
        await journal.append(entries.map((entry) => new TextEncoder().encode(JSON.stringify(entry as unknown as JsonObject))));
      } finally {
        await journal.close();
      }
    },
  };
}

function stateOf(directory: string): string {
  const root = join(directory, "root");
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = names
    .map((one) => join(one.parentPath, one.name).slice(root.length + 1))
    .filter((path) => !path.startsWith(".gov") && !path.includes("/.gov"));
  return sorted(Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), "utf8")])));
}
