/**
 * The numbers that paper 000 prints: S. Zhang et al., "Decoupling Lithium Reutilization Behavior under Different Discharge
 * Rates for Anode-Free Lithium Metal Batteries", Adv. Mater. 2025, doi:10.1002/adma.202503582.
 *
 * NCM811 (3 mAh/cm2) against bare copper, electrolytes L1 and L2; two formation cycles at 0.1C, then charge at 0.2C. Lifespan
 * is the cycle number at 80 % of the first discharge at 0.2C; retention and mean CE are at the cell's own rate.
 */

export const citation = 'Zhang et al., Adv. Mater. 2025, doi:10.1002/adma.202503582';

type PaperQuantity = 'lifespan_cycles' | 'retention_pct' | 'averageCe_pct';

export interface PaperValue {
  /** Name of the built-in cell profile that stands for the paper's cell. */
  cell: string;
  rate_C: number;
  quantity: PaperQuantity;
  /** Number of cycles after which it was read; null for a lifespan. */
  atCycle: number | null;
  value: number;
  /** Where the paper shows or states it. */
  figure: string;
}

export const paperValues: readonly PaperValue[] = [
  { cell: 'afl-l1', rate_C: 0.5, quantity: 'lifespan_cycles', atCycle: null, value: 38, figure: 'Figure 5a' },
  { cell: 'afl-l1', rate_C: 1, quantity: 'lifespan_cycles', atCycle: null, value: 53, figure: 'Figure 5a' },
  { cell: 'afl-l1', rate_C: 2, quantity: 'lifespan_cycles', atCycle: null, value: 32, figure: 'Figure 5a' },

  { cell: 'afl-l1', rate_C: 0.5, quantity: 'retention_pct', atCycle: 100, value: 53.7, figure: 'Figures 5b, S17a' },
  { cell: 'afl-l1', rate_C: 1, quantity: 'retention_pct', atCycle: 100, value: 68.8, figure: 'Figures 5b, S17a' },
  { cell: 'afl-l1', rate_C: 2, quantity: 'retention_pct', atCycle: 100, value: 67.9, figure: 'Figures 5b, S17a' },
  { cell: 'afl-l1', rate_C: 3, quantity: 'retention_pct', atCycle: 100, value: 27.7, figure: 'Figure S25' },
  { cell: 'afl-l2', rate_C: 3, quantity: 'retention_pct', atCycle: 100, value: 67.0, figure: 'Figure S25' },

  { cell: 'afl-l1', rate_C: 2, quantity: 'retention_pct', atCycle: 60, value: 79.1, figure: 'Figures 6c, S24-S25' },
  { cell: 'afl-l2', rate_C: 2, quantity: 'retention_pct', atCycle: 60, value: 81.0, figure: 'Figures 6c, S24-S25' },
  { cell: 'afl-l1', rate_C: 3, quantity: 'retention_pct', atCycle: 60, value: 44.0, figure: 'Figure 6c' },
  { cell: 'afl-l2', rate_C: 3, quantity: 'retention_pct', atCycle: 60, value: 71.5, figure: 'Figure 6c' },

  { cell: 'afl-l1', rate_C: 0.5, quantity: 'averageCe_pct', atCycle: 100, value: 99.22, figure: 'Figures 5b, S17b' },
  { cell: 'afl-l1', rate_C: 1, quantity: 'averageCe_pct', atCycle: 100, value: 99.59, figure: 'Figures 5b, S17b' },
  { cell: 'afl-l1', rate_C: 2, quantity: 'averageCe_pct', atCycle: 100, value: 99.38, figure: 'Figures 5b, S17b' },
];

/** The paper's numbers for the volcano of one cell at one rate; null where the paper gives none. */
export interface PaperPoint {
  rate_C: number;
  lifespan_cycles: number | null;
  retention100_pct: number | null;
  averageCe_pct: number | null;
}

/** The paper's retentions of a cell at one rate, by ascending cycle. */
export function paperRetentions(cell: string, rate_C: number): { cycle: number; retention_pct: number }[] {
  return paperValues
    .filter((row) => row.cell === cell && row.rate_C === rate_C && row.quantity === 'retention_pct')
    .map(({ atCycle, value }) => ({ cycle: atCycle!, retention_pct: value }))
    .sort((a, b) => a.cycle - b.cycle);
}

/** The paper's volcano of a cell, by ascending rate; empty for a cell that is not in the paper. */
export function paperPoints(cell: string): PaperPoint[] {
  const ofCell = paperValues.filter((row) => row.cell === cell && (row.atCycle === null || row.atCycle === 100));
  const rates = [...new Set(ofCell.map((row) => row.rate_C))].sort((a, b) => a - b);
  return rates.map((rate_C) => {
    const find = (quantity: PaperQuantity): number | null =>
      ofCell.find((row) => row.rate_C === rate_C && row.quantity === quantity)?.value ?? null;
    return {
      rate_C,
      lifespan_cycles: find('lifespan_cycles'),
      retention100_pct: find('retention_pct'),
      averageCe_pct: find('averageCe_pct'),
    };
  });
}
