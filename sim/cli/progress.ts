import { Presets, SingleBar } from 'cli-progress';
import type { OnProgress } from '../results/types';
import { duration } from '../sweep/engine/words';
import type { Terminal } from './terminal';

/** How the bar looks. @param leftInText whether the text says how long the rest will take */
export const barOptions = (leftInText: boolean) => ({
  format: ` {bar} {percentage} %  ${leftInText ? '' : '{eta_formatted}  '}{text}`,
  // Of what cannot be told yet it is given a word.
  formatTime: (time_s: number | string) => (Number(time_s) > 0 ? `about ${duration(Number(time_s))} left` : ''),
});

/** Runs `work` with a progress bar on stderr where that is a terminal, and with none elsewhere. */
export async function withProgress<Result>(
  terminal: Terminal,
  work: (onProgress?: OnProgress) => Promise<Result>,
  leftInText = false,
): Promise<Result> {
  if (!terminal.showsProgress) return work();
  const bar = new SingleBar(
    {
      ...barOptions(leftInText),
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
