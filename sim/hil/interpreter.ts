/** Finds and runs a real Espruino interpreter (its Linux target). */
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { InputError } from '../errors';

/**
 * The path of an interpreter: `ESPRUINO` where set, else `espruino-linux` on PATH, else undefined.
 * @throws InputError when `ESPRUINO` names no executable file
 */
export function findInterpreter(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.ESPRUINO) {
    if (isExecutable(env.ESPRUINO)) return path.resolve(env.ESPRUINO);
    throw new InputError(`ESPRUINO: "${env.ESPRUINO}" cannot be run; allowed: the path of an Espruino interpreter`);
  }
  return (env.PATH ?? '')
    .split(path.delimiter)
    .map((directory) => path.join(directory, 'espruino-linux'))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The version a file reports as an Espruino interpreter, such as `2v29`; null when it does not run as one. */
export function interpreterVersion(file: string): string | null {
  const run = spawnSync(file, ['-e', 'print(process.version)'], { encoding: 'utf8', timeout: 5000 });
  return /\b\d+v\d+(\.\d+)*\b/.exec(run.stdout ?? '')?.[0] ?? null;
}

export interface ScriptRun {
  /** All the interpreter wrote, its banner included. It reports uncaught errors here too. */
  stdout: string;
  /** Null when it was killed. */
  exitCode: number | null;
  timedOut: boolean;
}

/** Runs a script from RAM, in a folder of its own, until the interpreter has nothing left to do or the time is over. */
export async function runScript(interpreter: string, source: string, timeout_ms = 10_000): Promise<ScriptRun> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-script-'));
  try {
    fs.writeFileSync(path.join(folder, 'script.js'), source);
    return await run(interpreter, folder, timeout_ms);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function run(interpreter: string, folder: string, timeout_ms: number): Promise<ScriptRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(interpreter, ['script.js'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    let stdout = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeout_ms);
    child.stdout.setEncoding('latin1').on('data', (text: string) => (stdout += text));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ stdout, exitCode, timedOut });
    });
  });
}
