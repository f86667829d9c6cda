/** The quantities a measurement needs or can use. */
export type Quantity =
  | 'record'
  | 'cycle'
  | 'step'
  | 'time_s'
  | 'stepTime_s'
  | 'current_A'
  | 'voltage_V'
  | 'charge_Ah'
  | 'discharge_Ah'
  | 'direction';

export interface Column {
  /** Accepted titles, compared without case, `_` and blank alike; a column with a unit may carry it: `Current(mA)`. Errors name the first. */
  names: readonly string[];
  /** Unit the values are converted to; a unit in the title is honoured. */
  unit?: 's' | 'A' | 'V' | 'Ah';
  /** A file without it is still read. */
  optional?: true;
}

/** A file format as data: a new one is a new file beside this one and a line in `formats/index.ts`. */
export interface MeasurementFormat {
  name: string;
  separator: string;
  /** Names typical of this format: the header is the line that holds at least three of them. */
  signature: readonly string[];
  columns: Partial<Record<Quantity, Column>>;
  /**
   * Direction by the cell of the `direction` column, used only when the file's current has no sign:
   * 1 discharge, -1 charge, 0 neither. A file with signed current counts charge positive.
   */
  directionOf?(cell: string): number;
}
