import { relative } from "node:path";
import { defaultDocuments, defaultReadLimits, defaultRules, type GovConfig } from "@gov/schema";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { readEnvironment } from "../root/environment.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readLog } from "../root/root-log.ts";
import { signingKeyVariable } from "../root/signing-key.ts";

/** Shows every setting in force and where it comes from; an environment that cannot be used is an error. */
export const config: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov config", "gov config --format json"],
  async run(context, call) {
    const { root, rules } = await loadGoverned(context, call);
    const log = await readLog(context, root.directory);
    const { storageRoot, writes, enforcement, findings } = await readEnvironment(context, { directory: root.directory, log, rules });
    const hasKey = (context.env[signingKeyVariable] ?? "") !== "";
    const settings: readonly Row[] = [
      ["root", root.directory, "where gov.yaml is, or --root"],
      ...configRows(root.config, relative(context.cwd, root.configPath)),
      ["rulebook_hash", rules.hash, "the rules in force"],
      ["MEMORY_STORAGE_ROOT", storageRoot.path, storageRoot.origin],
      ["MEMORY_WRITES_MODE", writes.mode, writes.origin],
      ["AI_ENFORCEMENT_MODE", enforcement.mode, enforcement.origin],
      [signingKeyVariable, hasKey ? "set" : "not set", hasKey ? "environment" : "default"],
    ];
    return {
      data: { settings: settings.map(([name, value, origin]) => ({ name, value, origin })) },
      findings,
      exitCode: findings.length === 0 ? undefined : exitCodes.input,
      // The longest last, which is the one that a terminal has room for.
      view: [{ type: "table", head: ["setting", "from", "value"], rows: settings.map(([name, value, origin]) => [name, origin, value]) }],
    };
  },
};

type Row = readonly [name: string, value: string, origin: string];

/** The settings of `gov.yaml`; one that says what holds anyway counts as a default. */
function configRows(found: GovConfig, file: string): readonly Row[] {
  const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const row = (name: string, value: unknown, fallback: unknown): Row => [
    name,
    shown(value),
    shown(value) === shown(fallback) ? "default" : file,
  ];
  return [
    // A preset is always somebody's choice once it is named; the default is named by nobody.
    row("preset", found.preset, null),
    row(
      "extends",
      found.extends.map(({ source }) => source),
      [],
    ),
    row("documents.include", found.documents.include, defaultDocuments.include),
    row("documents.exclude", found.documents.exclude, defaultDocuments.exclude),
    row("rules", found.rules, defaultRules),
    row("evidence.coverage", found.evidence.coverage, null),
    row("evidence.issues", found.evidence.issues, null),
    row("verification.verticals", found.verticals, {}),
    ...Object.entries(found.limits).map(([name, value]) =>
      row(`limits.${name}`, value, defaultReadLimits[name as keyof typeof defaultReadLimits]),
    ),
    row(
      "kinds",
      found.kinds.map(({ name }) => name),
      [],
    ),
  ];
}
