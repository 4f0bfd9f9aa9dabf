// Control characters of C0 and C1, line and paragraph separators, and marks that turn the direction of text.
// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from a document as one line that cannot move the cursor, change colours, forge another line or turn what stands beside it. */
export function printable(text: string): string {
  return text.replace(unprintable, "\ufffd");
}

/** JSON text in which such characters are written as escapes; its value stays the same. Line feeds between its members stay. */
export function printableJson(text: string): string {
  return text.replace(unprintable, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
