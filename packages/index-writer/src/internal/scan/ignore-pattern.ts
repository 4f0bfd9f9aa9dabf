/** One line of a `.gitignore`, ready to be matched. */
export interface IgnorePattern {
  readonly negated: boolean;
  /** The line ended in a slash: it means directories. */
  readonly directoryOnly: boolean;
  /** The line has a slash before its end: it is matched against the path below the file's directory, otherwise against the name alone. */
  readonly anchored: boolean;
  readonly matches: (text: string) => boolean;
}

type Token =
  | { readonly kind: "literal"; readonly char: string }
  | { readonly kind: "one" }
  | { readonly kind: "many" }
  /** Any number of whole directories, each with its slash; behind a text that no slash ends the first one begins with it. */
  | { readonly kind: "directories" }
  | { readonly kind: "rest" }
  | { readonly kind: "set"; readonly holds: (char: string) => boolean };

/**
 * Reads one line as git does (gitignore(5)); null for a blank one and a comment. Matching follows all possibilities at once, one character after the other, so
 * no line can make it slow. Texts are compared byte by byte, as git does: {@link byteText} gives what to match.
 */
export function parseIgnorePattern(line: string): IgnorePattern | null {
  let text = withoutTrailingSpaces(line.endsWith("\r") ? line.slice(0, -1) : line);
  if (text === "" || text.startsWith("#")) return null;
  const negated = text.startsWith("!");
  if (negated) text = text.slice(1);
  const directoryOnly = text.endsWith("/");
  if (directoryOnly) text = text.slice(0, -1);
  const anchored = text.includes("/");
  if (text.startsWith("/")) text = text.slice(1);
  if (text === "") return null;
  return { negated, directoryOnly, anchored, matches: compile(byteText(text)) };
}

/** The UTF-8 bytes of a text, one character each. */
export function byteText(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === " " && !isEscaped(line, end - 1)) end -= 1;
  return line.slice(0, end);
}

function isEscaped(line: string, position: number): boolean {
  let backslashes = 0;
  while (line[position - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

const special = /[*?[\\]/;

function compile(text: string): (path: string) => boolean {
  if (!special.test(text)) return (path) => path === text;
  if (/^\*[^*?[\\/]+$/.test(text)) return (path) => path.endsWith(text.slice(1)) && !path.includes("/");
  const tokens = tokensOf(text);
  return tokens === null ? () => false : (path) => runTokens(tokens, path);
}

/** Null for a pattern that git takes for broken: it matches nothing. */
function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const char = text[at] as string;
    if (char === "\\") {
      if (at + 1 === text.length) return null;
      tokens.push({ kind: "literal", char: text[at + 1] as string });
      at += 2;
    } else if (char === "?") {
      tokens.push({ kind: "one" });
      at += 1;
    } else if (char === "*") {
      let end = at;
      while (text[end] === "*") end += 1;
      // Git compares what stands before the first special character on its own, so that stars behind it stand at a beginning too.
      const begins = at === 0 || text[at - 1] === "/" || at === text.search(special);
      const whole = end - at >= 2 && begins;
      if (whole && text[end] === "/") {
        tokens.push({ kind: "directories" });
        end += 1;
      } else tokens.push({ kind: whole && (end === text.length || text.startsWith("\\/", end)) ? "rest" : "many" });
      at = end;
    } else if (char === "[") {
      const set = setAt(text, at);
      if (set === null) return null;
      tokens.push({ kind: "set", holds: set.holds });
      at = set.end;
    } else {
      tokens.push({ kind: "literal", char });
      at += 1;
    }
  }
  return tokens;
}

const classes: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    alnum: /[0-9A-Za-z]/,
    alpha: /[A-Za-z]/,
    blank: /[ \t]/,
    // eslint-disable-next-line no-control-regex -- the class is made of them
    cntrl: /[\0-\x1f\x7f]/,
    digit: /[0-9]/,
    graph: /[!-~]/,
    lower: /[a-z]/,
    print: /[ -~]/,
    punct: /[!-/:-@[-`{-~]/,
    // Git's own: neither a vertical tab nor a form feed.
    space: /[\t\n\r ]/,
    upper: /[A-Z]/,
    xdigit: /[0-9A-Fa-f]/,
  }),
);

function setAt(text: string, start: number): { readonly holds: (char: string) => boolean; readonly end: number } | null {
  let at = start + 1;
  const negated = text[at] === "!" || text[at] === "^";
  if (negated) at += 1;
  const parts: ((char: string) => boolean)[] = [];
  for (let first = true; first || text[at] !== "]"; first = false) {
    // A class ends at the first bracket; without a colon before it there is none, and the characters stand for themselves.
    const named = text[at] === "[" && text[at + 1] === ":" ? text.indexOf("]", at + 2) : -1;
    if (named > at + 2 && text[named - 1] === ":") {
      const known = classes.get(text.slice(at + 2, named - 1));
      if (known === undefined) return null;
      parts.push((char) => known.test(char));
      at = named + 1;
      continue;
    }
    const low = charAt(text, at);
    if (low === null) return null;
    at = low.end;
    if (text[at] !== "-" || text[at + 1] === "]" || text[at + 1] === undefined) {
      parts.push((char) => char === low.char);
      continue;
    }
    const high = charAt(text, at + 1);
    if (high === null) return null;
    // Its beginning on its own too: git has it match in a range that ends before it begins.
    parts.push((char) => char === low.char || (char >= low.char && char <= high.char));
    at = high.end;
  }
  return { holds: (char) => char !== "/" && parts.some((part) => part(char)) !== negated, end: at + 1 };
}

function charAt(text: string, at: number): { readonly char: string; readonly end: number } | null {
  const escaped = text[at] === "\\";
  const char = text[escaped ? at + 1 : at];
  return char === undefined ? null : { char, end: at + (escaped ? 2 : 1) };
}

/** Two states a token: 2i when everything before it has matched, 2i+1 within a directory that it is passing over. */
function runTokens(tokens: readonly Token[], text: string): boolean {
  let now = new Uint8Array(tokens.length * 2 + 2);
  let next = new Uint8Array(now.length);
  const reach = (states: Uint8Array, token: number): void => {
    for (let at = token; ; at++) {
      states[at * 2] = 1;
      const kind = tokens[at]?.kind;
      if (kind !== "many" && kind !== "directories" && kind !== "rest") return;
    }
  };
  reach(now, 0);
  for (const char of text) {
    next.fill(0);
    let alive = false;
    for (const [at, token] of tokens.entries()) {
      if (now[at * 2] !== 1 && now[at * 2 + 1] !== 1) continue;
      alive = true;
      if (token.kind === "directories") {
        // Also at once: behind a text that no slash ends, the rest of a name may be empty.
        if (char === "/") reach(next, at);
        else next[at * 2 + 1] = 1;
      } else if (token.kind === "rest" || (token.kind === "many" && char !== "/")) reach(next, at);
      else if (takes(token, char)) reach(next, at + 1);
    }
    if (!alive) return false;
    [now, next] = [next, now];
  }
  return now[tokens.length * 2] === 1;
}

function takes(token: Token, char: string): boolean {
  if (token.kind === "literal") return token.char === char;
  if (token.kind === "one") return char !== "/";
  return token.kind === "set" && token.holds(char);
}
