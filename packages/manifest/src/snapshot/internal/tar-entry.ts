/** A file as it stands in an archive. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Seconds since the epoch. */
  readonly modified: number;
}

const block = 512;
const encoder = new TextEncoder();

/** Returns the blocks of one file of a tar archive (POSIX.1-2001, ustar): header and bytes, before them an extended header where the path does not fit. */
export function tarEntry({ path, bytes, modified }: TarFile): Uint8Array {
  const name = encoder.encode(path);
  const fits = name.length <= 100 && name.length === path.length;
  const parts = fits ? [] : [header({ name: "path", type: "x", modified }, paxRecord("path", path)), padded(paxRecord("path", path))];
  return Buffer.concat([...parts, header({ name: fits ? path : "long-path", type: "0", modified }, bytes), padded(bytes)]);
}

/** The two blocks of zeros that end an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * block);

function header(entry: { readonly name: string; readonly type: "0" | "x"; readonly modified: number }, { length }: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(block);
  bytes.write(entry.name, 0, 100, "ascii");
  bytes.write("0000644\0", 100, "ascii");
  bytes.write("0000000\0", 108, "ascii");
  bytes.write("0000000\0", 116, "ascii");
  bytes.write(`${length.toString(8).padStart(11, "0")}\0`, 124, "ascii");
  bytes.write(`${Math.max(entry.modified, 0).toString(8).padStart(11, "0")}\0`, 136, "ascii");
  bytes.write("        ", 148, "ascii");
  bytes.write(entry.type, 156, "ascii");
  bytes.write("ustar\x0000", 257, "ascii");
  // The sum is of the header with spaces in its own place.
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return bytes;
}

/** `<length> <key>=<value>` and a line feed; the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([encoder.encode(String(length)), rest]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / block) * block);
  whole.set(bytes);
  return whole;
}
