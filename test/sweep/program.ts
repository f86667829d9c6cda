/** The command line as processes of its own, compiled once, so that they start fast and can be killed. */
import { buildSync } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const SOURCES = ['sim', 'firmware', 'hal', 'missions'];

export interface Program {
  start(...args: string[]): Running;
  remove(): void;
}

export interface Running {
  process: ChildProcess;
  /** What it has said so far. */
  stderr: () => string;
  /** Its exit code; null: it was killed. */
  ended: Promise<number | null>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Within the package, so that it finds its dependencies. */
export function compile(): Program {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'build', 'sweep-test-'));
  const files = SOURCES.flatMap((source) =>
    readdirSync(join(ROOT, source), { recursive: true, encoding: 'utf8' }).map((file) => join(source, file)),
  ).filter((file) => !file.startsWith(join('sim', 'web', 'page')));
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')),
    outdir: folder,
    outbase: '.',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
  });
  for (const file of files.filter((one) => one.endsWith('.json'))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  const started: Running[] = [];
  return {
    start: (...args) => {
      const running = start(join(folder, 'sim', 'cli', 'main.js'), args);
      started.push(running);
      return running;
    },
    // Of a test that failed, processes may be left.
    remove: () => {
      for (const { process } of started) if (process.exitCode === null) process.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(main: string, args: string[]): Running {
  const process = spawn('node', [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  process.stderr.on('data', (data: Buffer) => (text += data.toString()));
  const ended = new Promise<number | null>((resolve) => process.on('exit', resolve));
  return {
    process,
    stderr: () => text,
    ended,
    kill: async (signal = 'SIGKILL') => {
      process.kill(signal);
      await ended;
    },
  };
}

export const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
