/** The quantities a measurement needs or can use. */
export type Quantity =
  | 'record'
  | 'cycle'
  | 'step'
  | 'time_s'
  | 'stepTime_s'
  | 'current_A'
  | 'voltage_V'
  | 'temperature_C'
  | 'charge_Ah'
  | 'discharge_Ah'
  | 'direction';

export interface Column {
  /**
   * Accepted titles, the preferred one first; errors name that one. Compared without case, `_` and blank alike. A column with
   * a unit carries it in one of the usual ways: `Current(mA)`, `Current [mA]`, `Current / mA`.
   */
  names: readonly string[];
  /** Unit the values are converted to. */
  unit?: 's' | 'A' | 'V' | 'Ah' | 'degC';
  /** Titles that carry no unit and what it is then. `clock`: the cells say it, as `h:min:s` or a date. Others are refused. */
  bare?: Readonly<Record<string, string>>;
  /** A file without it is still read. */
  optional?: true;
}

/** A file format as data: a new one is a new file beside this one and a line in `formats/index.ts`. */
export interface MeasurementFormat {
  name: string;
  /** What may separate the cells; the one that fits the header is used. */
  separators: readonly string[];
  /** Titles typical of this format, in lower case: the header is the first line with at least three of them. */
  signature: RegExp;
  columns: Partial<Record<Quantity, Column>>;
  /** Titles, in lower case, whose meaning is known and that are not needed. All others that are not read are reported. */
  notNeeded: RegExp;
  /**
   * Direction by the cell of the `direction` column, used only when the file's current has no sign:
   * 1 discharge, -1 charge, 0 neither. A file with signed current counts charge positive.
   */
  directionOf?(cell: string): number;
  /** Where a charge counter starts from zero again, in the words of BDF: `Step`, `Cycle`, `Schedule`, or nothing for never. */
  counterScope(title: string): string;
}
