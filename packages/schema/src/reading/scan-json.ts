/** What a scan of JSON text found: the first error and every repeated key. */
export interface JsonScan {
  readonly error: { readonly offset: number; readonly expected: string; readonly found: string } | null;
  readonly exceeded: { readonly offset: number; readonly limit: "maxDepth" | "maxNodes" } | null;
  readonly duplicates: readonly { readonly key: string; readonly offset: number }[];
}

/** Where a value begins, and where its children do, by key or index. */
export interface JsonPlace {
  readonly offset: number;
  readonly children: ReadonlyMap<string, JsonPlace>;
}

interface Frame {
  readonly object: boolean;
  readonly keys: Set<string>;
  readonly places: Map<string, JsonPlace> | undefined;
  index: number;
  segment: string;
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const hexadecimal = /^[0-9a-fA-F]{4}$/;
const literals = ["true", "false", "null"] as const;

/**
 * Scans JSON text by the rules of RFC 8259 without recursion, so that nesting costs no stack.
 * Native `JSON.parse` is then only asked for the value: it tells neither repeated keys nor, on every Node, a position.
 */
export function scanJson(
  text: string,
  options: {
    readonly maxDepth: number;
    readonly maxNodes: number;
    /** Takes the place of every value, the whole text's under the empty key. */
    readonly places?: Map<string, JsonPlace> | undefined;
  },
): JsonScan {
  const { maxDepth, maxNodes, places } = options;
  const duplicates: { key: string; offset: number }[] = [];
  const stack: Frame[] = [];
  let at = 0;
  let nodes = 0;

  const skipSpace = (): void => {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      at += 1;
    }
  };
  const fail = (expected: string, offset = at): JsonScan => {
    const character = text.codePointAt(offset);
    const found = character === undefined ? "the end of the text" : JSON.stringify(String.fromCodePoint(character));
    return { error: { offset, expected, found }, exceeded: null, duplicates };
  };
  const exceed = (limit: "maxDepth" | "maxNodes"): JsonScan => ({ error: null, exceeded: { offset: at, limit }, duplicates });

  skipSpace();
  let expectValue = true;
  for (;;) {
    if (expectValue) {
      const top = stack.at(-1);
      const place = places === undefined ? undefined : { offset: at, children: new Map<string, JsonPlace>() };
      if (place !== undefined) (top?.places ?? places)?.set(top === undefined ? "" : top.object ? top.segment : String(top.index), place);
      if ((nodes += 1) > maxNodes) return exceed("maxNodes");
      const character = text[at];
      if (character === "{" || character === "[") {
        if (stack.length >= maxDepth) return exceed("maxDepth");
        const frame: Frame = { object: character === "{", keys: new Set(), places: place?.children, index: 0, segment: "" };
        at += 1;
        skipSpace();
        if (text[at] === (frame.object ? "}" : "]")) {
          at += 1;
        } else {
          stack.push(frame);
          if (frame.object) {
            const failure = readKey(frame);
            if (failure) return failure;
          }
          continue;
        }
      } else if (character === '"') {
        const end = stringEnd(text, at);
        if (end.error !== null) return fail(end.error, end.offset);
        at = end.offset;
      } else {
        const end = scalarEnd(text, at);
        if (end === at) return fail("a JSON value");
        at = end;
      }
      expectValue = false;
    }
    skipSpace();
    const top = stack.at(-1);
    if (top === undefined) return at < text.length ? fail("the end of the text") : { error: null, exceeded: null, duplicates };
    const close = top.object ? "}" : "]";
    if (text[at] === ",") {
      at += 1;
      skipSpace();
      top.index += 1;
      if (top.object) {
        const failure = readKey(top);
        if (failure) return failure;
      }
      expectValue = true;
    } else if (text[at] === close) {
      at += 1;
      stack.pop();
    } else {
      return fail(`"," or "${close}"`);
    }
  }

  function readKey(frame: Frame): JsonScan | null {
    if (text[at] !== '"') return fail("a key in double quotes");
    const end = stringEnd(text, at);
    if (end.error !== null) return fail(end.error, end.offset);
    const key = JSON.parse(text.slice(at, end.offset)) as string;
    if (frame.keys.has(key)) duplicates.push({ key, offset: at });
    frame.keys.add(key);
    frame.segment = key;
    at = end.offset;
    skipSpace();
    if (text[at] !== ":") return fail('":"');
    at += 1;
    skipSpace();
    return null;
  }
}

/** The number that begins at an offset, as it is written; null where none does. */
export function numberAt(text: string, offset: number): string | null {
  numberPattern.lastIndex = offset;
  return numberPattern.exec(text)?.[0] ?? null;
}

function scalarEnd(text: string, start: number): number {
  for (const literal of literals) if (text.startsWith(literal, start)) return start + literal.length;
  numberPattern.lastIndex = start;
  return numberPattern.test(text) ? numberPattern.lastIndex : start;
}

function stringEnd(text: string, start: number): { offset: number; error: string | null } {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return { offset: at + 1, error: null };
    if (code < 32) return { offset: at, error: "an escape such as \\n in place of a control character" };
    if (code !== 92) continue;
    at += 1;
    const escape = text[at] ?? "";
    if (escape === "u") {
      if (!hexadecimal.test(text.slice(at + 1, at + 5))) return { offset: at - 1, error: "four hexadecimal digits after \\u" };
      at += 4;
    } else if (!'"\\/bfnrt'.includes(escape) || escape === "") {
      return { offset: at - 1, error: "a JSON escape" };
    }
  }
  return { offset: text.length, error: "a closing double quote" };
}
