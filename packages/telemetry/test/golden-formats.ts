import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { archiveAuditLog, type AuditInput, joinAuditLog, openAuditJournal, openAuditLog } from "@gov/telemetry/audit";
import { noLock as lock } from "./telemetry-fakes.ts";

/** The entries of the golden logs: with and without what is optional. */
const inputs: readonly AuditInput[] = [
  { time: "2024-01-15T10:00:00.000Z", kind: "PLANNED", actor: "ann", subject: "pln_task_1", payload: null },
  {
    time: "2024-01-15T10:00:01.500Z",
    kind: "WAIVER",
    actor: 'ben "b" Ü',
    subject: "gate/schema_lint",
    payload: { z: 1e21, a: [0.1, -0, "\u2028 ✔"], nested: { hash: "sha256:no" } },
    correlation_id: "0123456789abcdef0123456789abcdef",
    lamport: { counter: 7, node: "runner-1" },
  },
  { time: "2024-01-15T10:00:02.000Z", kind: "CLOSED", actor: "ann", subject: "pln_task_1", payload: "done" },
];

const onBranch = (kind: string): AuditInput => ({
  time: "2024-01-16T10:00:00.000Z",
  kind,
  actor: "ann",
  subject: "branch",
  payload: {},
});

const path = "/audit-jsonl-v1/index.jsonl";
const archiveDirectory = "/audit-jsonl-v1/archive";

/** The golden log of lines: two entries archived, one more, then one on each of two branches, and the entry that joins them. */
async function writeLines(): Promise<MemoryFileSystem> {
  const fs = createMemoryFileSystem({ files: { "/audit-jsonl-v1/keep": "" } });
  const append = async (to: string, entries: readonly AuditInput[], archives?: string): Promise<void> => {
    const log = await openAuditLog(to, { fs, lock, archiveDirectory: archives });
    await log.append(entries, { expectedSeq: "any" });
    await log.close();
  };
  await append(path, inputs);
  await append("/theirs.jsonl", [...inputs, onBranch("THEIRS")]);
  await archiveAuditLog(path, { fs, lock, archiveDirectory, throughSeq: 2 });
  await append(path, [onBranch("OURS")], archiveDirectory);
  // A merge of lines puts those of both branches one after the other.
  const theirs = fs.text("/theirs.jsonl")?.trimEnd().split("\n").at(-1) ?? "";
  const merged = createMemoryFileSystem({
    files: { ...Object.fromEntries(fs.files()), [path]: `${fs.text(path) ?? ""}${theirs}\n` },
  });
  await joinAuditLog(path, { time: "2024-01-17T10:00:00.000Z", actor: "ben" }, { fs: merged, lock, archiveDirectory });
  return merged;
}

/** The golden log in a journal: a batch of two archived, and one more. */
async function writeJournal(): Promise<MemoryFileSystem> {
  const fs = createMemoryFileSystem();
  const log = await openAuditJournal("/audit-journal-v1/journal", { fs, lock, archiveDirectory: "/audit-journal-v1/archive" });
  await log.append(inputs.slice(0, 2), { expectedSeq: 0 });
  await log.rotate(3);
  await log.append(inputs.slice(2), { expectedSeq: 2 });
  await log.close();
  return fs;
}

/** Every golden file as the present code writes it, by its path below `fixtures/`; space that a journal has taken and not used is left out. */
export async function writeGoldens(): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = [...(await writeLines()).files(), ...(await writeJournal()).files()];
  const kept = files.filter(([name]) => /^\/audit-.*(?:jsonl|log|CURRENT)$/.test(name));
  return new Map(kept.map(([name, bytes]) => [name.slice(1), name.endsWith(".log") ? used(bytes) : bytes]));
}

/** A segment without the zeros behind its last frame; frames end at multiples of 8. */
function used(bytes: Uint8Array): Uint8Array {
  const last = bytes.findLastIndex((byte) => byte !== 0);
  return bytes.slice(0, Math.ceil((last + 1) / 8) * 8);
}
