/** What is sent, and what a slice costs, on the interpreter. In the firmware's language. */
import { sender, streamed, tickSender, vary } from './stream';

declare function getTime(): number;
declare function print(text: string): void;

function stream(cells: number, ticks: number): void {
  for (const frame of streamed(cells, ticks)) print('@' + frame);
}

/** Prints the dearest slice and the mean of all, in tenths of a Leibniz step; of each slice the cheapest of many turns counts. */
function cost(cells: number): void {
  const ticks = 120;
  const least = new Float64Array(ticks).fill(1e9);
  let step_s = 1e9;
  for (let turn = 0; turn < 12; turn++) {
    const s = sender(cells);
    // A board's own function is native: what stands in for it must cost as little.
    s.mavlink.uart = { write: isNaN as unknown as (bytes: Uint8Array) => void };
    for (let tick = 0; tick < ticks; tick++) {
      vary(s, tick);
      const began = getTime();
      tickSender(s, 100 * tick);
      const passed = getTime() - began;
      if (passed < least[tick]) least[tick] = passed;
      step_s = Math.min(step_s, leibniz());
    }
  }
  let most = 0;
  let sum = 0;
  for (const passed of least) {
    most = Math.max(most, passed);
    sum += passed;
  }
  print('@' + Math.floor((10 * most) / step_s) + ' ' + Math.floor((10 * sum) / step_s / ticks));
}

/** Seconds for one step. */
function leibniz(): number {
  let x = 1;
  let pi = 1;
  const began = getTime();
  for (let i = 2; i < 102; i++) {
    x = x * -1;
    pi = pi + x / (2 * i - 1);
  }
  return (getTime() - began) / 100;
}

(globalThis as unknown as { device: object }).device = { stream, cost };

// A module, though nothing is taken from it: the bundler would wrap a script.
export {};
