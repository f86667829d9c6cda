/** The documents of the project, read with the Markdown parser that formats them (remark, as it comes with prettier). */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parsers } from 'prettier/plugins/markdown';

export const ROOT = join(__dirname, '../..');

interface Node {
  type: string;
  value?: string;
  url?: string;
  lang?: string | null;
  children?: Node[];
  position?: { start: { line: number } };
}

/** Prettier asks for its own options too; the parser uses none of them. */
interface MarkdownParser {
  parse(text: string, options: object): Node;
}

export interface Block {
  line: number;
  /** `sh`, `json`, ...; null for an indented block or a fence without a name. */
  language: string | null;
  text: string;
}

interface Span {
  line: number;
  text: string;
}

interface Link {
  line: number;
  url: string;
  /** A picture, not a link. */
  picture: boolean;
}

export interface Page {
  /** From the project's root, with forward slashes. */
  path: string;
  links: Link[];
  /** The anchors of its headings, as GitHub makes them. */
  anchors: string[];
  blocks: Block[];
  /** Code within text and tables. */
  spans: Span[];
}

/** Every page that a reader is sent to: those at the root and all under `docs/`. */
export function pagePaths(): string[] {
  const atRoot = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`);
  return [...atRoot, ...inDocs].sort();
}

export const readPage = (path: string): Page => parsePage(path, readFileSync(join(ROOT, path), 'utf8'));

export function parsePage(path: string, text: string): Page {
  const page: Page = { path, links: [], anchors: [], blocks: [], spans: [] };
  const seen = new Map<string, number>();
  const visit = (node: Node): void => {
    const line = node.position?.start.line ?? 0;
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      page.links.push({ line, url: node.url!, picture: node.type === 'image' });
    if (node.type === 'html') page.links.push(...htmlLinks(line, node.value!));
    if (node.type === 'heading') page.anchors.push(anchor(textOf(node), seen));
    if (node.type === 'code') page.blocks.push({ line, language: node.lang ?? null, text: node.value! });
    if (node.type === 'inlineCode') page.spans.push({ line, text: node.value! });
    node.children?.forEach(visit);
  };
  visit((parsers.markdown as MarkdownParser).parse(text, {}));
  return page;
}

function htmlLinks(line: number, html: string): Link[] {
  return [...html.matchAll(/\b(href|src)="([^"]*)"/g)].map(([, key, url]) => ({
    line,
    url: url!,
    picture: key === 'src',
  }));
}

const textOf = (node: Node): string => node.value ?? (node.children ?? []).map(textOf).join('');

/** GitHub's: small letters, no punctuation but - and _, spaces to -, and a number for each repeat. */
function anchor(heading: string, seen: Map<string, number>): string {
  const plain = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\-_ ]/gu, '')
    .replace(/ /g, '-');
  const repeats = seen.get(plain) ?? 0;
  seen.set(plain, repeats + 1);
  return repeats === 0 ? plain : `${plain}-${repeats}`;
}
