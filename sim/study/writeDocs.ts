/** Puts what a study has made into the documentation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const END = '<!-- end of what it made -->';

/** Replaces what stands between the markers of a page. @param study name of its package script @throws Error where they are missing */
export function between(study: string, page: string, text: string): string {
  const begin = `<!-- made by npm run ${study} -- --write -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the page lacks "${begin}" and "${END}"`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** @param docs the folder docs/; the page of `study:NAME` is NAME.md */
export function writeDocs(docs: string, study: string, tables: string, pictures: Record<string, string> = {}): void {
  const page = join(docs, `${study.slice(study.indexOf(':') + 1)}.md`);
  writeFileSync(page, between(study, readFileSync(page, 'utf8'), tables));
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(docs, 'pictures', name), svg);
}
