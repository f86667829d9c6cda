/** An interpreter that is typed to at its standard input, as a board is at its UART. */
import { spawn, spawnSync, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import * as fs from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { interpreter } from './interpreter';

export type Console = ChildProcessByStdio<Writable, Readable, null>;

const placed = (processor: string): string[] => ['chrt', '-b', '0', 'taskset', '-c', processor];
const canPlace = process.platform === 'linux' && spawnSync('env', [...placed(anyProcessor()), 'true']).status === 0;

/**
 * A thread of the interpreter takes in what is typed, with no guard against the one that reads it; where they meet, the interpreter reads
 * letters twice and hangs. Both on one processor, neither woken in the middle of the other's turn, meet less often: with eight of them at
 * work on two processors twice in eight million letters, without this seven times in two million.
 */
export function startConsole(folder: string, options: readonly string[] = []): Console {
  const command = canPlace ? placed(anyProcessor()) : [];
  return spawn('env', [...command, interpreter, ...options], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
}

/** Ends a process that may have ended by itself, and waits for it. */
export function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGKILL');
  });
}

/** One that this process may use. */
function anyProcessor(): string {
  const [, list] = /Cpus_allowed_list:\s*(\S+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))!;
  const allowed = list!.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
  return String(allowed[Math.floor(Math.random() * allowed.length)]);
}
