const width = 112;
const [columnPx, linePx, marginPx, barPx] = [8.4, 19, 18, 34];

/** The colours of the eight that `gov` uses, on a dark ground: each has a contrast of at least 4.5 to 1 there. */
const colours: Readonly<Record<string, string>> = { 31: "#ff7b72", 32: "#56d364", 33: "#e3b341", 34: "#79c0ff", 36: "#76e3ea" };

interface Piece {
  readonly text: string;
  readonly style: string;
}

/** Draws what a terminal showed as one SVG, without a script and without a font of its own; long lines are cut. */
export function terminalSvg(title: string, output: string): string {
  const lines = output.trimEnd().split("\n").map(piecesOf);
  const [w, h] = [Math.ceil(width * columnPx + 2 * marginPx), barPx + lines.length * linePx + marginPx];
  const rows = lines.map((pieces, row) => {
    const y = barPx + (row + 0.75) * linePx;
    return `<text x="${String(marginPx)}" y="${String(y)}">${pieces.map(({ text, style }) => `<tspan${style}>${escaped(text)}</tspan>`).join("")}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(w)} ${String(h)}" width="${String(w)}" height="${String(h)}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#e6edf3;white-space:pre}.b{font-weight:700}.d{fill:#9da7b3}</style>",
    `<rect width="${String(w)}" height="${String(h)}" rx="10" fill="#0d1117"/>`,
    `<g>${["#ff5f57", "#febc2e", "#28c840"].map((fill, n) => `<circle cx="${String(22 + n * 20)}" cy="17" r="6" fill="${fill}"/>`).join("")}</g>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

/** Splits a line at its escape sequences; what they ask for holds until they take it back. */
function piecesOf(line: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let [colour, bold, dim, left] = ["", false, false, width];
  for (const part of `m${line}`.split("\u001b[")) {
    const end = part.indexOf("m");
    const [codes, text] = [part.slice(0, end), part.slice(end + 1)];
    for (const code of codes.split(";")) {
      if (code === "" || code === "0") [colour, bold, dim] = ["", false, false];
      else if (code === "1") bold = true;
      else if (code === "2") dim = true;
      else if (code === "22") [bold, dim] = [false, false];
      else if (code === "39") colour = "";
      else colour = colours[code] ?? colour;
    }
    const cut = text.length > left && left > 0 ? `${text.slice(0, left - 1)}…` : text;
    left -= text.length;
    if (cut === "" || left + text.length <= 0) continue;
    const names = [...(bold ? ["b"] : []), ...(dim ? ["d"] : [])].join(" ");
    pieces.push({ text: cut, style: `${names === "" ? "" : ` class="${names}"`}${colour === "" ? "" : ` style="fill:${colour}"`}` });
  }
  return pieces;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(" ", "\u00a0");
}
