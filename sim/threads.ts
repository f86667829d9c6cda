/** Where a worker thread finds its file: compiled, or from the sources as they are. */
import { extname, resolve } from 'node:path';

const EXTENSION = extname(__filename);

/** What Piscina needs of a worker's file. @param file its absolute path, without its extension */
export function workerFile(file: string): { filename: string; execArgv: string[]; env?: NodeJS.ProcessEnv } {
  const filename = file + EXTENSION;
  if (EXTENSION !== '.ts') return { filename, execArgv: [] };
  // From sources, the worker must be able to read TypeScript, as this process does: in whatever folder that stands.
  return {
    filename,
    execArgv: ['-r', require.resolve('ts-node/register')],
    env: { ...process.env, TS_NODE_PROJECT: resolve(__dirname, '../tsconfig.json') },
  };
}
