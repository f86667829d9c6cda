/** The threads of this machine as the workers. */
import type { Campaign, CampaignSpec } from './campaign';
import { setAside, TRIES, type Packed, type Stretch } from './chunk';
import { untilAborted } from './abort';
import type { Gaps } from './gaps';
import type { Pool } from './pool';

export interface Work {
  /** Tells campaigns, and versions of the program, apart. */
  id: string;
  code: string;
  spec: CampaignSpec;
  campaign: Campaign;
  /** Runs to a chunk. */
  chunk: number;
  /** What is to be done. */
  gaps: Gaps;
  /** Told of every stretch that is finished, in any order. */
  onDone: (result: Packed) => void;
  /** Ends the work; what is being run is left. */
  signal?: AbortSignal | undefined;
}

/** Each thread has one stretch in work and one waiting. */
const AHEAD = 2;

export async function workHere({ id, spec, campaign, gaps, onDone, signal }: Work, pool: Pool): Promise<void> {
  const source = gaps.stretches();
  const one = async (): Promise<void> => {
    for (let next = source.next(); !next.done && !signal?.aborted; next = source.next())
      await byThread(next.value, TRIES);
  };
  const byThread = async (stretch: Stretch, tries: number): Promise<void> => {
    try {
      onDone(await untilAborted(pool.run({ id, spec, ...stretch }), signal));
    } catch (error) {
      if (signal?.aborted) return;
      if (tries > 1) return byThread(stretch, tries - 1);
      // It costs the thread whenever it is tried: halved, until the run is found that does.
      const { from, to } = stretch;
      const middle = Math.ceil((from + to) / 2);
      if (to - from > 1)
        for (const part of [
          { from, to: middle },
          { from: middle, to },
        ])
          await byThread(part, TRIES);
      else
        onDone(
          setAside(campaign, from, `its thread was lost ${TRIES} times: ${(error as Error).message.split('\n')[0]}`),
        );
    }
  };
  await Promise.all(Array.from({ length: AHEAD * pool.threads }, one));
}
