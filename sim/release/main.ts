/** `npm run release`: prepares a release and says what to publish. Needs git, npm and network; takes as long as the check. */
import { execFileSync } from 'node:child_process';
import { packageFolder } from '../build/build';
import { InputError } from '../errors';
import { prepareRelease, type Run } from './release';

const MOST_BYTES = 1e8;

/** What programs complain of is seen at once; what they print is kept, and shown where they fail. */
const run: Run = (program, args, folder) => {
  process.stderr.write(`${[program, ...args].join(' ')}\n`);
  try {
    const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
    return execFileSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: MOST_BYTES, stdio });
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string };
    if (stdout) process.stderr.write(stdout);
    throw new Error(message.split('\n')[0]);
  }
};

try {
  process.stdout.write(`${prepareRelease(packageFolder(), run).join('\n')}\n`);
} catch (error) {
  process.stderr.write(`release: ${(error as Error).message}\n`);
  process.exitCode = error instanceof InputError ? 2 : 1;
}
