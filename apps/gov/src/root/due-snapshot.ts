import { join } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import type { Signer } from "@gov/manifest/sign";
import {
  decodeSnapshot,
  type ExpiredSnapshot,
  listSnapshots,
  planSnapshotRetention,
  type SnapshotRecord,
  takeSnapshot,
} from "@gov/manifest/snapshot";
import { addDuration, type Artifact, parseDuration } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";
import type { PromotionSite } from "./promotion-site.ts";

/** Whether a periodic snapshot is due, in words, and which snapshots need not be kept any more. */
interface SnapshotsDue {
  readonly isDue: boolean;
  readonly reason: string;
  readonly expired: readonly ExpiredSnapshot[];
}

const maxArtifactBytes = 1 << 28;

/** A snapshot is due when the last is older than the recovery point of the preset, and something has changed since. */
export async function snapshotsDue(context: Context, governed: Governed, { store, backend }: PromotionSite): Promise<SnapshotsDue> {
  const now = context.clock.now();
  const expired = await planSnapshotRetention(retentionOf(governed), { store, backend, now });
  const last = (await listSnapshots(backend)).at(-1);
  if (last === undefined) return { isDue: true, reason: "there is none yet", expired };
  const hours = governed.rules.thresholds.recoveryPointHours;
  if (now - Date.parse(last.takenAt) < hours * 3_600_000) return { isDue: false, reason: `the last is younger than ${hours} h`, expired };
  const isSame = await holdsAll(store, last, governed.documents.artifacts);
  return isSame
    ? { isDue: false, reason: "nothing has changed since the last", expired }
    : { isDue: true, reason: `the last is older than ${hours} h`, expired };
}

/** Takes a periodic snapshot that is kept for as long as the rules say. */
export async function takePeriodic(
  context: Context,
  governed: Governed,
  { site, signer }: { readonly site: PromotionSite; readonly signer: Signer },
): Promise<number> {
  const { directory } = governed.root;
  const { store, backend } = site;
  const readArtifact = async (path: string): Promise<Uint8Array | null> => {
    const read = await readFileBounded(join(directory, path), { maxBytes: maxArtifactBytes, fs: context.fs, path });
    return read.ok ? read.value : null;
  };
  const paths = governed.documents.artifacts.map(({ path }) => path);
  const retainUntil = formatUtc(addDuration(context.clock.now(), retentionOf(governed).keepFor));
  const { clock } = context;
  const taken = await takeSnapshot({ trigger: "periodic", paths, readArtifact }, { store, backend, clock, signers: [signer], retainUntil });
  return taken.snapshot.sequence;
}

function retentionOf({ rules }: Governed): Parameters<typeof planSnapshotRetention>[0] {
  const said = rules.rulebook.promotion?.retention;
  const text = said?.keep_for ?? rules.thresholds.snapshotRetention;
  const keepFor = parseDuration(text);
  if (!keepFor.ok) throw new InputError("CLI_RULES_UNUSABLE", `Cannot keep snapshots for "${text}"`, { findings: keepFor.findings });
  return { keepLast: said?.keep_last ?? 1, keepFor: keepFor.value };
}

async function holdsAll(store: PromotionSite["store"], { snapshot }: SnapshotRecord, artifacts: readonly Artifact[]): Promise<boolean> {
  // A list that cannot be read holds nothing: the next snapshot mends that.
  const bytes = await store.get(snapshot).catch(() => null);
  const held = new Map((bytes === null ? null : decodeSnapshot(bytes))?.artifacts.map(({ path, digest }) => [path, digest]));
  return held.size === artifacts.length && artifacts.every(({ path, digest }) => held.get(path) === digest);
}
