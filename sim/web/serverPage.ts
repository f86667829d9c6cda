/** Where the built page is. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** From sources: two folders up from here; as a package: this is compiled into the folder that holds the page too. */
const FROM_SOURCES = path.extname(__filename) === '.ts';
const ROOT = path.join(__dirname, '..', '..');
const PAGE = FROM_SOURCES ? path.join(ROOT, 'dist', 'web') : path.join(ROOT, 'web');

/** @throws Error that says how to build it where it is missing and cannot be built */
export async function pageFolder(): Promise<string> {
  if (fs.existsSync(path.join(PAGE, 'index.html'))) return PAGE;
  const vite = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const howTo = 'in the sources of caldera, run npm install and npm run build:web';
  if (!FROM_SOURCES || !fs.existsSync(vite)) throw new Error(`the page is not built (${PAGE}); ${howTo}`);
  await new Promise<void>((resolve, reject) => {
    const build = spawn(process.execPath, [vite, 'build', '--config', path.join(ROOT, 'sim/web/vite.config.mts')], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    build.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    build.once('error', reject);
    build.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the page cannot be built: ${said.trim().split('\n')[0]}; ${howTo}`)),
    );
  });
  return PAGE;
}
