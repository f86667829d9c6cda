/** Puts what the command has made into the documentation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BEGIN = '<!-- made by npm run study:steering -- --write -->';
const END = '<!-- end of what it made -->';

/** Replaces what stands between the markers of a page. @throws Error where they are missing */
export function between(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks "${BEGIN}" and "${END}"`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
}

/** @param docs the folder docs/ */
export function writeDocs(docs: string, tables: string, pictures: Record<string, string>): void {
  const page = join(docs, 'steering.md');
  writeFileSync(page, between(readFileSync(page, 'utf8'), tables));
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(docs, 'pictures', name), svg);
}
