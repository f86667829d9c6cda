/** What is estimated of a cycle, each with its standard deviation: the columns of whichever table shows it. */
import type { EstimatedCycle } from './estimated';

interface EstimatedColumn {
  name: string;
  unit: 'mV' | 'mAh';
  /** Undefined: as for charge, which depends on the cell's capacity. */
  decimals?: number;
  /** Null: not known of this cycle. */
  value: (cycle: EstimatedCycle) => number | null;
  sigma: (cycle: EstimatedCycle) => number | null;
}

const pool = (name: string, of: keyof EstimatedCycle['lithium_mAh']): EstimatedColumn => ({
  name,
  unit: 'mAh',
  value: ({ lithium_mAh }) => lithium_mAh[of],
  sigma: ({ sigma_mAh }) => sigma_mAh[of],
});

export const ESTIMATED_COLUMNS: readonly EstimatedColumn[] = [
  {
    name: 'eta_conc',
    unit: 'mV',
    decimals: 1,
    value: ({ etaConc_mV }) => etaConc_mV,
    sigma: ({ etaConcSigma_mV }) => etaConcSigma_mV,
  },
  {
    name: 'lambda',
    unit: 'mAh',
    value: ({ lambda_mAh }) => lambda_mAh,
    sigma: ({ lambdaSigma_mAh }) => lambdaSigma_mAh,
  },
  pool('active', 'active'),
  pool('residual', 'residual'),
  pool('isolated', 'isolated'),
  pool('dead', 'dead'),
  pool('SEI', 'sei'),
];
