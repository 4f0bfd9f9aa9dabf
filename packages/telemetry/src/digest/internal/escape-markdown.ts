/**
 * Returns a text as one line of Markdown that shows exactly it and reads back as written: nothing in it can start a link, a table cell, a comment, markup or a line of its own.
 * What readers of Markdown drop or take for the end of a cell is a character reference. An underscore between letters is no markup (CommonMark, section 6.2), so names
 * stay readable.
 */
export function escapeMarkdown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "") return "&nbsp;";
  return (
    line
      .replace(/[*[\]~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|[\\`<>|&]/gu, (char) => references.get(char) ?? `\\${char}`)
      .replace(/^(#|[-+](?= )|=)/, "\\$&")
      // At the end of a heading these would close it (CommonMark, section 4.2).
      .replace(/ (#+)$/, " \\$1")
      .replace(/^(\d+)([.)])(?= |$)/, "$1\\$2")
  );
}

/** Returns a text as {@link escapeMarkdown} does, as a name: nothing in it can end it, as a colon, a bracket or a comma would. */
export function escapeName(text: string): string {
  return escapeMarkdown(text).replace(/[:(),]/g, (char) => `&#${String(char.charCodeAt(0))};`);
}

const references: ReadonlyMap<string, string> = new Map([
  ["\\", "&#92;"],
  ["`", "&#96;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ["|", "&#124;"],
  ["&", "&amp;"],
]);
