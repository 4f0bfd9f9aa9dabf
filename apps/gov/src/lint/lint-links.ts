import { dirname, join, posix } from "node:path";
import type { Finding } from "@gov/schema";

/** A page as it is linted, and what else there is to link to. */
export interface Page {
  /** POSIX path below the folder that is linted. */
  readonly path: string;
  readonly text: string;
}

/** What stands below the folder that is linted. */
interface Places {
  readonly files: ReadonlySet<string>;
  /** Text of a page, or null when there is none; for the headings that anchors lead to. */
  readonly textOf: (path: string) => string | null;
  /** Whether something outside of the folder is there, by absolute path. */
  readonly isThere: (path: string) => Promise<boolean>;
  /** The folder, absolute. */
  readonly folder: string;
}

/** Finds relative links and images of a Markdown page that lead to no file, no folder or no heading. */
export async function lintLinks({ path, text }: Page, places: Places): Promise<readonly Finding[]> {
  const prose = withoutCode(text);
  const folders = new Set([...places.files].flatMap(parents));
  const found: Finding[] = [];
  for (const { 1: written = "", index } of prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+["'(][^)]*)?\)/g)) {
    if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(written)) continue;
    const [link = "", anchor] = written.split("#");
    const report = (code: string, message: string) =>
      found.push({ code, severity: "error", message, path, line: prose.slice(0, index).split("\n").length, column: null });
    const target = link === "" ? path : posix.normalize(posix.join(dirname(path), decoded(link))).replace(/\/$/, "");
    const isOutside = target.startsWith("../") || link.startsWith("/");
    const isKnown = isOutside
      ? link.startsWith("/") || (await places.isThere(join(places.folder, target)))
      : target === "." || places.files.has(target) || folders.has(target);
    if (!isKnown) report("CLI_LINK_BROKEN", `Link to "${written}" leads nowhere`);
    else if (anchor !== undefined && anchor !== "" && /\.(?:md|mdx|markdown)$/i.test(target) && !isOutside) {
      const page = target === path ? text : places.textOf(target);
      if (page !== null && !anchorsOf(page).has(decoded(anchor).toLowerCase()))
        report("CLI_ANCHOR_MISSING", `Link to "${written}": "${target}" has no such heading`);
    }
  }
  return found;
}

/** The anchors that GitHub makes of headings, and those that a page sets itself. */
function anchorsOf(text: string): ReadonlySet<string> {
  const prose = withoutCode(text, { inline: false });
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");
    let name = slug;
    for (let count = 1; anchors.has(name); count++) name = `${slug}-${count}`;
    anchors.add(name);
  }
  for (const [, name = ""] of prose.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(name.toLowerCase());
  return anchors;
}

/** The same text with code blanked out, so that places stay where they are. */
function withoutCode(text: string, { inline = true }: { readonly inline?: boolean } = {}): string {
  const blank = (code: string) => code.replace(/[^\n]/g, " ");
  const fenced = text.replace(/^ *(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ *\1[`~]* *$|$(?![\s\S]))/gm, blank).replace(/<!--[\s\S]*?-->/g, blank);
  return inline ? fenced.replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, blank) : fenced;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parents(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...parents(folder)];
}
