/** JSONC as JSON of the same length: offsets stay, or where a comment is never closed. */
export type JsoncBlanking = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly offset: number };

/**
 * Replaces what JSON with comments has beyond JSON by spaces, so that every offset stays: line and block comments, and a comma after the last value of a
 * list or a mapping.
 */
export function blankJsonc(text: string): JsoncBlanking {
  const parts: string[] = [];
  let kept = 0;
  let at = 0;
  // The last character outside of comments and space, and the comma that may turn out to be the last.
  let before = "";
  let comma: number | null = null;
  const blank = (from: number, to: number): void => {
    parts.push(text.slice(kept, from), text.slice(from, to).replace(/[^\r\n]/g, " "));
    kept = to;
  };
  const commas: number[] = [];
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === "/" && (text[at + 1] === "/" || text[at + 1] === "*")) {
      const block = text[at + 1] === "*";
      const end = block ? text.indexOf("*/", at + 2) : text.indexOf("\n", at);
      if (block && end < 0) return { ok: false, offset: at };
      const next = end < 0 ? text.length : end + (block ? 2 : 0);
      blank(at, next);
      at = next;
      continue;
    }
    if (character === '"') {
      at += 1;
      while (at < text.length && text[at] !== '"' && text[at] !== "\n") at += text[at] === "\\" ? 2 : 1;
    } else if (character === ",") {
      comma = isValueEnd(before) ? at : null;
    } else if (character === "}" || character === "]") {
      if (before === "," && comma !== null) commas.push(comma);
    }
    if (!/\s/.test(character)) before = character;
    at += 1;
  }
  parts.push(text.slice(kept));
  return { ok: true, text: withoutCommas(parts.join(""), commas) };
}

function isValueEnd(character: string): boolean {
  return character !== "" && !"[{,:".includes(character);
}

function withoutCommas(text: string, commas: readonly number[]): string {
  let from = 0;
  const parts = commas.map((comma) => {
    const part = `${text.slice(from, comma)} `;
    from = comma + 1;
    return part;
  });
  return parts.join("") + text.slice(from);
}
