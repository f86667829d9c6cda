/**
 * The yardstick of every benchmark: one turn of Leibniz' series for pi, run in the same process. A cost in these steps holds
 * on every machine; a cost in seconds holds on one.
 */
export function leibnizSteps(count: number): number {
  let x = 1;
  let pi = 1;
  for (let i = 2; i < count; i++) {
    x = x * -1;
    pi = pi + x / (2 * i - 1);
  }
  return pi;
}

/** Median wall time [s] of `repeats` calls. */
export function medianSeconds(repeats: number, work: () => void): number {
  const times: number[] = [];
  for (let k = 0; k < repeats; k++) {
    const began_ms = performance.now();
    work();
    times.push((performance.now() - began_ms) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)]!;
}
