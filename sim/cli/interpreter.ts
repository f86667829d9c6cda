import { spawnSync } from 'node:child_process';

export const howToGetInterpreter =
  "build Espruino's Linux target: https://github.com/espruino/Espruino/blob/master/README_Building.md";

/** The version a file reports as an Espruino interpreter, such as `2v29`; null when it does not run as one. */
export function interpreterVersion(file: string): string | null {
  const run = spawnSync(file, ['-e', 'print(process.version)'], { encoding: 'utf8', timeout: 5000 });
  return /\b\d+v\d+(\.\d+)*\b/.exec(run.stdout ?? '')?.[0] ?? null;
}
