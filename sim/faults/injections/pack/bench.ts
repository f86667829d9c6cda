/** What the injections beside do to a pack's bench, and undo. */
import type { PackBench, PackDefects } from '../../../bench/pack';
import type { Random } from '../../../random';

/** What a sensor may be off. */
export const SENSOR_MV = 20;
export const SENSOR_K = 2;
/** Between two steps of what changes little by little. */
export const RAMP_MS = 10;

export const always = (): number => 1;
export const someCell = ({ cells }: PackBench, random: Random): number => Math.floor(random.uniform() * cells.length);
export const some = (count: number, random: Random): number => Math.floor(random.uniform() * count);

export function defects(bench: PackBench): PackDefects {
  bench.defects ??= {};
  return bench.defects;
}
export const mend = (bench: PackBench): void => void (bench.defects = undefined);

const ramps = new WeakSet<PackBench>();
/** Something that goes on rising, told every so often of the seconds since its begin. */
export function ramp(bench: PackBench, set: (time_s: number) => void): void {
  const { clock } = bench;
  const began_ms = clock.now_ms;
  ramps.add(bench);
  const step = (): void => {
    if (!ramps.has(bench)) return;
    bench.live();
    set((clock.now_ms - began_ms) / 1000);
    clock.at(clock.now_ms + RAMP_MS, step);
  };
  step();
}
export const endRamp = (bench: PackBench): void => void ramps.delete(bench);

/** Takes a replaced method off a part again. */
export function restore(part: object, method: string): void {
  delete (part as Record<string, unknown>)[method];
}
