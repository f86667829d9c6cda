/**
 * What the engine runs: so many runs, each made from its number alone, each a row of a table. What kind of work it is, is data, so that
 * a thread or another machine can be told it.
 */
import type { Cell, Column } from '../runs/result';
import { designCampaign, type DesignSpec } from '../runs/designCampaign';
import { ensembleCampaign, type EnsembleSpec } from '../runs/ensembleCampaign';

export type CampaignSpec = DesignSpec | EnsembleSpec;

export interface Campaign {
  runs: number;
  /** The first is the run's number, the last why it was set aside. */
  columns: readonly Column[];
  /** Of the table of cycles, from the run's number on; empty: there is none. */
  cycleColumns: readonly Column[];
  /** @throws whatever goes wrong in a run */
  run(run: number): Promise<Rows>;
  /** The row of a run that could not be done. */
  setAside(run: number, reason: string): Rows;
  /** @throws InputError for anything that cannot be run */
  check(): Promise<void>;
}

/** One row, and the run's rows of cycles, by column. */
export interface Rows {
  row: Cell[];
  cycles: Cell[][];
}

export const createCampaign = (spec: CampaignSpec): Campaign =>
  spec.kind === 'ensemble' ? ensembleCampaign(spec) : designCampaign(spec);
