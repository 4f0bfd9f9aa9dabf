import { type Finding } from "../finding.ts";
import { makeFinding } from "./make-finding.ts";
import { nearestWord } from "../kinds/nearest-word.ts";
import { appendPointer } from "../reading/json-pointer.ts";
import { type ParsedDocument } from "../reading/parse-document.ts";

/** Keys of each mapping of `gov.yaml`; `*` stands for a name of the user's. The zod schema is held to this by a test. */
export const govConfigKeys: Readonly<Record<string, readonly string[]>> = {
  "": ["$schema", "version", "preset", "extends", "documents", "kinds", "rules", "evidence", "log", "record", "verification", "limits"],
  "/documents": ["include", "exclude"],
  "/evidence": ["coverage", "health", "issues"],
  "/log": ["store", "name"],
  "/record": ["store", "name", "transport"],
  "/verification": ["verticals"],
  "/limits": ["max_bytes", "max_depth", "max_aliases", "max_nodes"],
  "/kinds/*": [
    "include",
    "exclude",
    "format",
    "front_matter",
    "schema",
    "versions",
    "fields",
    "statuses",
    "references",
    "require_metadata",
  ],
  "/kinds/*/fields": ["id", "version", "status", "title", "owners", "tags"],
  "/kinds/*/references/*": ["field", "by", "kinds", "ignore", "severity"],
};

/** Says of a key that `gov.yaml` does not know where it stands and which one may have been meant. */
export function unknownKey(document: ParsedDocument, pointer: string): Finding {
  const end = pointer.lastIndexOf("/");
  const key = pointer
    .slice(end + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
  const known = govConfigKeys[patternOf(pointer.slice(0, end))] ?? [];
  const near = nearestWord(key, known);
  return makeFinding("SCHEMA_CONFIG", `Key ${JSON.stringify(key)} is not known`, {
    path: document.path,
    at: document.locate(pointer),
    expected: known.length === 0 ? undefined : [...known].sort().join(", "),
    hint: near === null ? undefined : `Did you mean "${near}"?`,
  });
}

function patternOf(pointer: string): string {
  const segments = pointer.split("/").slice(1);
  return segments.reduce((pattern, segment, index) => {
    const anyName = (index === 1 && segments[0] === "kinds") || (index === 3 && segments[2] === "references");
    return anyName ? `${pattern}/*` : appendPointer(pattern, segment);
  }, "");
}
