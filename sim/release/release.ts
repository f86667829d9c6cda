/**
 * A release, up to the point where somebody publishes it: a tree without changes, documents that name the version, the project's check, the
 * packed file, and that file tried in an empty folder. Nothing is published and nothing is tagged.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors';

/** Runs a program to its end in a folder. @returns what it printed @throws when it does not end with 0 */
export type Run = (program: string, args: readonly string[], folder: string) => string;

interface Packed {
  filename: string;
  files: { path: string }[];
}

/** What must be in the packed file, and what must not. */
const SHIPPED = [
  'LICENSE',
  'README.md',
  'package.json',
  'dist/sim/cli/main.js',
  'dist/sim/index.js',
  'dist/sim/index.d.ts',
];
const NOT_SHIPPED = /^(test|scratch|results|node_modules)\//;

/** Tries all of it. @returns what to do next, line by line @throws InputError where the tree is not fit for a release */
export function prepareRelease(folder: string, run: Run): string[] {
  refuseChanges(folder, run, 'before the check');
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  refuseOtherVersions(folder, version!);
  if (run('git', ['tag', '--list', `v${version}`], folder).trim() !== '')
    throw new InputError(`version ${version} has a tag already; allowed: a new version in package.json`);
  run('bash', ['.ci/run'], folder);
  const target = join(folder, 'build/release');
  mkdirSync(target, { recursive: true });
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', target], folder)) as [Packed];
  refuseWrongFiles(packed.files.map(({ path }) => path));
  const file = join(target, packed.filename);
  tryPacked(file, name!, version!, run);
  refuseChanges(folder, run, 'after the check');
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return [
    `${file}: ${packed.files.length} files, SHA-256 ${sha256}`,
    'It was installed in an empty folder and ran. To publish it:',
    `  git tag v${version} && git push origin v${version}`,
    `  npm publish ${file}`,
    '  the text of this version in CHANGELOG.md, with the file, as a release of the repository',
  ];
}

function refuseChanges(folder: string, run: Run, when: string): void {
  const changes = run('git', ['status', '--porcelain'], folder).trim();
  if (changes !== '')
    throw new InputError(
      `the tree has changes ${when}; allowed: none:\n${changes.split('\n').slice(0, 10).join('\n')}`,
    );
}

/** The version is told in three places. */
function refuseOtherVersions(folder: string, version: string): void {
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  const [, released] = /^## \[(\d[^\]]*)\] - \d{4}-\d{2}-\d{2}$/m.exec(changelog) ?? [];
  if (released !== version)
    throw new InputError(
      `CHANGELOG.md: the newest version is ${released ?? 'none'}; allowed: ## [${version}] - and a date, as package.json says`,
    );
  const [, cited] = /^version: (\S+)$/m.exec(readFileSync(join(folder, 'CITATION.cff'), 'utf8')) ?? [];
  if (cited !== version)
    throw new InputError(`CITATION.cff: version is ${cited ?? 'missing'}; allowed: ${version}, as package.json says`);
}

function refuseWrongFiles(paths: readonly string[]): void {
  const missing = SHIPPED.filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new InputError(`the packed file lacks ${missing.join(', ')}`);
  const wrong = paths.filter((path) => NOT_SHIPPED.test(path));
  if (wrong.length > 0) throw new InputError(`the packed file must not hold ${wrong.slice(0, 5).join(', ')}`);
}

/** As a user meets it: without the optional dependencies, command line and library. */
function tryPacked(file: string, name: string, version: string, run: Run): void {
  const folder = mkdtempSync(join(tmpdir(), 'caldera-release-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
    run('npm', ['install', '--silent', '--omit=optional', file], folder);
    const caldera = (...args: string[]): string => run('npx', ['--no-install', 'caldera', ...args], folder);
    const says = caldera('--version').trim();
    if (says !== version) throw new InputError(`the packed program says version ${says}; allowed: ${version}`);
    caldera('cells');
    caldera('volcano', '--rates', '1,2', '--cycles', '3', '--out', 'volcano');
    caldera('config', 'check', 'cycler');
    caldera('build', '--board', 'cycler', '--out', 'cycler.js');
    const twin = `new (require('${name}').Cell)(require('${name}').loadProfile('afl-l1')).step(1, 1)`;
    run('node', ['-e', twin], folder);
    run(
      'node',
      ['--input-type=module', '-e', `import { replay, simulate } from '${name}'; replay.name + simulate.name`],
      folder,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
