import { Presets, SingleBar } from 'cli-progress';
import type { OnProgress } from '../results/types';
import type { Terminal } from './terminal';

/** Runs `work` with a progress bar on stderr where that is a terminal, and with none elsewhere. */
export async function withProgress<Result>(
  terminal: Terminal,
  work: (onProgress?: OnProgress) => Promise<Result>,
): Promise<Result> {
  if (!terminal.showsProgress) return work();
  const bar = new SingleBar(
    {
      format: ' {bar} {percentage} %  {eta_formatted}  {text}',
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  bar.start(1000, 0, { text: '' });
  try {
    return await work((fraction, text) => bar.update(Math.round(1000 * fraction), { text }));
  } finally {
    bar.stop();
  }
}
