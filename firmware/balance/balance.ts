/**
 * Passive balancing: cells that are fuller than the lowest are drained through resistors, so that all reach the top of the charge
 * together. What counts is the difference of their voltages there; in the middle voltages say little about charge.
 *
 * It measures and drains by turns: the voltages it goes by are taken with nothing drained. It works only where no discharge can come:
 * with the output off and at rest, or at the end of a charge. Neighbours are not drained at once: they share a resistor.
 *
 * What it costs: the energy of the drained charge. The lithium of that charge is not lost: it goes back from the copper into the cathode
 * of its own cell and can be charged again, less what any slow discharge leaves behind on the copper (0.3 % of it in the simulated
 * cell, docs/boards/drone.md). `drained_mC` tells the charge.
 */
import type { PackSense } from '../sense/pack';

/** When cells are drained, and for how long. Voltages are those of a cell. */
export interface BalanceSettings {
  /** Begins at this difference between the highest and the lowest cell, and ends at that. */
  start_mV: number;
  stop_mV: number;
  /** Below this the lowest cell's voltage says too little. */
  lowest_mV: number;
  /** At rest: no more current than this, for so long. */
  rest_mA: number;
  rest_ms: number;
  /** At the end of a charge: no more current than this, at no less than this mean voltage. */
  chargeEnd_mA: number;
  chargeEnd_mV: number;
  /** Drains for so long at most, then waits this long with nothing drained before it looks. */
  drain_ms: number;
  settle_ms: number;
  /** Hottest cell, and the front end's die, which the part's own switches warm. */
  hottestCell_C: number;
  hottestBoard_C: number;
  /** Of one cell and in all, from one use of the pack to the next [s]. */
  longestCell_s: number;
  longest_s: number;
}

/** Why nothing is drained; `None`: cells are drained, or about to be. */
export enum BalanceStop {
  None,
  Balanced,
  /** The output is on, a current flows, or has flowed not long enough ago. */
  NotAtRest,
  NotFull,
  TooHot,
  CellTimeOut,
  TimeOut,
  /** A value it goes by is not to be trusted. */
  Fault,
}

enum Phase {
  Off,
  /** Nothing is drained: whether to begin, whether to go on. */
  FirstLook,
  Drain,
  Look,
}

/** The state of the balancing. Arrays have a number for each cell, the lowest cell first. */
export interface Balance {
  settings: BalanceSettings;
  /** What a cell is drained through, as a mean over time. */
  ohm: number;
  /** The front end's input of each cell, as a bit. */
  inputs: Uint16Array;
  stop: BalanceStop;
  phase: number;
  /** When the phase began, and since when the pack has been at rest. */
  since_ms: number;
  restSince_ms: number;
  /** Inputs that are drained now. */
  drains: number;
  /** For how long. */
  drain_ms: number;
  /** Neighbours take turns. */
  isOdd: boolean;
  /** Drained of each cell since start [mC], and for how long since the pack was last used [s]; of all together [s]. */
  drained_mC: Float64Array;
  drained_s: Float64Array;
  all_s: number;
}

/** A smaller difference is worth a shorter turn. */
const WHOLE_TURN_MV = 40;
/** How much cooler it has to become before it goes on. */
const COOLER_K = 5;
const EVEN_CELLS = 0x5555;
const ODD_CELLS = 0xaaaa;

/**
 * Nothing is drained before `balance` finds it due.
 * @param ohm what a cell is drained through, as a mean over time
 * @param inputs those of the front end that hold a cell, a mask
 */
export function createBalance(settings: BalanceSettings, ohm: number, inputs: number, now_ms: number): Balance {
  const bits: number[] = [];
  for (let bit = 1; bit <= inputs; bit *= 2) if (inputs & bit) bits.push(bit);
  return {
    settings: settings,
    ohm: ohm,
    inputs: new Uint16Array(bits),
    stop: BalanceStop.NotAtRest,
    phase: Phase.Off,
    since_ms: now_ms,
    restSince_ms: now_ms,
    drains: 0,
    drain_ms: 0,
    isOdd: false,
    drained_mC: new Float64Array(bits.length),
    drained_s: new Float64Array(bits.length),
    all_s: 0,
  };
}

/**
 * One tick.
 * @param isOff the output is off: no discharge can come @param charges the pack is on a charger
 * @param trusted no row doubts the voltages or the temperatures
 * @returns the inputs to be drained, a mask
 */
export function balance(
  b: Balance,
  sense: PackSense,
  isOff: boolean,
  charges: boolean,
  trusted: boolean,
  now_ms: number,
): number {
  if (!isOff && !charges) {
    b.restSince_ms = now_ms;
    if (b.all_s !== 0 && b.drains === 0) forget(b);
    if (b.stop === BalanceStop.NotAtRest) return 0;
  }
  const stop = forbidden(b, sense, charges, trusted, now_ms);
  if (stop !== BalanceStop.None) {
    if (b.drains !== 0) account(b, sense, now_ms);
    b.phase = Phase.Off;
    b.stop = stop;
    return 0;
  }
  const passed_ms = now_ms - b.since_ms;
  if (b.phase === Phase.Off) enter(b, Phase.FirstLook, now_ms);
  else if (b.phase === Phase.Drain) {
    if (passed_ms >= b.drain_ms) {
      account(b, sense, now_ms);
      enter(b, Phase.Look, now_ms);
    }
  } else if (passed_ms >= b.settings.settle_ms) choose(b, sense, now_ms);
  return b.drains;
}

/** The pack is in use: afterwards the time that may be drained begins anew. */
function forget(b: Balance): void {
  b.all_s = 0;
  b.drained_s.fill(0);
}

function enter(b: Balance, phase: Phase, now_ms: number): void {
  b.phase = phase;
  b.since_ms = now_ms;
  b.stop = BalanceStop.None;
}

/** What speaks against it now. */
function forbidden(b: Balance, sense: PackSense, charges: boolean, trusted: boolean, now_ms: number): BalanceStop {
  const s = b.settings;
  const current_mA = sense.current_mA;
  if (current_mA > s.rest_mA || current_mA < -s.rest_mA) b.restSince_ms = now_ms;
  if (now_ms - b.restSince_ms < s.rest_ms) {
    const ends = charges && current_mA <= 0 && current_mA >= -s.chargeEnd_mA;
    if (!ends || sense.stack_mV < s.chargeEnd_mV * b.inputs.length) return BalanceStop.NotAtRest;
  }
  if (!trusted || sense.at_ms !== now_ms) return BalanceStop.Fault;
  const less_K = b.stop === BalanceStop.TooHot ? COOLER_K : 0;
  if (sense.hottest_C > s.hottestCell_C - less_K || sense.board_C > s.hottestBoard_C - less_K)
    return BalanceStop.TooHot;
  if (b.stop === BalanceStop.CellTimeOut) return b.stop;
  if (b.all_s >= s.longest_s) return BalanceStop.TimeOut;
  if (sense.lowest_mV < s.lowest_mV) return BalanceStop.NotFull;
  // Balanced it stays until the difference has grown again.
  return b.stop === BalanceStop.Balanced && sense.highest_mV - sense.lowest_mV < s.start_mV ? b.stop : BalanceStop.None;
}

/** The voltages are as they are with nothing drained: which cells are next? */
function choose(b: Balance, sense: PackSense, now_ms: number): void {
  const s = b.settings;
  const cells_mV = sense.cells_mV;
  const lowest_mV = sense.lowest_mV;
  const spread_mV = sense.highest_mV - lowest_mV;
  // The upper half first: what keeps neighbours from taking turns brings the fullest down sooner.
  const above_mV = Math.max(s.stop_mV, spread_mV / 2);
  let full = 0;
  let tired = false;
  if (spread_mV > (b.phase === Phase.Look ? s.stop_mV : s.start_mV))
    for (let k = 0; k < cells_mV.length; k++) {
      if (cells_mV[k] - lowest_mV <= above_mV) continue;
      if (b.drained_s[k] < s.longestCell_s) full |= 1 << k;
      else tired = true;
    }
  if (full & (full << 1)) full &= b.isOdd ? ODD_CELLS : EVEN_CELLS;
  b.isOdd = !b.isOdd;
  if (full === 0) {
    b.phase = Phase.Off;
    b.stop = tired ? BalanceStop.CellTimeOut : BalanceStop.Balanced;
    return;
  }
  for (let k = 0; k < cells_mV.length; k++) if ((full >> k) & 1) b.drains |= b.inputs[k];
  // Where a little charge is many millivolts, at the very top, a whole turn would overshoot.
  b.drain_ms = s.drain_ms * Math.min(1, spread_mV / WHOLE_TURN_MV);
  enter(b, Phase.Drain, now_ms);
}

/** What was drained in the phase that ends. */
function account(b: Balance, sense: PackSense, now_ms: number): void {
  const time_s = (now_ms - b.since_ms) / 1000;
  for (let k = 0; k < b.inputs.length; k++) {
    if ((b.drains & b.inputs[k]) === 0) continue;
    b.drained_s[k] += time_s;
    b.drained_mC[k] += (sense.cells_mV[k] / b.ohm) * time_s;
  }
  b.all_s += time_s;
  b.drains = 0;
}
