import type { Tag } from "@gov/schema";
import { coerceTags, compileCondition, compileFormula, type FormulaInputs, type TagTaxonomy } from "@gov/schema/expression";
import { presetNames, presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";

// Seed 4, c22 §6.1, word for word.
const taxonomy = [
  {
    name: "compliance",
    values: ["sox", "gdpr", "hipaa", "none"],
    default: "none",
  },
  { name: "criticality", values: [0, 1, 2, 3], default: 2 },
  {
    name: "data_classification",
    values: ["public", "internal", "confidential", "restricted"],
    default: "internal",
  },
];

function holds(text: string, tags: Readonly<Record<string, string | null>>): unknown {
  const condition = compileCondition(text, taxonomy);
  const coerced = coerceTags(
    Object.entries(tags).map(([key, value]) => ({ key, value })),
    taxonomy,
  );
  if (!condition.ok || !coerced.ok) throw new Error("Expected a condition and tags");
  const result = condition.value.evaluate({ tags: coerced.value });
  return result.ok && result.value;
}

describe("compileCondition()", () => {
  it("runs the conditions of the seed word for word, over coerced tags and defaults (GOV-01, GOV-02)", () => {
    expect(holds("tags.criticality == 0", { criticality: "0" })).toBe(true);
    expect(holds("tags.criticality == 0", { criticality: "1" })).toBe(false);
    expect(holds("tags.criticality == 0", {})).toBe(false);
    expect(holds("tags.compliance == 'sox'", { compliance: "sox" })).toBe(true);
    expect(holds("tags.compliance == 'sox'", {})).toBe(false);
    expect(
      holds("tags.compliance != 'none' && tags.data_classification in ['confidential', 'restricted']", {
        compliance: "gdpr",
        data_classification: "restricted",
      }),
    ).toBe(true);
  });

  it("refuses a tag that is not in the taxonomy and a value that a tag never has", () => {
    const refused = [
      "tags.critcality == 0",
      "tags.compliance == 'soxx'",
      "tags.criticality == '0'",
      "tags.criticality == 4",
      "tags.compliance",
      "criticality == 0",
      "tags == 1",
    ];
    for (const text of refused) expect(compileCondition(text, taxonomy).ok, text).toBe(false);
    const [finding] = compileCondition("tags.critcality == 0", taxonomy, {
      place: { path: "rulebook.yaml" },
    }).findings;
    expect([finding?.path, finding?.hint]).toEqual(["rulebook.yaml", 'Did you mean "criticality"?']);
  });

  it("accepts every condition that ships", () => {
    for (const name of presetNames) {
      const { tags, rules } = presets[name].governance;
      for (const [rule, { condition }] of Object.entries(rules))
        expect(compileCondition(condition, tags).findings, `${name} ${rule}`).toEqual([]);
    }
  });

  it("takes any text for a tag without values, and text where values are mixed", () => {
    const open = [
      { name: "component", values: [], default: "none" },
      { name: "mixed", values: [1, "two"], default: 1 },
    ];
    const condition = compileCondition("tags.component.startsWith('api') && tags.mixed == '1'", open);
    const tags = coerceTags([{ key: "component", value: "api-gateway" }], open);
    expect(condition.ok && tags.ok && condition.value.evaluate({ tags: tags.value })).toEqual({ ok: true, value: true, findings: [] });
  });
});

describe("compileCondition() and coerceTags() of one taxonomy", () => {
  const said = (text: string, open: TagTaxonomy, tags: readonly Tag[] = []) => {
    const [condition, coerced] = [compileCondition(text, open), coerceTags(tags, open)];
    if (!condition.ok || !coerced.ok) return [...condition.findings, ...coerced.findings].map(({ message }) => message);
    const result = condition.value.evaluate({ tags: coerced.value });
    return result.ok ? result.value : result.findings.map(({ message }) => message);
  };

  it("agree on the default of a tag that is none of its values", () => {
    const open = [
      { name: "level", values: [0, 1], default: 9 },
      { name: "scope", values: ["core"], default: 5 },
      { name: "grade", values: [1, 2], default: "none" },
    ];
    expect(said("tags.level == 9 && tags.scope == '5' && tags.grade == 'none'", open)).toBe(true);
    expect(said("tags.grade == '2'", open, [{ key: "grade", value: "2" }])).toBe(true);
    expect(said("tags.grade == 2", open)).toEqual(['Cannot use "tags.grade == 2": "==" stands between a string and a number']);
    expect(said("tags.level == 8", open)).toEqual(['Cannot use "tags.level == 8": 8 is none of the values declared']);
    expect(coerceTags([{ key: "level", value: "9" }], open).ok).toBe(false);
  });

  it("agree on the values of a tag that is defined twice: those of the first, and the default of the last", () => {
    const twice = [
      { name: "a", values: ["x"], default: "x" },
      { name: "a", values: ["y"], default: "z" },
    ];
    expect([said("tags.a == 'z'", twice), said("tags.a == 'x'", twice, [{ key: "a", value: "x" }])]).toEqual([true, true]);
    expect(said("tags.a == 'y'", twice)).toEqual([`Cannot use "tags.a == 'y'": "y" is none of the values declared`]);
  });
});

describe("coerceTags()", () => {
  it("coerces to the type of the taxonomy or refuses, and fills defaults in (B-08)", () => {
    expect(
      coerceTags(
        [
          { key: "criticality", value: "3" },
          { key: "Scope", value: "Core" },
        ],
        taxonomy,
      ),
    ).toEqual({
      ok: true,
      value: Object.assign(Object.create(null) as object, {
        compliance: "none",
        criticality: 3,
        data_classification: "internal",
      }),
      findings: [],
    });
    for (const value of ["00", "0x0", " 0", "0.0", "-0", "4", "zero", "", null]) {
      const result = coerceTags([{ key: "criticality", value }], taxonomy);
      expect(
        result.findings.map(({ code, expected }) => [code, expected]),
        String(value),
      ).toEqual([["SCHEMA_TAG", "0, 1, 2, 3"]]);
    }
    const twice = [
      { key: "compliance", value: "sox" },
      { key: "compliance", value: "gdpr" },
    ];
    expect(coerceTags(twice, taxonomy).ok).toBe(false);
    expect(coerceTags([...twice.slice(1), ...twice.slice(1)], taxonomy).ok).toBe(true);
    const place = { path: "plan.md", at: { line: 2, column: 1 } };
    const closed = coerceTags([{ key: "__proto__", value: "x" }], taxonomy, {
      mode: "closed",
      place,
    });
    expect(closed.findings.map(({ code, path, line }) => [code, path, line])).toEqual([["SCHEMA_TAG", "plan.md", 2]]);
    expect(coerceTags([{ key: "constructor", value: "x" }], taxonomy).ok).toBe(true);
  });
});

describe("compileFormula()", () => {
  // Seed 4, c22 §7.1 and the appendix of the c22 digest, word for word.
  const golden: readonly (readonly [string, Readonly<Record<string, number | readonly number[]>>, number])[] = [
    ["sum(completed_points) / cycle_days", { completed_points: [8, 13], cycle_days: 14 }, 1.5],
    ["(gates_passed / total_gates) * 100", { gates_passed: 24, total_gates: 25 }, 96],
    ["(gates_passed / total_gates) * 100", { gates_passed: 23, total_gates: 28 }, (23 / 28) * 100],
    ["(successful_handoffs / total_handoffs) * 100", { successful_handoffs: 1, total_handoffs: 1 }, 100],
    ["avg(task_completion_time)", { task_completion_time: [2, 3, 4] }, 3],
    ["(post_execution_defects / total_tasks) * 100", { post_execution_defects: 1, total_tasks: 20 }, 5],
    ["(completed_sections / total_sections) * 100", { completed_sections: 10, total_sections: 10 }, 100],
    ["(events_with_schema / total_events) * 100", { events_with_schema: 15, total_events: 15 }, 100],
    ["(sections_meeting_criteria / total_sections) * 100", { sections_meeting_criteria: 10, total_sections: 10 }, 100],
  ];

  it("computes every formula of the seed word for word (KPI-02, KPI-03, KPI-04, KPI-05, KPI-06)", () => {
    for (const [text, values, expected] of golden) {
      const formula = compileFormula(text, declare(values));
      expect(formula.ok && formula.value.evaluate(values), text).toEqual({
        ok: true,
        value: expected,
        findings: [],
      });
    }
    expect(((23 / 28) * 100).toFixed(2)).toBe("82.14");
  });

  it("accepts every formula that ships, and refuses it when an input is missing", () => {
    for (const name of presetNames) {
      for (const [kpi, { formula }] of Object.entries(presets[name].kpis)) {
        const found = [...formula.matchAll(/(sum|avg)?\(?\b([a-z][a-z_0-9]+)\b(?!\()/g)].map(([, aggregate, input]) => [
          input,
          aggregate === undefined ? "number" : "numbers",
        ]);
        expect(compileFormula(formula, Object.fromEntries(found) as FormulaInputs).findings, `${name} ${kpi}`).toEqual([]);
        expect(compileFormula(formula, {}, { place: { path: "rulebook.yaml" } }).findings[0]?.code).toBe("SCHEMA_EXPRESSION");
      }
    }
  });

  it("has no value for a rate of nothing", () => {
    const formula = compileFormula("(gates_passed / total_gates) * 100", {
      gates_passed: "number",
      total_gates: "number",
    });
    expect(formula.ok && formula.value.evaluate({ gates_passed: 0, total_gates: 0 }).findings[0]?.code).toBe("SCHEMA_EXPRESSION_VALUE");
  });
});

function declare(values: Readonly<Record<string, number | readonly number[]>>): FormulaInputs {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? "number" : "numbers"]));
}
