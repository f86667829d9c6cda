/**
 * The only code that moves a pack's switches and drains its cells. The front end drives the switches: what is written is a
 * permission, which the part takes back by itself when it finds a fault, and carries out in one of its own turns, four a second.
 */
import type { PackWires } from '../../hal/boards/drone';
import { Bq76952Fet, Bq76952FetOff, bq76952Send, Bq76952Subcommand, type Bq76952 } from '../../hal/chips/bq76952';

/** Both switches: current may flow in both directions. */
export const BOTH = Bq76952Fet.Charge | Bq76952Fet.Discharge;

/** A pack's switches: what is wished for, and what the front end was told last. */
export interface Fets {
  wires: PackWires;
  /** Switches that may be closed, a mask of Bq76952Fet, as it is wished and as it was written last; -1: not known. */
  closed: number;
  written: number;
  /** When `closed` last changed. */
  since_ms: number;
  /** The switch of the precharge resistor is to be closed. */
  precharge: boolean;
  /** Cells that are drained, a mask of the part's inputs, as it was written last. */
  drained: number;
  /** When the part was last told to release its latches. */
  releasedAt_ms: number;
}

/** Everything is to be open, and the precharge switch is at once; the front end is told by the first `commandFets`. */
export function createFets(wires: PackWires, now_ms: number): Fets {
  wires.precharge.write(false);
  return {
    wires: wires,
    closed: 0,
    written: -1,
    since_ms: now_ms,
    precharge: false,
    drained: 0,
    releasedAt_ms: -1e9,
  };
}

/**
 * Brings the part to what is wished. Draining ends before a switch closes. What could not be written is written again in the next
 * tick; a part that is not reached any more ends the draining by itself.
 * @param closed switches that may be closed, a mask of Bq76952Fet @param drain a mask of the part's inputs
 */
export function commandFets(
  fets: Fets,
  afe: Bq76952,
  closed: number,
  precharge: boolean,
  drain: number,
  now_ms: number,
): void {
  if (precharge !== fets.precharge) {
    fets.precharge = precharge;
    fets.wires.precharge.write(precharge);
  }
  if (closed !== fets.closed) {
    fets.closed = closed;
    fets.since_ms = now_ms;
  }
  if (closed === fets.written && drain === fets.drained) return;
  try {
    if (drain !== fets.drained) {
      bq76952Send(afe, Bq76952Subcommand.BalanceCells, drain, 2);
      fets.drained = drain;
    }
    if (closed !== fets.written) {
      bq76952Send(afe, Bq76952Subcommand.FetControl, heldOpen(closed), 1);
      fets.written = closed;
    }
  } catch (_) {
    // Its read-back tells the protection.
  }
}

/** The part has no use for its drivers of precharge and predischarge on this board. */
function heldOpen(closed: number): number {
  let off = Bq76952FetOff.All;
  if (closed & Bq76952Fet.Charge) off ^= Bq76952FetOff.Charge;
  if (closed & Bq76952Fet.Discharge) off ^= Bq76952FetOff.Discharge;
  return off;
}

/** Ends what the part holds open by a latch, once the fault was released by somebody who may. */
export function releaseLatches(fets: Fets, afe: Bq76952, now_ms: number): void {
  fets.releasedAt_ms = now_ms;
  try {
    bq76952Send(afe, Bq76952Subcommand.ReleaseShort, 0, 0);
    bq76952Send(afe, Bq76952Subcommand.ReleaseOverCurrent, 0, 0);
  } catch (_) {
    // The latch stays, and trips the row again.
  }
}
