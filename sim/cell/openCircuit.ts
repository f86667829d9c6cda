/**
 * Open-circuit voltage of the cathodes against lithium, as a function of their state of charge (1 = delithiated).
 * Smooth fits of our own to the usual shape of these materials, not measured curves: see docs/model.md.
 */
export const CATHODES = ['ncm811', 'ncm622', 'ncm523', 'lfp', 'none'] as const;
/** A cathode by its material; `none`: that of a half cell, which has none. */
export type Cathode = (typeof CATHODES)[number];

/** Below this the curve goes on as a steep line, so that every discharge meets its cut-off. */
const SOC_FLOOR = -0.03;
const END_SLOPE_V = 20;

/**
 * How far the cathode of one cell is from the curve of its kind: two waves over the state of charge, one and two to its range, so
 * that the mean over 0 to 1 is zero. Smooth, as errors of a fitted curve are; on the plateau of LFP more than about half a millivolt
 * outweighs the plateau's own slope.
 */
export interface OcvError {
  /** Amplitudes [V] and phases [rad] of the two waves. */
  readonly amplitude_V: readonly [number, number];
  readonly phase: readonly [number, number];
}

/** What that adds to the open-circuit voltage [V] at state of charge `soc`. */
export function ocvError_V({ amplitude_V, phase }: OcvError, soc: number): number {
  const turn = 2 * Math.PI * soc;
  return amplitude_V[0] * Math.sin(turn + phase[0]) + amplitude_V[1] * Math.sin(2 * turn + phase[1]);
}

/** Open-circuit voltage [V] at surface state of charge `soc` (about -0.1 to 1.1). */
export function openCircuit(cathode: Cathode, soc: number): number {
  return soc < SOC_FLOOR
    ? withoutEnd(cathode, SOC_FLOOR, soc) + END_SLOPE_V * (soc - SOC_FLOOR)
    : withoutEnd(cathode, soc, soc);
}

/**
 * What an empty cathode adds [V]: beyond bulk state of charge 1 there is no lithium left to take, and the voltage rises
 * steeply, so that every charge meets its cut-off.
 */
export function emptyCathode(soc: number): number {
  return soc > 1 ? END_SLOPE_V * (soc - 1) : 0;
}

/** `floored` is `soc` kept above the range where the exponential of an empty cathode would run away. */
function withoutEnd(cathode: Cathode, floored: number, soc: number): number {
  switch (cathode) {
    case 'ncm811':
      return nickelRich(floored, soc);
    case 'ncm622':
    case 'ncm523':
      return nickelRich(floored, soc) + 0.05 * soc - 0.02;
    case 'lfp':
      return 3.42 + 0.012 * soc + 0.15 * Math.exp((Math.min(soc, 1) - 1) / 0.01) - 0.85 * Math.exp(-60 * floored);
    case 'none':
      return 0;
  }
}

function nickelRich(floored: number, soc: number): number {
  return 3.57 + 0.52 * soc + 0.17 * soc * soc - 0.6 * Math.exp(-40 * floored);
}
