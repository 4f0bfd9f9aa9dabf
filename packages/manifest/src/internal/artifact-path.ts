const maxLength = 4096;
// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const forbidden = /[\u0000-\u001f\u007f\\]|\p{Surrogate}/u;

/** Returns why a path cannot be sealed, or null: it must be POSIX, relative, NFC, and free of `.` and `..`, so that one file has one name and none stands outside the root. */
export function findPathDefect(path: string): string | null {
  if (path === "" || path.length > maxLength) return `must have 1 to ${String(maxLength)} characters`;
  if (forbidden.test(path)) return "must not contain backslashes, control characters or lone surrogates";
  if (path.startsWith("/")) return "must be relative to the root";
  if (path.split("/").some((segment) => segment === "" || segment === "." || segment === ".."))
    return `must not contain empty, "." or ".." segments`;
  return path.normalize("NFC") === path ? null : "must be in Unicode form NFC";
}

/** Returns a key that is equal for two paths that some file system holds for one: letters of another case or another Unicode form. */
export function collisionKey(path: string): string {
  return path.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
}
