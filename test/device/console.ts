/** An interpreter that is typed to at its standard input, as a board is at its UART. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import * as fs from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { interpreter } from './interpreter';

export type Console = ChildProcessByStdio<Writable, Readable, null>;

const canPlace = ['chrt', 'taskset'].every((tool) => spawnSync(tool, ['--version']).status === 0);

/**
 * A thread of the interpreter takes in what is typed, with no guard against the one that reads it; where they meet, the interpreter reads
 * letters twice and hangs. Both on one processor, neither woken in the middle of the other's turn, meet less often: with eight of them at
 * work on two processors twice in eight million letters, without this seven times in two million.
 */
export function startConsole(folder: string, options: readonly string[] = []): Console {
  const [program, ...rest] = canPlace
    ? ['chrt', '-b', '0', 'taskset', '-c', anyProcessor(), interpreter]
    : [interpreter];
  return spawn(program!, [...rest, ...options], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
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
