/** What the front end watches by itself: what is wished for, and what applies on the grid of its registers, always on the safe side. */
import { frontEndLimits } from '../../firmware/bms';
import { frontEnd } from '../../firmware/protect/frontEnd';
import { ina228Applied, ina228Open } from '../../hal/chips/ina228Open';
import { Channel } from '../bench/channel';
import { Cell } from '../cell/cell';
import { packApplies } from './packFrontEnd';
import type { CyclerProduct, PackProduct, Product } from './product';

export interface Threshold {
  /** With its unit as the last part, such as `cellOver_mV`. */
  name: string;
  wished: number;
  applies: number;
}

export function thresholds(product: Product): Threshold[] {
  return product.kind === 'cycler' ? channelThresholds(product) : packThresholds(product);
}

function packThresholds({ config }: PackProduct): Threshold[] {
  return beside(frontEnd(config).limits, packApplies(config));
}

/** Asks a simulated INA228 that was set up with them. */
function channelThresholds({ config, cell }: CyclerProduct): Threshold[] {
  const wished = frontEndLimits(config.limits);
  const { bus } = new Channel(config.board, new Cell(cell, 25), 1);
  const ina = ina228Open(bus, config.board.ina228, wished);
  return beside(wished, ina228Applied(ina, config.board.ina228));
}

function beside<Limits extends object>(wished: Limits, applied: Limits): Threshold[] {
  return (Object.keys(wished) as (keyof Limits & string)[]).map((name) => ({
    name,
    wished: wished[name] as number,
    applies: applied[name] as number,
  }));
}
