import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collectEvidence, contractsOf, evaluateGates, type Evidence, type EvidencePorts, type EvidenceSource, tasksOf } from "@gov/gates";
import { type BeBacklog, type DependencyContracts, parseDocument, parseStoryMap, validateKind } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { quantile } from "../statistics.ts";

/** Planning gates with many items in flight. */
export const planningGatesRows: readonly Row[] = [
  { id: "planning-gates", title: "Every gate of one planning item, with 250, 1,000 and 4,000 items in flight", prepare },
];

const tasksPerItem = 20;
const { gates } = presets.be;

async function prepare({ scratch, quick }: RowContext): Promise<PreparedRow> {
  const sizes = quick ? ([25, 100, 400] as const) : ([250, 1_000, 4_000] as const);
  const [small, middle, large] = sizes;
  const folders = await writeItems(scratch, middle);
  const collected = await Promise.all(folders.map(async (folder) => collect(folder)));
  const inFlight = Array.from({ length: large }, (_, index): Evidence => ({
    ...(collected[index % middle] as Evidence),
    subject: `item-${index}`,
  }));
  for (const evidence of inFlight) {
    const { outcome, findings } = evaluateGates(evidence, gates);
    if (outcome !== "PASS") throw new Error(`Cannot compare: an item does not pass: ${findings[0]?.message ?? outcome}`);
  }
  const judge = (count: number) => (): void => {
    for (let index = 0; index < count; index++) evaluateGates(inFlight[index] as Evidence, gates);
  };
  const judged = latencies(middle, (index) => void evaluateGates(inFlight[index] as Evidence, gates));
  const whole = await collectedLatencies(folders.slice(0, middle));
  const told = (times: readonly number[]) =>
    `p50 ${quantile(times, 0.5).toFixed(2)}, p99 ${quantile(times, 0.99).toFixed(2)}, most ${Math.max(...times).toFixed(2)} ms`;
  return {
    subject: `evaluateGates, ${middle} items`,
    contenders: [
      { name: `evaluateGates, ${small} items`, run: judge(small), operations: small },
      { name: `evaluateGates, ${middle} items`, run: judge(middle), operations: middle },
      { name: `evaluateGates, ${large} items`, run: judge(large), operations: large },
      {
        name: `collectEvidence and evaluateGates, ${middle} items`,
        run: async () => void (await collectedLatencies(folders.slice(0, middle))),
        operations: middle,
      },
    ],
    rounds: quick ? 3 : 5,
    warmups: 1,
    notes: [
      `Each item is a backlog of ${tasksPerItem} tasks, a story map, contracts, coverage and issues, and every gate of the preset "be" passes. Milliseconds for one item; growth is linear when they agree at the three sizes.`,
      `evaluateGates of one item, of ${middle} in flight: ${told(judged)}.`,
      `collectEvidence and evaluateGates of one item, of ${middle} in flight, eight worked on at once, from when its work starts: ${told(whole)}.`,
    ],
  };
}

function latencies(count: number, job: (index: number) => void): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const begin = performance.now();
    job(index);
    return performance.now() - begin;
  });
}

/** All items are in flight; eight are worked on at once, and the time of each begins when its work does. */
async function collectedLatencies(folders: readonly string[]): Promise<readonly number[]> {
  const queue = [...folders];
  const times: number[] = [];
  const work = async (): Promise<void> => {
    for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
      const begin = performance.now();
      evaluateGates(await collect(folder), gates);
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return times;
}

async function collect(folder: string): Promise<Evidence> {
  const read = async (name: string) => {
    const path = join(folder, name);
    const bytes = await readFile(path);
    const sources: readonly EvidenceSource[] = [{ path: name, digest: digestBytes(bytes) }];
    return { bytes, sources };
  };
  const parse = async <T>(name: string) => {
    const { bytes, sources } = await read(name);
    const document = parseDocument({ path: name, bytes });
    if (!document.ok) throw new Error(document.findings[0]?.message);
    return { data: document.value.data as T, locate: (pointer: string) => document.value.locate(pointer)?.line ?? null, sources };
  };
  const backlog = parse<BeBacklog>("be_backlog.yaml");
  const ports: EvidencePorts = {
    artifacts: async () => {
      const { data, sources } = await backlog;
      const valid = validateKind("be_backlog", data as never) ?? [];
      const findings = valid.map(({ message }) => ({
        code: "SCHEMA_VIOLATION",
        severity: "error" as const,
        message,
        path: "be_backlog.yaml",
        line: null,
        column: null,
      }));
      const artifact = {
        id: "backlog",
        kind: "be_backlog",
        path: "be_backlog.yaml",
        version: "1.0.0",
        references: [],
        schema: "be_backlog",
        findings,
      };
      return { value: [artifact], sources };
    },
    backlog: async () => {
      const { data, locate, sources } = await backlog;
      return { value: tasksOf(data, { path: "be_backlog.yaml", lineOf: locate }), sources };
    },
    contracts: async () => {
      const { data, locate, sources } = await parse<DependencyContracts>("dependency_contracts.yaml");
      return { value: contractsOf(data, { path: "dependency_contracts.yaml", lineOf: locate }), sources };
    },
    storyMap: async () => {
      const { bytes, sources } = await read("story_map.md");
      const { nodes } = parseStoryMap(new TextDecoder().decode(bytes), { path: "story_map.md" });
      return { value: nodes.map((node) => ({ ...node, path: "story_map.md" })), sources };
    },
    coverage: async () => ({ value: { lines: 95, branches: 90, path: null }, sources: [] }),
    criticalIssues: async () => ({ value: [], sources: [] }),
  };
  return collectEvidence({ subject: folder, asOf: "2026-01-10" }, ports);
}

async function writeItems(scratch: string, count: number): Promise<readonly string[]> {
  const story = `# Plan - Story Map\n\n## Epic: Export\n\n### Backbone (User Activities)\n\n1. Plan\n\n### Walking Skeleton (MVP)\n\n${list("Skeleton", 5)}\n### Release 1 Features\n\n${list("Feature", 5)}`;
  const { nodes } = parseStoryMap(story, { path: "story_map.md" });
  const linked = nodes.filter(({ section }) => section !== "backbone").map(({ id }) => id);
  const tasks = Array.from({ length: tasksPerItem }, (_, index) =>
    [
      `  - id: T-${index}`,
      `    title: Build part ${index}`,
      "    effort_points: 3",
      "    priority: P1",
      "    owner: ada",
      `    dependencies: [${index % 4 === 0 ? "C-1" : `T-${index - 1}`}]`,
      '    tags: ["criticality:1"]',
      "    acceptance_criteria: [It works]",
      `    linked_story_map_nodes: ["${String(linked[index % linked.length])}"]`,
    ].join("\n"),
  );
  const backlog = `version: 1.0.0\ngenerated_at: "2026-01-10T09:00:00Z"\ntasks:\n${tasks.join("\n")}\n`;
  const contracts =
    'version: 1.0.0\ncontracts:\n  - { id: C-1, consumer: be, provider: fe, owner: ada, state: satisfied, due: "2026-02-01" }\n';
  const folders = Array.from({ length: count }, (_, index) => join(scratch, `item-${index}`));
  for (const folder of folders) {
    await mkdir(folder);
    await writeFile(join(folder, "be_backlog.yaml"), backlog);
    await writeFile(join(folder, "dependency_contracts.yaml"), contracts);
    await writeFile(join(folder, "story_map.md"), story);
  }
  return folders;
}

function list(name: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `- ${name} ${index}\n`).join("");
}
