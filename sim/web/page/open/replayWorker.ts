/** `caldera replay` in the browser: reads a file piece by piece, so that neither its size nor its length matters; nothing leaves the page. */
import { InputError } from '../../../errors';
import { EstimatorRun } from '../../../replay/estimatedRun';
import type { RecordedCell } from '../../../replay/estimated';
import { replayMeasurement, type ReplayReport } from '../../../replay/report';
import { readMeasurement, type SampleBatch } from '../../../replay/samples';
import { Overview, type Trace } from './overview';

export interface ReplayRequest {
  file: File;
  recorded?: RecordedCell | undefined;
}

export type ReplayAnswer =
  | { kind: 'progress'; part: number }
  | { kind: 'done'; report: ReplayReport; trace: Trace }
  /** Of the user's making: it says what is wrong and what is allowed. */
  | { kind: 'refused'; why: string }
  | { kind: 'failed'; why: string };

const PIECE_BYTES = 1 << 20;

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ReplayRequest>) => void;
  postMessage(answer: ReplayAnswer): void;
};

scope.onmessage = ({ data }) => {
  run(data).then(
    (answer) => scope.postMessage(answer),
    (error: Error) =>
      scope.postMessage({ kind: error instanceof InputError ? 'refused' : 'failed', why: error.message }),
  );
};

async function run({ file, recorded }: ReplayRequest): Promise<ReplayAnswer> {
  const estimator = recorded && new EstimatorRun(recorded);
  const text = { name: file.name, bytes: file.size, pieces: piecesOf(file) };
  const measurement = await readMeasurement(text, {
    onProgress: (part) => scope.postMessage({ kind: 'progress', part }),
  });
  const overview = new Overview();
  const batches = seenBy(overview, measurement.batches);
  const report = await replayMeasurement(file.name, { ...measurement, batches }, estimator);
  return { kind: 'done', report, trace: overview.trace() };
}

async function* piecesOf(file: File): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += PIECE_BYTES)
    yield new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
}

async function* seenBy(overview: Overview, batches: AsyncIterable<SampleBatch>): AsyncGenerator<SampleBatch> {
  for await (const batch of batches) {
    overview.add(batch);
    yield batch;
  }
}
