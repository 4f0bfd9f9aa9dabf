import type { Ask } from "./ask.ts";
import { inlineSource, script, style } from "./assets.ts";
import { markup, type Markup } from "./markup.ts";
import { type PageOptions, renderPage } from "./render-page.ts";
import type { Section } from "./section.ts";

/** The dashboard as one file that needs nothing else: it loads nothing, and a browser runs no script but the one in it. */
export function renderReportPage(ask: Ask, sections: readonly Section[], options: Omit<PageOptions, "head">): Promise<string> {
  const policy = `default-src 'none'; style-src ${inlineSource(style)}; script-src ${inlineSource(script)}; base-uri 'none'; form-action 'none'`;
  const head = markup`<meta http-equiv="Content-Security-Policy" content="${policy}" />
    ${raw(`<style>${style}</style>`)}${raw(`<script type="module">${script}</script>`)}`;
  return renderPage(ask, sections, { ...options, head });
}

/** Markup of ours, as it is. */
function raw(text: string): Markup {
  return { text };
}
