import { isIndexError } from "@gov/index-writer";
import { type DocumentInput, type Finding, isJsonObject, type JsonValue, parseDocument } from "@gov/schema";
import { type Command, isDryRun, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readTextFile } from "../root/read-text-file.ts";
import { withQueue } from "../root/with-bridge.ts";

/** Accepts entries into the queue of the bridge, durably, whether the record can be reached or not. */
export const bridgeAppend: Command = {
  usage: "<file>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov bridge append entries.jsonl", "gov bridge append -"],
  async run(context, call) {
    const [path] = call.positionals;
    if (path === undefined)
      throw new UsageError("Missing the file of entries", 'one JSON object a line, {"id": …, "payload": …}; - is standard input');
    const { entries, findings } = readEntries(path, await textOf(context, path));
    if (findings.length > 0)
      return {
        data: { accepted: [], dryRun: isDryRun(call) },
        findings,
        exitCode: exitCodes.findings,
        view: [{ type: "line", mark: "fail", text: "Nothing was accepted" }],
      };
    const governed = await loadGoverned(context, call);
    await authorize(context, call, { place: governed, deed: { action: "bridge:append", subject: { id: "bridge" } } });
    const accepted: { readonly id: string; readonly seq: number; readonly duplicate: boolean }[] = [];
    const conflicts: Finding[] = [];
    if (!isDryRun(call))
      await withQueue(context, governed, async (bridge) => {
        for (const { id, payload, line } of entries) {
          try {
            accepted.push({ id, ...(await bridge.append(id, payload)) });
          } catch (error) {
            if (!isIndexError(error) || error.code !== "INDEX_BRIDGE_CONFLICT") throw error;
            conflicts.push({ code: error.code, severity: "error", message: error.message, path, line, column: 1 });
          }
        }
      });
    const fresh = accepted.filter(({ duplicate }) => !duplicate).length;
    const text = isDryRun(call)
      ? `Would accept ${entries.length} entries`
      : `Accepted ${fresh} entries, ${accepted.length - fresh} were known; next: gov bridge drain`;
    return {
      data: { accepted, dryRun: isDryRun(call) },
      findings: conflicts,
      view: [{ type: "line", mark: isDryRun(call) ? "none" : conflicts.length > 0 ? "warn" : "pass", text }],
    };
  },
};

interface Line {
  readonly id: string;
  readonly payload: JsonValue;
  readonly line: number;
}

async function textOf(context: Context, path: string): Promise<string> {
  return path === "-" ? new TextDecoder().decode(await context.stdin()) : readTextFile(context, path);
}

// What a record takes as an id.
// eslint-disable-next-line no-control-regex -- they are what is refused
const fitId = /^[^\0-\x1f\x7f]{1,256}$/;

/** Reads every line before anything is accepted, so that a file with a mistake changes nothing. */
function readEntries(path: string, text: string): { readonly entries: readonly Line[]; readonly findings: readonly Finding[] } {
  const entries: Line[] = [];
  const findings: Finding[] = [];
  for (const [index, content] of text.split("\n").entries()) {
    if (content.trim() === "") continue;
    const line = index + 1;
    const input: DocumentInput = { path, bytes: new TextEncoder().encode(content) };
    const parsed = parseDocument(input, { format: "json" });
    if (!parsed.ok) {
      for (const finding of parsed.findings) findings.push({ ...finding, line });
      continue;
    }
    const { data } = parsed.value;
    const id = isJsonObject(data) ? data["id"] : undefined;
    if (isJsonObject(data) && typeof id === "string" && fitId.test(id) && Object.hasOwn(data, "payload"))
      entries.push({ id, payload: data["payload"] ?? null, line });
    else
      findings.push({
        ...{ code: "CLI_ENTRY_INVALID", severity: "error", path, line, column: 1 },
        message: "This line is no entry",
        hint: 'write {"id": "<1 to 256 characters, no control characters>", "payload": <anything>}',
      });
  }
  return { entries, findings };
}
