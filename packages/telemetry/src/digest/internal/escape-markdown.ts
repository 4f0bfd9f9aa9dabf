/**
 * Returns a text as one line of Markdown that shows exactly it: nothing in it can start a link, a table cell, markup or a line of its own.
 * An underscore between letters is no markup (CommonMark, section 6.2), so names stay readable.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*[\]<>|~&]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    .replace(/^(#|[-+](?= )|=)/, "\\$&")
    .replace(/^(\d+)([.)])(?= |$)/, "$1\\$2");
}
