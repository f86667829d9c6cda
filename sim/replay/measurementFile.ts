/** Measurements that lie on this machine's disk. */
import * as fs from 'node:fs';
import { InputError } from '../errors';
import { type Measurement, type ReadOptions, readMeasurement, type SampleBatch } from './samples';

/** @throws InputError when the file is missing or not a file; see `readMeasurement` */
export async function openMeasurement(path: string, options: ReadOptions = {}): Promise<Measurement> {
  const bytes = sizeOfFile(path);
  return readMeasurement({ name: path, bytes, pieces: piecesOf(path) }, options);
}

/** The samples of a cycler's text export: `openMeasurement` for those who want nothing but them. */
export async function* samples(path: string, options: ReadOptions = {}): AsyncGenerator<SampleBatch> {
  yield* (await openMeasurement(path, options)).batches;
}

/** Opens the file when the first piece is asked for. */
async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  yield* fs.createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
}

function sizeOfFile(path: string): number {
  let stat: fs.Stats;
  try {
    stat = fs.statSync(path);
    fs.accessSync(path, fs.constants.R_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'cannot be read';
    throw new InputError(`${path}: ${reason}; allowed: a measurement file of a cycler`);
  }
  if (!stat.isFile()) throw new InputError(`${path}: not a file; allowed: a measurement file of a cycler`);
  return stat.size;
}
