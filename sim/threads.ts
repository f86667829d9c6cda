/** Where a worker thread finds its file: compiled, or from the sources as they are. */
import { extname } from 'node:path';

const EXTENSION = extname(__filename);

/** What Piscina needs of a worker's file. @param file its absolute path, without its extension */
export function workerFile(file: string): { filename: string; execArgv: string[] } {
  // From sources, the worker must be able to read TypeScript, as this process does.
  return { filename: file + EXTENSION, execArgv: EXTENSION === '.ts' ? ['-r', 'ts-node/register'] : [] };
}
