import { readFileSync } from "node:fs";
import type { MemoryFileSystem } from "@gov/atomic-io/testing";
import { isManifestError } from "@gov/manifest";
import {
  parsePlaybook,
  pipelinePlaybook,
  type Playbook,
  type PlaybookPorts,
  promotionPlaybook,
  readPromotionState,
  runPlaybook,
  type RunPlaybookOptions,
} from "@gov/manifest/promotion";
import { checkDocuments, createKindRegistry } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { createLog } from "./log-fake.ts";
import { brokenFiles, clock, rootOf, sealedFiles, site, stateOf, take, trusted } from "./snapshot-fakes.ts";

/** A runbook as it stands in the documentation: its playbook, and what its table says of each step. */
function readRunbook(name: string): { readonly yaml: string; readonly rows: readonly { readonly step: string; readonly code: string }[] } {
  const text = readFileSync(new URL(`../../../docs/runbooks/${name}.md`, import.meta.url), "utf8");
  const yaml = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  const rows = [...text.matchAll(/^\| `(\w+)` +\|[^|]*\| `(\w+)` +\|/gm)].map(([, step = "", code = ""]) => ({ step, code }));
  return { yaml, rows };
}

const whole = JSON.stringify(Object.fromEntries(Object.entries(sealedFiles).sort()));
const journal = "/state/promotion";

function portsOn(fs: MemoryFileSystem): PlaybookPorts {
  const well = (): Promise<boolean> => Promise.resolve(JSON.stringify(stateOf(fs)) === whole);
  return {
    gate: well,
    health: well,
    warm: () => Promise.resolve(),
    quiesce: () => Promise.resolve(),
    differences: () => Promise.resolve([]),
  };
}

async function optionsOn(fs: MemoryFileSystem): Promise<RunPlaybookOptions> {
  const own = site();
  await take(own);
  const log = createLog();
  return {
    run: "rollback-1",
    actor: "ann",
    journal,
    log,
    root: "/root",
    ...own,
    policy: trusted,
    clock,
    remove: ["new.md"],
    ports: portsOn(fs),
    fs,
  };
}

const frozenElsewhere = {
  time: "",
  kind: "PROMOTION_PLAYBOOK_STEP",
  actor: "",
  subject: "",
  payload: { run: "other", step: "freeze", playbook: "promotion" },
};

/** For each step, what makes it stop as the runbook says. */
const troubles: Readonly<Record<string, (options: RunPlaybookOptions, fs: MemoryFileSystem) => Promise<RunPlaybookOptions>>> = {
  freeze: (options) => Promise.resolve({ ...options, log: createLog([frozenElsewhere]) }),
  select_snapshot: (options) => Promise.resolve({ ...options, ...site() }),
  verify_snapshot: async (options) => {
    const own = site();
    await take(own, []);
    return { ...options, ...own };
  },
  restore_artifacts: async (options, fs) => {
    const place = `${options.root}/twin.md`;
    await fs.unlink(place);
    await fs.mkdir(place);
    return options;
  },
  warm_caches: (options) => Promise.resolve({ ...options, ports: { ...options.ports, warm: undefined } }),
  quiesce: (options) => Promise.resolve({ ...options, ports: { ...options.ports, quiesce: undefined } }),
  capture_differences: (options) => Promise.resolve({ ...options, ports: { ...options.ports, differences: undefined } }),
  verify_health: (options) => Promise.resolve({ ...options, ports: { ...options.ports, health: () => Promise.resolve(false) } }),
  rerun_gate: (options) => Promise.resolve({ ...options, ports: { ...options.ports, gate: () => Promise.resolve(false) } }),
  rerun_gate_verbosely: (options) => Promise.resolve({ ...options, ports: { ...options.ports, gate: () => Promise.resolve(false) } }),
};

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "fine",
    (error: unknown) => (isManifestError(error) ? error.code : String(error)),
  );

describe("the runbooks", () => {
  for (const [name, playbook] of [
    ["promotion-rollback", promotionPlaybook],
    ["pipeline-rollback", pipelinePlaybook],
  ] as const) {
    const { yaml, rows } = readRunbook(name);
    const parsed = parsePlaybook(yaml);
    if (!parsed.ok) throw new Error(parsed.findings.map(({ message }) => message).join("; "));

    it(`${name} is the playbook that is shipped, a valid document, and tells of each of its steps (PRO-03, PRO-08, PRO-11, D-13)`, () => {
      expect(parsed.value).toEqual(playbook);
      expect(rows.map(({ step }) => step)).toEqual(playbook.steps);
      const registry = createKindRegistry();
      if (!registry.ok) throw new Error("No kinds");
      const bytes = new TextEncoder().encode(yaml);
      expect(checkDocuments([{ path: "playbook.yaml", bytes }], registry.value).findings).toEqual([]);
    });

    it(`${name} brings back the last signed snapshot, step by step (PRO-03, PRO-08)`, async () => {
      const fs = rootOf(brokenFiles);
      const options = await optionsOn(fs);
      const report = await runPlaybook(parsed.value, options);
      expect(report.steps.map(({ step }) => step)).toEqual(rows.map(({ step }) => step));
      expect(JSON.stringify(stateOf(fs))).toBe(whole);
      expect((await readPromotionState(journal, { fs })).frozen).toBe(false);
      expect(await codeOf(runPlaybook(parsed.value, options))).toBe(rows.at(-1)?.code);
    });

    it(`${name} stops as it says where it says, stays frozen, and goes on under its name`, async () => {
      for (const { step, code } of rows.slice(0, -1)) {
        const fs = rootOf(brokenFiles);
        const options = await optionsOn(fs);
        const trouble = troubles[step];
        if (trouble === undefined) throw new Error(`Nobody knows how step "${step}" fails`);
        expect(await codeOf(runPlaybook(parsed.value, await trouble(options, fs))), step).toBe(code);
        if (step === "freeze") continue;
        const state = await readPromotionState(journal, { fs });
        expect([state.frozen, state.done.map((one) => one.step)], step).toEqual([true, doneBefore(playbook, step)]);
        // What was chosen from another store is not in this one, and what stands in the way is moved away by hand.
        if (step === "verify_snapshot" || step === "restore_artifacts") continue;
        expect(await codeOf(runPlaybook(parsed.value, options)), step).toBe("fine");
      }
    });
  }
});

/** An unsigned snapshot is refused as soon as it is chosen. */
function doneBefore({ steps }: Playbook, step: string): readonly string[] {
  return steps.slice(0, steps.indexOf((step === "verify_snapshot" ? "select_snapshot" : step) as never));
}

describe("parsePlaybook()", () => {
  const { yaml } = readRunbook("promotion-rollback");

  it("refuses, with the place, what nobody knows, cannot be repeated, or would unfreeze what was not verified", () => {
    const problems = (text: string): readonly string[] =>
      parsePlaybook(text, { path: "p.yaml" }).findings.map(({ code, line }) => `${code} ${String(line)}`);
    expect(problems(yaml.replace("slo_breach", "boredom"))).toEqual(["MANIFEST_PLAYBOOK_INVALID 5"]);
    expect(problems(yaml.replace("action: warm_caches", "action: pray"))).toEqual(["MANIFEST_PLAYBOOK_INVALID 11"]);
    expect(problems(yaml.replace("S4, action: restore_artifacts, idempotent: true", "S4, action: restore_artifacts"))).toEqual([
      "MANIFEST_PLAYBOOK_INVALID 10",
    ]);
    expect(problems(yaml.replace(/.*S6.*\n/, ""))).toEqual(["MANIFEST_PLAYBOOK_INVALID 7"]);
    for (const text of [
      "[]",
      "name: x",
      "name: [",
      yaml.replace("name: promotion", "name: promote"),
      yaml.replace(/triggers: .*/, "triggers: []"),
    ])
      expect(problems(text).length).toBeGreaterThan(0);
  });
});
