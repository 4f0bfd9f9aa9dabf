/** Writes text for XML element content or a double-quoted attribute; a character XML 1.0 cannot carry becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(forbidden, "\ufffd")
    .replace(/[&<>"'\t\n\r]/g, (character) => named[character] ?? `&#${String(character.charCodeAt(0))};`);
}

// XML 1.0 §2.2: no control characters but tab and line ends, no half characters, no U+FFFE and U+FFFF.
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
