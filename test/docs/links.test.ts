/** Every link within the project, every anchor and every picture of its documents is there. What is outside is not fetched. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pagePaths, parsePage, readPage, ROOT, type Page } from './markdown';

const pages = new Map(pagePaths().map((path) => [path, readPage(path)]));

function deadLinks(page: Page, known: ReadonlyMap<string, Page>): string[] {
  return page.links.flatMap(({ line, url, picture }) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return [];
    const where = `${page.path}:${line}`;
    const [file, hash] = url.split('#') as [string, string | undefined];
    const target = file === '' ? page.path : normalize(join(dirname(page.path), decodeURI(file))).replaceAll('\\', '/');
    if (target.startsWith('..') || file.startsWith('/')) return [`${where}: ${url} leaves the project`];
    if (file !== '' && !existsSync(join(ROOT, target))) return [`${where}: ${url} is not there`];
    if (picture && !statSync(join(ROOT, target)).isFile()) return [`${where}: ${url} is not a picture`];
    if (hash === undefined) return [];
    const anchors = target === page.path ? page.anchors : known.get(target)?.anchors;
    if (anchors === undefined) return [`${where}: ${url} has an anchor into what is not a page`];
    return anchors.includes(hash)
      ? []
      : [`${where}: ${url} has no such heading; headings there: ${anchors.join(', ')}`];
  });
}

describe('links of the documents', () => {
  it('finds pages with links to look at', () => {
    expect(pages.size).toBeGreaterThan(20);
    expect([...pages.values()].flatMap(({ links }) => links).length).toBeGreaterThan(100);
  });

  it.each([...pages.values()])('$path', (page) => {
    expect(deadLinks(page, pages)).toEqual([]);
  });
});

it('every page can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached)
    for (const { url } of pages.get(path)!.links) {
      const target = normalize(join(dirname(path), url.split('#')[0]!)).replaceAll('\\', '/');
      if (pages.has(target)) reached.add(target);
    }
  // Where contributors look for it by themselves.
  const elsewhere = ['CONTRIBUTING.md'];
  expect([...pages.keys()].filter((path) => !reached.has(path) && !elsewhere.includes(path))).toEqual([]);
});

describe('what the check sees', () => {
  const dead = (text: string): string[] => deadLinks(parsePage('docs/some.md', text), pages);

  it('takes what is there, and leaves what is outside alone', () => {
    expect(
      dead(
        '# Some *page*: a, `b`\n\n# Again\n\n# Again\n\n[1](#some-page-a-b) [2](#again-1) [3](../README.md#commands)',
      ),
    ).toEqual([]);
    expect(dead('[x](https://example.org/nowhere#at-all) ![y](pictures/volcano-afl-l1.svg) [z](boards)')).toEqual([]);
  });

  it.each([
    ['[x](nothing.md)', /nothing.md is not there/],
    ['![x](pictures/nothing.svg)', /is not there/],
    ['<img src="pictures/nothing.svg">', /is not there/],
    ['![x](pictures)', /is not a picture/],
    ['[x](#nothing)', /no such heading/],
    ['[x](model.md#nothing)', /no such heading/],
    ['[x][1]\n\n[1]: nothing.md', /is not there/],
    ['[x](../../other/README.md)', /leaves the project/],
  ])('%s', (text, problem) => {
    expect(dead(text)).toEqual([expect.stringMatching(problem)]);
  });
});
