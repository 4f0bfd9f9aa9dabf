/** Where the parts of a Markdown document stand, as offsets into its text. */
export type FrontMatterSplit =
  | { readonly kind: "none" }
  | { readonly kind: "found"; readonly start: number; readonly end: number; readonly bodyStart: number }
  | { readonly kind: "unclosed" }
  | { readonly kind: "foreign"; readonly fence: string };

const blank = /^[ \t]*$/;
/** How metadata begins: `key:` with a value, or at the end of the line. */
const keyed = /^["']?[\w][\w.-]{0,63}["']?[ \t]{0,8}:(?:[ \t]|$)/;
const foreignFence = /^(?:---[ \t]*[A-Za-z][\w-]*|\+\+\+[ \t]*[A-Za-z]*|;;;[ \t]*[A-Za-z]*)[ \t]*$/;

/**
 * Finds the front matter of a Markdown text: from a first line `---` to the next line `---` or `...`. Without such a line the text has none, and begins
 * with a rule; only where `key:` follows at once, it is an unclosed front matter.
 * Fences of other languages (`---js`, `+++`, `;;;`) are named, never read: what stands there could be code.
 */
export function splitFrontMatter(text: string): FrontMatterSplit {
  const first = lineAt(text, 0);
  if (!isFence(first.text, "---")) return foreignFence.test(first.text) ? { kind: "foreign", fence: first.text.trim() } : { kind: "none" };
  let start = first.next;
  while (start < text.length) {
    const line = lineAt(text, start);
    if (isFence(line.text, "---") || isFence(line.text, "..."))
      return { kind: "found", start: first.next, end: start, bodyStart: line.next };
    start = line.next;
  }
  // A first line `---` that nothing closes is a rule of Markdown, unless what follows was plainly meant as metadata.
  return keyed.test(firstContent(text, first.next)) ? { kind: "unclosed" } : { kind: "none" };
}

/** First line from an offset on that is not blank; empty when all are. */
function firstContent(text: string, from: number): string {
  for (let start = from; start < text.length;) {
    const line = lineAt(text, start);
    if (!blank.test(line.text)) return line.text;
    start = line.next;
  }
  return "";
}

function isFence(line: string, fence: string): boolean {
  return line.startsWith(fence) && blank.test(line.slice(fence.length));
}

function lineAt(text: string, start: number): { text: string; next: number } {
  const end = text.indexOf("\n", start);
  const stop = end < 0 ? text.length : end;
  const bare = stop > start && text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop;
  return { text: text.slice(start, bare), next: end < 0 ? text.length : end + 1 };
}
