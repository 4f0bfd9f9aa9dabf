/** One document of a generated corpus, and what reading it must give. */
interface CorpusDocument {
  readonly path: string;
  readonly text: string;
  /** Null for a document that has no reading, which must then be refused. */
  readonly expected: { readonly id: string; readonly status: string | null; readonly title: string | null } | null;
}

/** A corpus with the configuration under which it is read. */
export interface MiniCorpus {
  readonly name: string;
  readonly config: string;
  readonly documents: readonly CorpusDocument[];
}

const titles = [
  "Use YAML",
  "Record decisions",
  "Größe: Ω und 日本",
  "Drop `sync` writes",
  "Split the index: why, and how",
  "[RFC] Pin tools",
  '50% less "noise"',
];
const dates = ["2019-01-01", "2024-02-29", "2025-12-31"];

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** The same text as other editors save it. */
function saved(text: string, index: number): string {
  const ended = index % 5 === 1 ? text.replaceAll("\n", "\r\n") : text;
  return index % 7 === 2 ? `\ufeff${ended}` : index % 11 === 3 ? ended.trimEnd() : ended;
}

function number(index: number, width: number): string {
  return String(index + 1).padStart(width, "0");
}

/** Decision records: the section of Nygard, the list of MADR 2, the front matter of MADR 3, bold labels, and all of them with links and comments. */
function decisions(count: number): MiniCorpus {
  const words = { Proposed: "draft", Accepted: "approved", Rejected: null, Deprecated: null } as const;
  const forms: readonly ((title: string, status: string, date: string) => string)[] = [
    (title, status, date) =>
      `# ${title}\n\nDate: ${date}\n\n## Status\n\n${status}\n\n## Context\n\nText: with a colon.\n\n## Decision\n\n- Status: not this one\n`,
    (title, status, date) =>
      `# ${title}\n\n* Status: ${status} <!-- optional -->\n* Deciders: Ada, Bob <!-- optional -->\n* Date: ${date}\n\nTechnical Story: none\n\n## Context and Problem Statement\n\nText\n`,
    (title, status, date) =>
      `---\nstatus: "${status}"\ndate: ${date}\ndecision-makers: [Ada, Bob]\n---\n# ${title}\n\n## Context and Problem Statement\n\nText\n`,
    (title, status, date) => `# ${title}\n\n**Status:** ${status}  \n**Date:** ${date}\n\nText with **Status: Rejected** in it.\n`,
    (title, status) => `# ${title} #\n\n## Status ##\n\n<!-- one of the four -->\n**${status}**\n\nSuperseded by [7](0007-x.md).\n`,
    (title, status) => `<!-- a template -->\n# ${title}\n\n\`\`\`yaml\nstatus: Rejected\n\`\`\`\n\n### Status\n${status}\n`,
  ];
  const documents = Array.from({ length: count }, (_, index): CorpusDocument => {
    const [title, word] = [pick(titles, index), pick(Object.keys(words) as (keyof typeof words)[], index >> 1)];
    const id = `${number(index, 4)}-decision`;
    return {
      path: `docs/adr/${id}.md`,
      text: saved(pick(forms, index)(title, word, pick(dates, index)), index),
      expected: { id, status: words[word], title },
    };
  });
  const config = `version: 1
kinds:
  adr:
    include: [docs/adr/*.md]
    front_matter: headers
    fields: { id: { path: stem }, status: /status, title: /title }
    statuses: { Proposed: draft, Accepted: approved }
`;
  return { name: "decision records", config, documents };
}

/** Enhancement proposals in reStructuredText with mail headers. */
function proposals(count: number): MiniCorpus {
  const words = { Draft: "draft", Accepted: "review", Final: "approved", Active: "approved", Withdrawn: null } as const;
  const documents = Array.from({ length: count }, (_, index): CorpusDocument => {
    const [title, word] = [pick(titles, index), pick(Object.keys(words) as (keyof typeof words)[], index)];
    const folded = index % 2 === 0 ? ",\n        Bob <bob@example.org>" : "";
    const text = `PEP: ${String(index + 1)}\nTitle: ${title}\nAuthor: Ada <ada@example.org>${folded}\nStatus: ${word}\nType: Process\nCreated: ${pick(dates, index)}\nPost-History:\n\n\nAbstract\n========\n\nStatus: not this one\n`;
    return {
      path: `peps/pep-${number(index, 4)}.rst`,
      text: saved(text, index),
      expected: { id: String(index + 1), status: words[word], title },
    };
  });
  const broken: CorpusDocument = { path: "peps/pep-9999.rst", text: "PEP: 9999\nTitle\n\nText\n", expected: null };
  const config = `version: 1
kinds:
  pep:
    include: [peps/*.rst]
    format: markdown
    front_matter: rfc822
    fields: { id: /PEP, status: /Status, title: /Title }
    statuses: { Draft: draft, Accepted: review, Final: approved, Active: approved }
`;
  return { name: "enhancement proposals", config, documents: [...documents, broken] };
}

/** Pages of documentation sites: front matter of several tools, MDX, pages without any, and front matter in languages that are not read. */
function sites(count: number): MiniCorpus {
  const forms: readonly ((title: string) => { readonly text: string; readonly titled: boolean })[] = [
    (title) => ({
      text: `---\nslug: /x\nid: ID\ntitle: ${JSON.stringify(title)}\nsidebar_position: 1\ntags: [a, 'b c']\n---\n\nimport Tabs from '@theme/Tabs';\n\n# Heading\n\n<Tabs />\n`,
      titled: true,
    }),
    (title) => ({
      text: `---\ntitle: >-\n  ${title}\ndate: 2024-02-29T10:00:00+01:00\ndraft: false\nmenu:\n  main:\n    weight: 10\naliases:\n  - /old/\n---\nText\n`,
      titled: true,
    }),
    (title) => ({
      text: `---\nlayout: post\ntitle: '${title.replaceAll("'", "''")}'\ncategories: [x]\npermalink: /x/:title/\n---\n{% include a.html %}\n`,
      titled: true,
    }),
    () => ({ text: "# Only a heading\n\n---\n\nA rule, and text.\n", titled: false }),
    () => ({ text: "---\n---\n\nEmpty front matter.\n", titled: false }),
  ];
  const documents = Array.from({ length: count }, (_, index): CorpusDocument => {
    const path = `site/${number(index, 3)}${index % 3 === 0 ? ".mdx" : ".md"}`;
    const { text, titled } = pick(forms, index)(pick(titles, index));
    const named = text.replace("id: ID", `id: page-${String(index)}`);
    const id = named === text ? path : `page-${String(index)}`;
    return { path, text: saved(named, index), expected: { id, status: null, title: titled ? pick(titles, index) : null } };
  });
  const refused = ['+++\ntitle = "TOML"\n+++\nText\n', "---js\nmodule.exports = {}\n---\nText\n", "---\ntitle: never closed\n"];
  const config = 'version: 1\nkinds:\n  page:\n    include: ["site/**/*.{md,mdx}"]\n    fields: { title: /title }\n';
  return {
    name: "documentation sites",
    config,
    documents: [...documents, ...refused.map((text, index) => ({ path: `site/refused-${String(index)}.md`, text, expected: null }))],
  };
}

/** Skills and rule files: strict YAML, and lines that only look like it. */
function skills(count: number): MiniCorpus {
  const forms: readonly ((name: string, text: string) => string)[] = [
    (name, text) => `---\nname: ${name}\ndescription: ${JSON.stringify(text)}\nallowed-tools: [Read, Write]\n---\n\n# Steps\n`,
    (name, text) => `---\nname: ${name}\ndescription: |\n  ${text}\n  Second line.\nmetadata:\n  version: "1.10"\n---\nText\n`,
    (name, text) => `---\nname: ${name}\ndescription: Use it when: ${text}\nglobs: **/*.ts, *.md\nalwaysApply: false\n---\nText\n`,
    (name) => `---\nname: ${name}\nglobs: *\ndescription:\n---\nText\n`,
  ];
  const documents = Array.from({ length: count }, (_, index): CorpusDocument => {
    const name = `skill-${number(index, 3)}`;
    return {
      path: `skills/${name}/SKILL.md`,
      text: saved(pick(forms, index)(name, pick(titles, index)), index),
      expected: { id: name, status: null, title: null },
    };
  });
  const config = "version: 1\nkinds:\n  skill:\n    include: [skills/*/SKILL.md]\n    front_matter: auto\n    fields: { id: /name }\n";
  return { name: "skills and rule files", config, documents };
}

/** Every corpus, made anew from nothing but its size: the same documents each time. */
export function miniCorpora(size: number): readonly MiniCorpus[] {
  return [decisions(size), proposals(size), sites(size), skills(size)];
}
