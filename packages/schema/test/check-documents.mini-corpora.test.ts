import { checkDocuments, type Finding, parseGovConfig, registryFromConfig } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { miniCorpora } from "./mini-corpora.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const errors = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity === "error");

describe("checkDocuments() on generated corpora", () => {
  it.each(miniCorpora(140))(
    "reads every readable document of $name with its id, status and title, and refuses the rest by name (SCH-10)",
    ({ config, documents }) => {
      const parsed = parseGovConfig({ path: "gov.yaml", bytes: bytes(config) });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
      const registry = registryFromConfig(parsed.value, new Map());
      if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
      const report = checkDocuments(
        documents.map(({ path, text }) => ({ path, bytes: bytes(text) })),
        registry.value,
      );
      const readable = documents.filter(({ expected }) => expected !== null);
      expect(readable).toHaveLength(140);
      expect(errors(report.findings).map(({ path }) => path)).toEqual(
        documents.filter(({ expected }) => expected === null).map(({ path }) => path),
      );
      const read = new Map(report.artifacts.map(({ path, id, status, title }) => [path, { id, status, title }]));
      for (const { path, expected } of readable) expect(read.get(path), path).toEqual(expected);
      expect(read.size).toBe(140);
    },
  );
});
