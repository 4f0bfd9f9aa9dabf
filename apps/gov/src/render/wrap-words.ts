const narrowest = 20;

/** One line as lines of at most so many characters, broken at spaces alone: a path, a code or another long word stays whole, so that it can be copied. */
export function wrapWords(text: string, columns: number): readonly string[] {
  const width = Math.max(columns, narrowest);
  const lines: string[] = [];
  let line = "";
  for (const [, gap = "", word = ""] of text.matchAll(/(\s*)(\S+)/g)) {
    if (line !== "" && line.length + gap.length + word.length > width) {
      lines.push(line);
      line = word;
    } else line += gap + word;
  }
  return [...lines, line];
}
