import {
  type CachedReader,
  collectEvidence,
  type CoverageEvidence,
  createCircuitBreaker,
  createEvidenceCache,
  type CustomModules,
  customReader,
  customScripts,
  evaluateGates,
  type EvidencePorts,
  type EvidenceSource,
  healthReader,
  type HttpGet,
} from "@gov/gates";
import { digestBytes } from "@gov/schema/canonical";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const source = (text: string): EvidenceSource => ({ path: "coverage.json", digest: digestBytes(bytesOf(text)) });
const gates = { coverage: { triggers: [], validators: [{ type: "coverage_analyzer" }] } };

/** A file with coverage in it, and how often it was read. */
function coverageFile(content = "90"): { content: string; reads: number; readonly reader: CachedReader<CoverageEvidence> } {
  const file = {
    content,
    reads: 0,
    reader: {
      inputs: async () => [source(file.content)],
      read: async () => {
        file.reads++;
        const text = file.content;
        return { value: { lines: Number(text), branches: 90, path: "coverage.json" }, sources: [source(text)] };
      },
    },
  };
  return file;
}

describe("collectEvidence() with a cache", () => {
  const subject = "P";

  it("reads again exactly what changed, by digest of the inputs (GAT-26)", async () => {
    const file = coverageFile();
    const cache = createEvidenceCache();
    const collect = async () => (await collectEvidence({ subject }, { coverage: file.reader }, { cache })).parts.coverage;
    const first = await collect();
    expect(await collect()).toEqual(first);
    expect(file.reads).toBe(1);
    file.content = "70";
    expect((await collect())?.value.lines).toBe(70);
    file.content = "90";
    expect((await collect())?.value.lines).toBe(90);
    expect(file.reads).toBe(2);
  });

  it("gives the same evidence as reading everything, and does not keep what was read from other inputs (GAT-26)", async () => {
    const file = coverageFile();
    const cache = createEvidenceCache();
    const racing: EvidencePorts = {
      coverage: {
        inputs: file.reader.inputs,
        read: async (context) => {
          file.content = "70";
          return file.reader.read(context);
        },
      },
    };
    expect((await collectEvidence({ subject }, racing, { cache })).parts.coverage?.value.lines).toBe(70);
    file.content = "90";
    const cached = await collectEvidence({ subject }, { coverage: file.reader }, { cache });
    expect(cached).toEqual(await collectEvidence({ subject }, { coverage: file.reader }));
    expect(cached.parts.coverage?.value.lines).toBe(90);
  });

  it("keeps apart inputs that name one path with several digests (GAT-26)", async () => {
    const cache = createEvidenceCache();
    const collect = async (sources: readonly EvidenceSource[], lines: number) => {
      const coverage: CachedReader<CoverageEvidence> = {
        inputs: async () => sources,
        read: async () => ({ value: { lines, branches: 90, path: null }, sources }),
      };
      return (await collectEvidence({ subject }, { coverage }, { cache })).parts.coverage?.value.lines;
    };
    expect(await collect([source("1"), source("2")], 70)).toBe(70);
    expect(await collect([source("2")], 90)).toBe(90);
    expect(await collect([source("2"), source("1"), source("1")], 80)).toBe(70);
  });

  it.each([null, 90, {}, { value: 1 }, { sources: [] }])("reads again where a cache gives back %j (GAT-26)", async (kept) => {
    const file = coverageFile();
    const cache = { get: () => kept as never, set: () => undefined };
    expect((await collectEvidence({ subject }, { coverage: file.reader }, { cache })).parts.coverage?.value.lines).toBe(90);
    expect(file.reads).toBe(1);
  });

  it("keeps parts apart, and never a failure (GAT-26)", async () => {
    const cache = createEvidenceCache();
    const inputs = async () => [source("same")];
    let broken = true;
    const ports: EvidencePorts = {
      coverage: {
        inputs,
        read: async () => {
          if (broken) throw new Error("no such file");
          return { value: { lines: 90, branches: 90, path: null }, sources: [source("same")] };
        },
      },
      contracts: { inputs, read: async () => ({ value: [], sources: [source("same")] }) },
    };
    const failed = await collectEvidence({ subject }, ports, { cache });
    expect([failed.parts.coverage, failed.parts.contracts?.value]).toEqual([null, []]);
    broken = false;
    expect((await collectEvidence({ subject }, ports, { cache })).parts.coverage?.value.lines).toBe(90);
  });

  it("forgets what was not used for the longest time", () => {
    const cache = createEvidenceCache({ maxEntries: 2 });
    const value = { value: 1, sources: [] };
    const [a, b, c] = ["a", "b", "c"].map((text) => digestBytes(bytesOf(text))) as [
      `sha256:${string}`,
      `sha256:${string}`,
      `sha256:${string}`,
    ];
    cache.set(a, value);
    cache.set(b, value);
    expect(cache.get(a)).toBe(value);
    cache.set(c, value);
    expect([cache.get(a), cache.get(b), cache.get(c)]).toEqual([value, undefined, value]);
    for (const maxEntries of [0, 0.5]) expect(() => createEvidenceCache({ maxEntries })).toThrow(RangeError);
  });
});

describe("createCircuitBreaker()", () => {
  it("leaves a reader alone that failed three times in a row, tries once after the pause, and lets nothing through meanwhile (GAT-26)", async () => {
    let now = 0;
    let asked = 0;
    let works = false;
    const breaker = createCircuitBreaker({ clock: { monotonicMs: () => now }, resetMs: 1000 });
    const events: unknown[] = [];
    const timing = { clock: { now: () => 0, monotonicMs: () => now }, observer: { event: (name: string) => void events.push(name) } };
    const run = async () => {
      const coverage = async () => {
        asked++;
        if (!works) throw new Error("no answer");
        return { value: { lines: 90, branches: 90, path: null }, sources: [] };
      };
      const evidence = await collectEvidence({ subject: "P" }, { coverage }, { breaker, timing });
      return [evidence.failures.get("coverage"), evaluateGates(evidence, gates).outcome];
    };
    for (let failure = 0; failure < 3; failure++) expect(await run()).toEqual(["no answer", "ERROR"]);
    expect(await run()).toEqual(["Not asked: it failed 3 times in a row", "ERROR"]);
    expect([asked, events.at(-1)]).toEqual([3, "gates.evidence_refused"]);
    now = 1000;
    expect(await run()).toEqual(["no answer", "ERROR"]);
    expect(await run()).toEqual(["Not asked: it failed 4 times in a row", "ERROR"]);
    now = 2000;
    works = true;
    expect(await run()).toEqual([undefined, "PASS"]);
    expect(await run()).toEqual([undefined, "PASS"]);
    expect(asked).toBe(6);
  });

  it("lets one call try at a time, and counts failures in a row only (GAT-26)", () => {
    let now = 0;
    const breaker = createCircuitBreaker({ clock: { monotonicMs: () => now }, failures: 2, resetMs: 10 });
    breaker.report("coverage", true);
    breaker.report("coverage", false);
    breaker.report("coverage", true);
    expect(breaker.refusal("coverage")).toBeNull();
    breaker.report("coverage", true);
    expect(breaker.refusal("contracts")).toBeNull();
    now = 10;
    expect([breaker.refusal("coverage"), typeof breaker.refusal("coverage")]).toEqual([null, "string"]);
    const clock = { monotonicMs: () => 0 };
    for (const options of [{ failures: 0 }, { failures: 1.5 }, { resetMs: 0 }, { resetMs: Number.NaN }])
      expect(() => createCircuitBreaker({ clock, ...options })).toThrow(RangeError);
  });

  it("hands on what it remembers to the next run, and never pauses longer than it was made to (GAT-26)", () => {
    let now = 0;
    const clock = { monotonicMs: () => now };
    const first = createCircuitBreaker({ clock, failures: 2, resetMs: 10 });
    first.report("health", true);
    first.report("health", true);
    first.report("coverage", true);
    expect(first.memory()).toEqual({ health: { count: 2, openUntil: 10 }, coverage: { count: 1, openUntil: 10 } });
    const again = (initial: unknown) => createCircuitBreaker({ clock, failures: 2, resetMs: 10, initial });
    const next = again(JSON.parse(JSON.stringify(first.memory())));
    expect([next.refusal("health"), next.refusal("coverage")]).toEqual(["Not asked: it failed 2 times in a row", null]);
    now = 10;
    expect(next.refusal("health")).toBeNull();
    const broken = [null, [], "x", { health: 1 }, { health: { count: 0, openUntil: 11 } }, { health: { count: 9, openUntil: 21 } }];
    const odd = [{ health: { count: 9 } }, { health: { count: 9, openUntil: Number.NaN } }, { health: { count: 1.5, openUntil: 11 } }];
    for (const initial of [undefined, ...broken, ...odd]) expect(again(initial).memory()).toEqual({});
  });
});

describe("collectEvidence() in parallel", () => {
  /** Readers that wait to be let go, and how many ran at once. */
  function gatedPorts(): { readonly ports: EvidencePorts; readonly seen: { running: number; most: number } } {
    const seen = { running: 0, most: 0 };
    const wait = async <T>(value: T) => {
      seen.running++;
      seen.most = Math.max(seen.most, seen.running);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      seen.running--;
      return { value, sources: [] };
    };
    const ports: EvidencePorts = {
      contracts: async () => wait([]),
      backlog: async () => wait([]),
      criticalIssues: async () => wait([]),
      storyMap: async () => wait([]),
      health: async () => wait([]),
      coverage: async () => {
        throw new Error("broken");
      },
    };
    return { ports, seen };
  }

  it("runs all readers at once, or as many as allowed, with the same result (GAT-26)", async () => {
    const all = gatedPorts();
    const evidence = await collectEvidence({ subject: "P" }, all.ports);
    expect(all.seen.most).toBe(5);
    for (const maxParallel of [1, 2]) {
      const some = gatedPorts();
      expect(await collectEvidence({ subject: "P" }, some.ports, { maxParallel })).toEqual(evidence);
      expect(some.seen.most).toBe(maxParallel);
    }
    for (const maxParallel of [0, 1.5]) await expect(collectEvidence({ subject: "P" }, {}, { maxParallel })).rejects.toThrow(RangeError);
  });

  it("says how long each reader took, without the time it waited for its turn (GAT-26)", async () => {
    let now = 0;
    const took: unknown[] = [];
    const reader = (milliseconds: number) => async () => {
      now += milliseconds;
      return { value: [], sources: [] };
    };
    const timing = {
      clock: { now: () => 0, monotonicMs: () => now },
      observer: { event: (_name: string, fields: Readonly<Record<string, unknown>>) => void took.push(fields["milliseconds"]) },
    };
    await collectEvidence({ subject: "P" }, { backlog: reader(100), contracts: reader(1) }, { maxParallel: 1, timing });
    expect(took).toEqual([100, 1]);
  });

  it.each([undefined, null, 90, {}, { value: 1 }, { sources: [] }])(
    "records that a reader gave %j, which is no value with sources",
    async (given) => {
      const coverage = (async () => given) as never;
      for (const port of [coverage, { inputs: async () => [], read: coverage }]) {
        const evidence = await collectEvidence({ subject: "P" }, { coverage: port });
        expect([...evidence.failures]).toEqual([["coverage", "The reader gave no value with its sources"]]);
        expect(evaluateGates(evidence, gates).outcome).toBe("ERROR");
      }
    },
  );

  it("records a failure whatever was thrown", async () => {
    const thrower = (thrown: unknown) => async () => {
      throw thrown;
    };
    const nothing: unknown = Object.create(null);
    const evidence = await collectEvidence({ subject: "P" }, { coverage: thrower(nothing), health: thrower("down") });
    expect([...evidence.failures].sort()).toEqual([
      ["coverage", "it threw what has no text"],
      ["health", "down"],
    ]);
  });

  it.each([0, -1, Number.NaN, Infinity])("refuses a limit of %d ms, which timers take for none or for at once", async (milliseconds) => {
    const limit = { milliseconds, timers: { after: () => () => undefined } };
    await expect(collectEvidence({ subject: "P" }, {}, { limit })).rejects.toThrow(RangeError);
  });

  it("tells a reader that nobody waits for it any more, and ends when it is told to (GAT-26)", async () => {
    const told: unknown[] = [];
    const never: EvidencePorts = {
      coverage: async ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            told.push(signal.aborted);
            reject(new Error("gave up"));
          });
        }),
    };
    const callbacks: (() => void)[] = [];
    const timers = { after: (_ms: number, callback: () => void) => (callbacks.push(callback), () => undefined) };
    const slow = collectEvidence({ subject: "P" }, never, { limit: { milliseconds: 5, timers } });
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    callbacks.forEach((callback) => callback());
    expect([...(await slow).failures]).toEqual([["coverage", "Reading took longer than 5 ms"]]);
    const controller = new AbortController();
    const ended = collectEvidence({ subject: "P" }, never, { signal: controller.signal });
    controller.abort();
    expect([...(await ended).failures]).toEqual([["coverage", "Reading was given up"]]);
    expect([...(await collectEvidence({ subject: "P" }, never, { signal: controller.signal })).failures]).toHaveLength(1);
    expect(told).toEqual([true]);
  });
});

describe("healthReader()", () => {
  const read = async (answers: Readonly<Record<string, readonly [number, string] | null>>) => {
    const http: HttpGet = {
      get: async (url) => {
        const answer = answers[url];
        if (answer === null || answer === undefined) throw new Error("refused");
        return { status: answer[0], body: bytesOf(answer[1]) };
      },
    };
    const targets = Object.keys(answers).map((url) => url.replace(/\/health$/, ""));
    return (await healthReader(targets, { http })({ signal: new AbortController().signal })).value;
  };
  const isHealthy = async (status: number, body: string) => (await read({ "http://a/health": [status, body] }))[0];

  it("takes for healthy only who says so (GAT-29)", async () => {
    for (const body of ['{"status":"ok"}', '{"status":"PASS","x":1}', " healthy\n", "OK"])
      expect(await isHealthy(200, body)).toEqual({ target: "http://a", status: 200, isHealthy: true });
    for (const body of [
      '{"status":"down","STATUS":"ok"}',
      '{"Status":"ok"}',
      "",
      "{}",
      '{"status":"degraded"}',
      '{"status":1}',
      "[]",
      "<html>ok</html>",
      `"${"x".repeat(70_000)}"`,
    ])
      expect(await isHealthy(200, body)).toMatchObject({ isHealthy: false });
    for (const status of [199, 300, 503]) expect(await isHealthy(status, "ok")).toEqual({ target: "http://a", status, isHealthy: false });
    expect(await read({ "http://a/health": null })).toEqual([{ target: "http://a", status: null, isHealthy: false }]);
  });

  it.each([
    ["http://a", "http://a/health"],
    ["http://a/v1//", "http://a/v1/health"],
    ["http://a/health/", "http://a/health/"],
    ["http://a/health?deep=1", "http://a/health?deep=1"],
    ["http://a/api?deep=1#top", "http://a/api/health?deep=1#top"],
    ["http://health", "http://health/health"],
    ["http://health/", "http://health/health"],
    ["http://health/health", "http://health/health"],
  ])("asks of %s its health check (GAT-29)", async (target, url) => {
    const asked: string[] = [];
    const http: HttpGet = { get: async (address) => (asked.push(address), { status: 200, body: bytesOf("ok") }) };
    await healthReader([target], { http })({ signal: new AbortController().signal });
    expect(asked).toEqual([url]);
  });

  it("makes an address of a target in time that grows with its length (GAT-29)", async () => {
    const target = `http://a${"/".repeat(60_000)}x`;
    const http: HttpGet = { get: async () => ({ status: 200, body: bytesOf("ok") }) };
    const took = stopwatch();
    const { sources } = await healthReader([target], { http })({ signal: new AbortController().signal });
    expect(sources.map(({ path }) => path)).toEqual([`${target}/health`]);
    expect(took()).toBeLessThan(500);
  });

  it("asks /health of every target, and its gate fails unless each answers well (GAT-29)", async () => {
    const judge = async (answers: Parameters<typeof read>[0]) => {
      const value = await read(answers);
      const evidence = await collectEvidence({ subject: "deploy" }, { health: async () => ({ value, sources: [] }) });
      return evaluateGates(evidence, { smoke: { triggers: [], validators: [{ type: "health_check" }] } }).outcome;
    };
    const good = [200, "ok"] as const;
    expect(await judge({ "http://a/health": good, "http://b/v1/health": good })).toBe("PASS");
    expect(await judge({ "http://a/health": good, "http://b/health": [503, "ok"] })).toBe("FAIL");
    expect(await judge({ "http://a/health": good, "http://b/health": null })).toBe("FAIL");
    const asked: string[] = [];
    const http: HttpGet = {
      get: async (url) => {
        asked.push(url);
        return { status: 200, body: bytesOf("ok") };
      },
    };
    const { sources } = await healthReader(["http://a//", "http://b/health"], { http })({ signal: new AbortController().signal });
    expect(asked).toEqual(["http://a/health", "http://b/health"]);
    expect(sources.map(({ path }) => path)).toEqual(asked);
  });
});

describe("customReader() and custom", () => {
  const script = "checks/refs.mjs";
  const good = bytesOf("export default 1");
  const digest = digestBytes(good);
  const trusted = { trusted: [{ script, digest }] };
  const config = { refs: { triggers: [], validators: [{ type: "custom", script }] } };

  const modules = (result: unknown, bytes = good): CustomModules & { readonly ran: string[] } => {
    const ran: string[] = [];
    return {
      ran,
      read: async () => bytes,
      run: async (module) => {
        ran.push(new TextDecoder().decode(module.bytes));
        if (result instanceof Error) throw result;
        return result;
      },
    };
  };
  const judge = async (policy: Parameters<typeof customReader>[1]["policy"], world: CustomModules, scripts = customScripts(config)) => {
    const evidence = await collectEvidence({ subject: "P" }, { custom: customReader(scripts, { policy, modules: world }) });
    const { outcome, findings } = evaluateGates(evidence, config);
    return [outcome, ...findings.map(({ code, message }) => `${code} ${message}`)];
  };

  it("runs what the policy trusts, and takes its findings over (GAT-08)", async () => {
    expect(customScripts({ ...config, other: { triggers: [], validators: [{ type: "custom" }, { type: "contracts" }] } })).toEqual([
      script,
    ]);
    const world = modules({ outcome: "PASS", findings: [] });
    expect(await judge(trusted, world)).toEqual(["PASS"]);
    expect(world.ran).toEqual(["export default 1"]);
    const failing = modules({ outcome: "FAIL", findings: [{ code: "REF-1", message: "Dangling", path: "a.md", line: 3 }] });
    expect(await judge(trusted, failing)).toEqual(["FAIL", "GATES_CUSTOM_FAILED Dangling (checks/refs.mjs)"]);
    const warning = modules({ outcome: "PASS", findings: [{ code: "REF-2", message: "Old", severity: "warning" }] });
    expect((await judge(trusted, warning))[0]).toBe("PASS");
    const contradictory = modules({ outcome: "PASS", findings: [{ code: "REF-1", message: "Dangling" }] });
    expect((await judge(trusted, contradictory))[0]).toBe("FAIL");
    expect((await judge(trusted, modules({ outcome: "FAIL", findings: [] })))[1]).toContain("does not say why");
  });

  it("never runs what the policy does not trust by its digest (GAT-08, B-30)", async () => {
    const world = modules({ outcome: "PASS", findings: [] });
    expect(await judge({ trusted: [] }, world)).toEqual([
      "ERROR",
      `GATES_CUSTOM_UNTRUSTED Module "${script}" is not trusted by the policy`,
    ]);
    const altered = modules({ outcome: "PASS", findings: [] }, bytesOf("export default 2"));
    expect((await judge(trusted, altered))[1]).toContain("GATES_CUSTOM_UNTRUSTED");
    expect([world.ran, altered.ran]).toEqual([[], []]);
  });

  it.each([
    ["throws", new Error("boom")],
    ["gives nothing", undefined],
    ["gives an outcome that is not its to give", { outcome: "WAIVED", findings: [] }],
    ["gives no findings", { outcome: "PASS" }],
    ["gives a finding that is none", { outcome: "PASS", findings: [null] }],
    ["gives a finding without a message", { outcome: "FAIL", findings: [{ code: "A" }] }],
    ["gives an unknown severity", { outcome: "PASS", findings: [{ code: "A", message: "m", severity: "trivial" }] }],
    ["gives a place that is none", { outcome: "PASS", findings: [{ code: "A", message: "m", path: "a", line: 0 }] }],
    ["gives a path that is none", { outcome: "PASS", findings: [{ code: "A", message: "m", path: 1 }] }],
  ])("never passes a module that %s (GAT-08)", async (_name, result) => {
    expect((await judge(trusted, modules(result)))[0]).toBe("ERROR");
  });

  it("never passes a module that did not run, or has no name (GAT-08)", async () => {
    const world = modules({ outcome: "PASS", findings: [] });
    expect((await judge(trusted, world, []))[0]).toBe("ERROR");
    expect((await judge(trusted, world, [script, script]))[0]).toBe("ERROR");
    const evidence = await collectEvidence({ subject: "P" }, { custom: async () => ({ value: [], sources: [] }) });
    expect(evaluateGates(evidence, { g: { triggers: [], validators: [{ type: "custom" }] } }).outcome).toBe("ERROR");
  });
});
