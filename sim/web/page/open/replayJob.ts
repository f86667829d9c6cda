/** A replay that is going on in a worker. */
import type { RecordedCell } from '../../../replay/estimated';
import type { ReplayReport } from '../../../replay/report';
import type { Trace } from './overview';
import type { ReplayAnswer, ReplayRequest } from './replayWorker';
import ReplayWorker from './replayWorker?worker&inline';

/** Wrong input: it says what to do. Anything else is a defect of ours. */
export class Refused extends Error {}
/** The user did not want to wait. */
export class Stopped extends Error {}

export interface ReplayJob {
  result: Promise<{ report: ReplayReport; trace: Trace }>;
  /** Ends it at once: its result is rejected with `Stopped`. */
  cancel(): void;
}

export function startReplay(
  file: File,
  recorded: RecordedCell | undefined,
  onProgress: (part: number) => void,
): ReplayJob {
  const worker = new ReplayWorker();
  let stop: (reason: Stopped) => void;
  const result = new Promise<{ report: ReplayReport; trace: Trace }>((resolve, reject) => {
    stop = reject;
    worker.onmessage = ({ data }: MessageEvent<ReplayAnswer>) => {
      if (data.kind === 'progress') return onProgress(data.part);
      worker.terminate();
      if (data.kind === 'done') resolve(data);
      else reject(data.kind === 'refused' ? new Refused(data.why) : new Error(data.why));
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message || 'the worker could not be started'));
    };
  });
  worker.postMessage({ file, recorded } satisfies ReplayRequest);
  return {
    result,
    cancel: () => {
      worker.terminate();
      stop(new Stopped());
    },
  };
}
