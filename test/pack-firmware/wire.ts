/** What goes over the wires of a pack, as bytes: recorded on Node, played back on the interpreter. In the firmware's language. */
import type { PackConfig } from '../../firmware/config/packDefaults';
import type { PackBms } from '../../firmware/pack';

export enum Wire {
  Read = 1,
  Count,
  Write,
  Alert,
  PrechargeWrite,
  PrechargeRead,
}

interface PlainBlock {
  register: number;
  count: number;
  seed: number;
  at: number[];
}

export interface Recording {
  config: PackConfig;
  /** The opened part as plain data. */
  afe: {
    address: number;
    stride: number;
    crc8: number[];
    settings: number[];
    cells: PlainBlock;
    safety: PlainBlock;
    temperatures: PlainBlock;
    fets: PlainBlock;
    answer: PlainBlock;
  };
  /** The wish of each tick, and what went over the wires at the start and in them, in base 64. */
  wishes: number[];
  start: string;
  wire: string;
  /** One answer of the block of cells, and of the switches. */
  block: number[];
  fets: number[];
}

/** Whole numbers that say what the firmware has made of it. */
export function summary(bms: PackBms): string {
  const sense = bms.sense;
  let rows = 0;
  for (let fault = 0; fault < bms.protection.state.length; fault++)
    rows = (rows * 31 + bms.protection.state[fault]) % 65521;
  return [
    bms.switches,
    bms.fets.closed,
    sense.highest_mV,
    sense.lowest_mV,
    Math.floor(sense.current_mA),
    sense.terminals_mV,
    Math.floor(sense.charge_mC),
    Math.floor(10 * sense.hottest_C),
    sense.faults,
    Math.floor(bms.charge_mA),
    Math.floor(bms.discharge_mA),
    rows,
  ].join(' ');
}
