import { type Artifact, parseDocument, type ParsedDocument, parseStoryMap, type StoryMap } from "@gov/schema";
import type { Governed } from "./load-governed.ts";

/** The stories of a story map, with their lines. */
export function storyMapOf(governed: Governed, { path, body }: Artifact): StoryMap {
  const startLine = parsedDocument(governed, path)?.bodyLine;
  return parseStoryMap(body ?? "", { path, startLine });
}

/** Finds lines of parts of governed documents. */
export function lineReader(governed: Governed): (path: string) => (pointer: string) => number | null {
  return (path) => {
    const document = parsedDocument(governed, path);
    return (pointer) => document?.locate(pointer)?.line ?? null;
  };
}

/** A governed document as it was read, with the places of its values; null when it cannot be read. */
export function parsedDocument({ documents, root }: Governed, path: string): ParsedDocument | null {
  const input = documents.inputs.find((candidate) => candidate.path === path);
  const parsed = input === undefined ? null : parseDocument(input, { limits: root.config.limits });
  return parsed?.ok === true ? parsed.value : null;
}
