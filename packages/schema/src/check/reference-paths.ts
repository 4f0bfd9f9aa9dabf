/**
 * Paths a reference by path may mean, relative to the root, likeliest first; empty when it leaves the root. A leading slash means
 * the root, `./` and `../` the folder of the document, anything else that folder or the root; a slash at the end and what follows `#` are cut.
 */
export function referencePaths(target: string, from: string): readonly string[] {
  const hash = target.indexOf("#");
  const bare = hash < 0 ? target : target.slice(0, hash);
  if (bare === "") return [from];
  if (bare.startsWith("/")) return joined("", bare);
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  const local = joined(folder, bare);
  return /^\.{1,2}(?:\/|$)/.test(bare) ? local : [...new Set([...local, ...joined("", bare)])];
}

function joined(folder: string, target: string): string[] {
  const segments: string[] = [];
  for (const segment of `${folder}/${target}`.normalize("NFC").split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return [];
  }
  return [segments.join("/")];
}
