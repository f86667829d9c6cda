/** Starts the firmware with a product's configuration on simulated chips, without a current, as far as the end of the self-test. */
import { createBms, tick } from '../../firmware/bms';
import { createPackBms, tickPack } from '../../firmware/pack';
import { Fault } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { openFrontEnd } from '../../firmware/protect/frontEnd';
import { Switch } from '../../firmware/protect/switches';
import { Channel } from '../bench/channel';
import { PackBench } from '../bench/pack';
import { Cell } from '../cell/cell';
import type { CyclerProduct, PackProduct, Product } from './product';

const LONGEST_MS = 5000;
const TEMPERATURE_C = 25;
const SEED = 1;

/** A line where the start fails, none where the self-test passes. */
export function startProblems(product: Product): string[] {
  try {
    const fault = product.kind === 'cycler' ? startChannel(product) : startPack(product);
    return fault === '' ? [] : [`start: on simulated chips the self-test ends with: ${fault}`];
  } catch (error) {
    return [`start: on simulated chips ${(error as Error).message}`];
  }
}

function startChannel({ config, cell }: CyclerProduct): string {
  const channel = new Channel(config.board, new Cell(cell, TEMPERATURE_C), SEED);
  // The firmware takes the cell's model out of what it is given.
  const bms = createBms(structuredClone(config), channel, 0);
  for (let now_ms = 0; now_ms < LONGEST_MS && bms.selfTest !== undefined;) {
    now_ms += config.pace.fast_ms;
    channel.advanceTo(now_ms);
    tick(bms, now_ms);
    if (bms.protection.fault !== Fault.None) return faultName(bms.protection.fault);
  }
  return bms.selfTest === undefined ? '' : 'not ended';
}

function startPack({ config, cell, cells }: PackProduct): string {
  const bench = new PackBench(
    config.board,
    Array.from({ length: cells }, () => new Cell(cell, TEMPERATURE_C)),
    SEED,
  );
  const bms = createPackBms(structuredClone(config), bench, openFrontEnd, 0);
  for (let now_ms = 0; now_ms < LONGEST_MS && bms.switches === Switch.SelfTest;) {
    now_ms += config.period_ms;
    bench.advanceTo(now_ms);
    tickPack(bms, now_ms);
    if (bms.protection.open) return faultName(bms.protection.fault);
  }
  return bms.switches === Switch.Idle ? '' : 'not ended';
}
