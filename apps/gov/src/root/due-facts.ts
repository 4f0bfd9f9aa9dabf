import { dirname, relative, resolve, sep } from "node:path";
import type { DueFacts } from "@gov/gates/governance";
import { foldWaivers, isWaiverEntry } from "@gov/gates/waivers";
import { type Artifact, isJsonObject, type JsonObject, parseDocument, type ParsedDocument, type Result } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import type { Context } from "../context.ts";
import { commitTimes } from "./commit-times.ts";
import { sidecarSuffix } from "./load-documents.ts";
import type { Governed } from "./load-governed.ts";
import { eventsOf, type RootLog } from "./root-log.ts";

/**
 * What documents, log and history say of times: `next_review` in the metadata of a document is a date, `describes` a path or several, relative to the
 * document, of what it documents, each a file or a folder.
 */
export async function dueFacts(context: Context, governed: Governed, log: RootLog): Promise<DueFacts> {
  const { documents, root, rules } = governed;
  const { limits } = root.config;
  const inputs = new Map(documents.inputs.map((input) => [input.path, input]));
  const metadata = documents.artifacts.map((artifact) => {
    const beside = inputs.get(artifact.path + sidecarSuffix);
    return { artifact, fields: metadataOf(artifact, beside === undefined ? null : parseDocument(beside, { limits, format: "yaml" })) };
  });
  const times = commitTimesOf(context);
  const own = await times(root.directory);
  const pages = metadata.flatMap(({ artifact, fields }) =>
    textsOf(fields, "describes").map((target) => ({
      path: artifact.path,
      target: resolve(root.directory, dirname(artifact.path), target),
    })),
  );
  const changes = await Promise.all(
    pages.map(async ({ path, target }) => ({ path, changed: await lastChange(times, target), documented: own.get(path) ?? null })),
  );
  return {
    reviews: metadata.flatMap(({ artifact: { id, path }, fields }) =>
      textsOf(fields, "next_review").map((nextReview) => ({ id, path, nextReview })),
    ),
    waivers: foldWaivers(eventsOf(log).filter(isWaiverEntry)).map(({ waiver }) => waiver),
    pages: newestOf(changes).map(({ path, changed, documented }) => ({
      path,
      changedAt: formatUtc(changed * 1000),
      documentedAt: documented === null ? null : formatUtc(documented * 1000),
    })),
    gates: rules.rulebook.gates,
  };
}

/** Metadata wherever it stands: in the document, in its `metadata`, or in the file beside it. */
function metadataOf({ data, format }: Artifact, beside: Result<ParsedDocument> | null): JsonObject {
  const inside = isJsonObject(data) ? data : {};
  const embedded = format !== "markdown" && isJsonObject(inside["metadata"]) ? inside["metadata"] : inside;
  return { ...embedded, ...(beside?.ok === true && isJsonObject(beside.value.data) ? beside.value.data : {}) };
}

function textsOf(fields: JsonObject, name: string): readonly string[] {
  const value = fields[name];
  return [value].flat().flatMap((one) => (typeof one === "string" ? [one] : []));
}

type Times = (directory: string) => Promise<ReadonlyMap<string, number>>;

/** The history of each folder is asked for once. */
function commitTimesOf(context: Context): Times {
  const known = new Map<string, ReturnType<Times>>();
  return (directory) => {
    const asked = known.get(directory) ?? commitTimes(context, directory);
    known.set(directory, asked);
    return asked;
  };
}

/** Seconds since the epoch of the last commit of a file, or of anything in a folder; null for what no commit has. */
async function lastChange(times: Times, target: string): Promise<number | null> {
  const folder = dirname(target);
  const name = relative(folder, target).split(sep).join("/");
  let last: number | null = null;
  for (const [path, seconds] of await times(folder))
    if ((path === name || path.startsWith(`${name}/`)) && seconds > (last ?? -1)) last = seconds;
  return last;
}

interface Change {
  readonly path: string;
  readonly changed: number | null;
  readonly documented: number | null;
}

/** Of several things that one document describes, the one that changed last. */
function newestOf(changes: readonly Change[]): readonly (Change & { readonly changed: number })[] {
  const newest = new Map<string, Change & { readonly changed: number }>();
  for (const { path, changed, documented } of changes)
    if (changed !== null && changed > (newest.get(path)?.changed ?? -1)) newest.set(path, { path, changed, documented });
  return [...newest.values()];
}
