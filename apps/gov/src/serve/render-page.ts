import type { Answer, Ask } from "./ask.ts";
import { markup, type Markup } from "./markup.ts";
import { recordsAt, textOf } from "./read-data.ts";
import { renderAnswer, symbol } from "./render-blocks.ts";
import type { Section } from "./section.ts";
import { type Standing, standingOfAll } from "./standing.ts";

/** What stands around the sections. */
export interface PageOptions {
  readonly title: string;
  readonly version: string;
  /** When it was made, as an RFC 3339 text. */
  readonly madeAt: string;
  /** What goes into the head beside the title: style and script, inline or by address. */
  readonly head: Markup;
}

/** Asks everything that the sections want to know, and draws the whole page. Sections are asked one after another; each question once. */
export async function renderPage(ask: Ask, sections: readonly Section[], options: PageOptions): Promise<string> {
  const cycles = recordsAt(await ask(["cycle"]), "cycles").map((cycle) => textOf(cycle, "id"));
  const drawn: { readonly section: Section; readonly body: Markup; readonly standing: Standing }[] = [];
  for (const section of sections) {
    const answers: Answer[] = [];
    for (const argv of section.questions({ cycles })) answers.push(await ask(argv));
    drawn.push({ section, body: renderSection(section, answers), standing: standingOfAll(answers) });
  }
  const { text } = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="State of the governed documents of ${options.title}" />
        <title>${options.title} – gov</title>
        ${options.head}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <h1>${options.title}</h1>
          <p>As of <time datetime="${options.madeAt}">${options.madeAt}</time></p>
        </header>
        <nav aria-label="Sections">
          <ul>
            ${drawn.map(({ section, standing }) => markup`<li><a href="#${section.id}">${symbol(standing)} ${section.title}</a></li>`)}
          </ul>
        </nav>
        <main id="main">${drawn.map(({ body }) => body)}</main>
        <footer><p>gov ${options.version}. Everything here is what the commands say: nothing is computed for this page.</p></footer>
      </body>
    </html>`;
  return text;
}

function renderSection({ id, title, about, picture, folded = false }: Section, answers: readonly Answer[]): Markup {
  const details = answers.map(
    (answer) => markup`<section class="answer" aria-label="gov ${answer.argv.join(" ")}">
      <h3><code>gov ${answer.argv.join(" ")}</code></h3>
      ${renderAnswer(answer)}
    </section>`,
  );
  return markup`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="about">${about}</p>
    ${picture === undefined ? null : picture(answers)}
    ${details.length > 0 && folded ? markup`<details><summary>What the commands say</summary>${details}</details>` : details}
  </section>`;
}
