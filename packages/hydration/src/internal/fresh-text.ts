import type { RouteTable } from "../routing/compile-routes.ts";

interface Fresh {
  readonly text: string;
  readonly second: string;
  readonly parameters: Readonly<Record<string, string>>;
}

// A table never changes, so what follows from it is found once.
const known = new WeakMap<RouteTable, Fresh>();

/**
 * A character that no text of the table contains: what begins with it extends no prefix, what stands between two equals no other text.
 */
export function freshText(table: RouteTable): string {
  return freshOf(table).text;
}

/** A second character that no text of the table contains. */
export function secondFreshText(table: RouteTable): string {
  return freshOf(table).second;
}

/** A value that the table never mentions for every parameter of its patterns. */
export function leastParameters(table: RouteTable): Readonly<Record<string, string>> {
  return freshOf(table).parameters;
}

function freshOf(table: RouteTable): Fresh {
  const found = known.get(table);
  if (found !== undefined) return found;
  const [text, second] = unusedCharacters(table);
  const parameters = Object.fromEntries(parameterNames(table).map((name, index) => [name, `${text}${index + 1}${text}`]));
  const fresh = { text, second, parameters };
  known.set(table, fresh);
  return fresh;
}

function parameterNames(table: RouteTable): readonly string[] {
  const patterns = [...table.routes.map(({ pattern }) => pattern), ...table.overrides.values()];
  return [...new Set(patterns.flatMap(({ parameters }) => parameters))].sort();
}

function unusedCharacters(table: RouteTable): readonly [string, string] {
  const texts = [...table.overrides].flatMap(([id, { text }]) => [id, text]);
  const ofRoutes = table.routes.flatMap(({ kinds, ids, pattern }) => [
    pattern.text,
    ...(kinds ?? []),
    ...(ids ?? []).map(({ text }) => text),
  ]);
  const used = new Set([...texts, ...ofRoutes].join(""));
  const unused = Array.from("XZQWVJxzqwvj").filter((character) => !used.has(character));
  for (let point = 0x4e00; unused.length < 2; point++) if (!used.has(String.fromCodePoint(point))) unused.push(String.fromCodePoint(point));
  return unused.slice(0, 2) as [string, string];
}
