import { createKindRegistry, shippedKinds } from "@gov/schema";

/** What stands in `.vscode/settings.json` so that editors judge every shipped kind of YAML and JSON while it is written. */
export interface EditorSettings {
  readonly "json.schemas": readonly { readonly fileMatch: readonly string[]; readonly url: string }[];
  readonly "yaml.schemas": Readonly<Record<string, readonly string[]>>;
}

/** The settings for every shipped kind that is written in YAML or JSON; a document without `$schema` is of version 1. */
export function editorSettings(): EditorSettings {
  const registry = createKindRegistry();
  if (!registry.ok) throw new Error("The shipped kinds do not register");
  const { names, get } = registry.value;
  const kinds = names
    .filter((name) => shippedKinds.includes(name))
    .map((name) => ({ name, globs: (get(name)?.definition.include ?? []).flatMap(withoutBraces) }));
  const gov = { name: "gov_config", globs: ["gov.yaml"] };
  const all = [...kinds, gov].sort((a, b) => (a.name < b.name ? -1 : 1));
  const urlOf = (name: string): string => `./node_modules/@gov/schema/src/json/${name.replaceAll("_", "-")}-v1.json`;
  const matching = (globs: readonly string[], extension: RegExp): readonly string[] => globs.filter((glob) => extension.test(glob));
  return {
    "json.schemas": all
      .map(({ name, globs }) => ({ fileMatch: matching(globs, /\.json$/), url: urlOf(name) }))
      .filter(({ fileMatch }) => fileMatch.length > 0),
    "yaml.schemas": Object.fromEntries(
      all.map(({ name, globs }) => [urlOf(name), matching(globs, /\.ya?ml$/)] as const).filter(([, globs]) => globs.length > 0),
    ),
  };
}

// Editors do not all understand `{yaml,json}` in a pattern.
function withoutBraces(glob: string): readonly string[] {
  const [, before = "", list = "", after = ""] = /^(.*)\{([^{}]*)\}(.*)$/.exec(glob) ?? [];
  return list === "" ? [glob] : list.split(",").map((item) => before + item + after);
}
