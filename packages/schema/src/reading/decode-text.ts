import { type Finding, type Position, type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const byteOrderMark = "\ufeff";

/** Decodes UTF-8 strictly: invalid bytes are an error at their place, a byte order mark is dropped with a note. */
export function decodeText(bytes: Uint8Array, path: string): Result<string> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { ok: false, findings: [invalidUtf8(bytes, path)] };
  }
  if (!text.startsWith(byteOrderMark)) return { ok: true, value: text, findings: [] };
  const finding = makeFinding("SCHEMA_BOM", "Document starts with a byte order mark", {
    path,
    at: { line: 1, column: 1 },
    severity: "note",
    hint: "Save it as UTF-8 without a byte order mark: some readers take the mark as part of the first key",
  });
  return { ok: true, value: text.slice(1), findings: [finding] };
}

function invalidUtf8(bytes: Uint8Array, path: string): Finding {
  const offset = firstInvalidByte(bytes);
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, "0");
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return makeFinding("SCHEMA_NOT_UTF8", `Cannot decode the document as UTF-8: invalid byte 0x${byte} at offset ${offset}`, {
    path,
    at: bytePosition(bytes, offset),
    expected: "UTF-8 text",
    ...(wide ? { hint: "It looks like UTF-16; save it as UTF-8" } : {}),
  });
}

function bytePosition(bytes: Uint8Array, offset: number): Position {
  const before = new TextDecoder("utf-8", { ignoreBOM: false }).decode(bytes.subarray(0, offset));
  let line = 1;
  for (let end = before.indexOf("\n"); end >= 0; end = before.indexOf("\n", end + 1)) line += 1;
  return { line, column: before.length - before.lastIndexOf("\n") };
}

/** Offset of the first byte that starts no well-formed sequence (Unicode 16, table 3-7). */
function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    if (byte < (index === 1 ? low : 0x80) || byte > (index === 1 ? high : 0xbf)) return 0;
  }
  return length;
}
