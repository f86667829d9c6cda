/** The release script: what it refuses, and in which order it does what. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { prepareRelease, type Run } from '../../sim/release/release';
import { ROOT } from '../docs/markdown';

const FILES = [
  ...['LICENSE', 'README.md', 'package.json', 'dist/sim/cli/main.js', 'dist/sim/index.js', 'dist/sim/index.d.ts'],
];

let folder: string;
let done: string[];
let packed: string[];
let says: string;

/** git as it is; everything that takes long only noted. */
const run: Run = (program, args, where) => {
  const line = [program, ...args].join(' ');
  if (program === 'git') return execFileSync('git', args, { cwd: where, encoding: 'utf8' });
  done.push(line.replaceAll(folder, '.'));
  if (args[0] === 'pack') {
    writeFileSync(join(folder, 'build/release/x-1.2.3.tgz'), 'packed');
    return JSON.stringify([{ filename: 'x-1.2.3.tgz', files: packed.map((path) => ({ path })) }]);
  }
  return args.includes('--version') ? says : '';
};

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: folder, encoding: 'utf8' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caldera-tree-'));
  [done, packed, says] = [[], [...FILES], '1.2.3\n'];
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.2.3' }));
  writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n');
  writeFileSync(join(folder, 'CITATION.cff'), 'version: 1.2.3\n');
  writeFileSync(join(folder, '.gitignore'), 'build/\n');
  mkdirSync(join(folder, 'build'));
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'x');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a release', () => {
  it('checks, packs, tries the packed file, and says what to publish', () => {
    const lines = prepareRelease(folder, run);
    expect(done[0]).toBe('bash .ci/run');
    expect(done[1]).toMatch(/^npm pack --json/);
    expect(done[2]).toMatch(/^npm install .*--omit=optional .*x-1\.2\.3\.tgz$/);
    expect(done.slice(3).some((line) => line.includes('caldera volcano'))).toBe(true);
    expect(lines.join('\n')).toMatch(/6 files, SHA-256 [0-9a-f]{64}\n[^]*git tag v1\.2\.3[^]*npm publish/);
    expect(done.join()).not.toMatch(/publish|push/);
  });

  it.each<[what: string, change: () => void, why: RegExp]>([
    ['a file that is not committed', () => writeFileSync(join(folder, 'new.ts'), ''), /has changes before the check/],
    ['a file that is changed', () => writeFileSync(join(folder, '.gitignore'), ''), /has changes before the check/],
    ['a version that has a tag', () => git('tag', 'v1.2.3'), /has a tag already/],
  ])('refuses %s, before it does anything', (_, change, why) => {
    change();
    expect(() => prepareRelease(folder, run)).toThrow(why);
    expect(done).toEqual([]);
  });

  it.each<[what: string, file: string, text: string, why: RegExp]>([
    ['a version that is not in the changelog', 'CHANGELOG.md', '## [Unreleased]\n', /CHANGELOG.md: .* none/],
    ['another version in the changelog', 'CHANGELOG.md', '## [1.2.2] - 2026-01-01\n', /newest version is 1\.2\.2/],
    ['another version in the citation', 'CITATION.cff', 'version: 1.2.2\n', /CITATION.cff: version is 1\.2\.2/],
  ])('refuses %s', (_, file, text, why) => {
    writeFileSync(join(folder, file), text);
    git('commit', '--quiet', '--all', '-m', 'y');
    expect(() => prepareRelease(folder, run)).toThrow(why);
    expect(done).toEqual([]);
  });

  it('refuses a packed file that lacks something, holds too much, or is another version', () => {
    packed = FILES.slice(1);
    expect(() => prepareRelease(folder, run)).toThrow('lacks LICENSE');
    packed = [...FILES, 'test/x.test.ts'];
    expect(() => prepareRelease(folder, run)).toThrow('must not hold test/x.test.ts');
    [packed, says] = [[...FILES], '1.2.2\n'];
    expect(() => prepareRelease(folder, run)).toThrow('says version 1.2.2');
  });

  it('refuses a check that changes the tree', () => {
    const changing: Run = (program, ...rest) => {
      if (program === 'bash') writeFileSync(join(folder, 'CITATION.cff'), 'version: 1.2.3\n\n');
      return run(program, ...rest);
    };
    expect(() => prepareRelease(folder, changing)).toThrow('has changes after the check');
  });
});

describe('what goes with a release', () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };

  it('a citation of this version and of the five papers', () => {
    const cited = parse(read('CITATION.cff')) as Record<string, unknown>;
    expect(cited).toMatchObject({ 'cff-version': '1.2.0', type: 'software', version, license: 'MIT' });
    const papers = cited.references as { title: string; authors: object[]; doi?: string }[];
    expect(papers).toHaveLength(5);
    for (const { title, authors, doi } of papers) {
      expect(title.length).toBeGreaterThan(20);
      expect(authors.length).toBeGreaterThan(1);
      if (doi !== undefined) expect(doi).toMatch(/^10\.\d{4}\/[a-z0-9.]+$/);
    }
  });

  it('a changelog that says what this version is', () => {
    const [, newest] = /^## \[(.+)\]/m.exec(read('CHANGELOG.md'))!;
    expect(['Unreleased', version]).toContain(newest);
    expect(read('CHANGELOG.md')).toContain(version);
  });

  it.each(['bug', 'cell-data', 'board-report'])('a form for issues: %s', (name) => {
    interface Field {
      type: string;
      id: string;
      attributes: { label: string; options?: unknown[] };
    }
    const form = parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`)) as {
      name: string;
      description: string;
      body: Field[];
    };
    expect(form.name && form.description).toBeTruthy();
    expect(new Set(form.body.map(({ id }) => id)).size).toBe(form.body.length);
    for (const { type, attributes } of form.body) {
      expect(['textarea', 'input', 'dropdown', 'checkboxes']).toContain(type);
      expect(attributes.label).toBeTruthy();
      if (type === 'dropdown' || type === 'checkboxes') expect(attributes.options!.length).toBeGreaterThan(0);
    }
  });
});
