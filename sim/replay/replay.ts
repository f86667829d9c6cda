import { countedCharge_mAh, integrateStep } from './integrate';
import type { Measurement } from './measurement';
import { type ReadOptions, readMeasurement } from './readMeasurement';
import { type Relaxation, separateRelaxation } from './relaxation';
import { type Step, findSteps } from './steps';

export interface ReplayedCycle {
  /** The file's own cycle number. */
  n: number;
  charge_mAh: number;
  discharge_mAh: number;
  /** Discharged / charged; null without both. */
  ce_pct: number | null;
  chargeEnergy_mWh: number;
  dischargeEnergy_mWh: number;
  /** The same by the file's own counter; null when the file has none. */
  fileCharge_mAh: number | null;
  fileDischarge_mAh: number | null;
  /** Means over the cycle's relaxations that could be separated; null when none could. */
  etaFast_mV: number | null;
  etaConc_mV: number | null;
  etaUncertainty_mV: number | null;
  /** Rests of this cycle; a rest belongs to the cycle of the pulse before it. */
  rests: number;
  warnings: string[];
}

export interface ReplayReport {
  file: string;
  format: string;
  cycles: ReplayedCycle[];
  relaxations: Relaxation[];
  summary: {
    samples: number;
    duration_h: number;
    cycles: number;
    rests: number;
    restsAfterPulse: number;
    /** Relaxations with both parts. */
    separated: number;
    charge_mAh: number;
    discharge_mAh: number;
    etaFast_mV: number | null;
    etaConc_mV: number | null;
    warnings: string[];
    notes: string[];
  };
}

const notes = [
  'etaConc_mV is all recovery slower than some seconds: concentration in the electrolyte and diffusion inside solid electrodes together. ' +
    'In a cell with intercalation electrodes it says nothing about a lithium surface.',
  'etaConc_mV is measured up to the end of each rest, not extrapolated.',
  'Lithium loss is not attributed: no raw cycling series of an anode-free cell is public to check that against.',
];

/** Reads a measurement and reports every cycle and every relaxation in it. @throws InputError, see `readMeasurement` */
export async function replay(path: string, options: ReadOptions = {}): Promise<ReplayReport> {
  return replayMeasurement(path, await readMeasurement(path, options));
}

/** The report on a measurement that has been read; `file` only names it. */
export function replayMeasurement(file: string, measurement: Measurement): ReplayReport {
  const steps = findSteps(measurement);
  const rests = findRests(steps);
  const relaxations = rests.flatMap(({ pulse, rest }) => (pulse ? [separateRelaxation(measurement, pulse, rest)] : []));
  const numbers = [...new Set(steps.map((step) => step.cycle))];
  const cycles = numbers.map((n) =>
    reportCycle(
      n,
      measurement,
      steps.filter((step) => step.cycle === n),
      relaxations.filter((relaxation) => relaxation.cycle === n),
      rests.filter(({ pulse, rest }) => (pulse ?? rest).cycle === n).length,
    ),
  );
  const last = steps.at(-1)!;
  if (last.kind !== 'rest')
    cycles.find(({ n }) => n === last.cycle)!.warnings.push(`the file ends during this cycle's ${last.kind}`);
  const { time_s, format, warnings } = measurement;
  return {
    file,
    format,
    cycles,
    relaxations,
    summary: {
      samples: time_s.length,
      duration_h: (time_s.at(-1)! - time_s[0]!) / 3600,
      cycles: cycles.length,
      rests: rests.length,
      restsAfterPulse: relaxations.length,
      separated: relaxations.filter((r) => r.etaFast_mV !== null && r.etaConc_mV !== null).length,
      charge_mAh: sum(cycles.map((cycle) => cycle.charge_mAh)),
      discharge_mAh: sum(cycles.map((cycle) => cycle.discharge_mAh)),
      etaFast_mV: mean(relaxations.map((r) => r.etaFast_mV)),
      etaConc_mV: mean(relaxations.map((r) => r.etaConc_mV)),
      warnings,
      notes,
    },
  };
}

/** Rests with the pulse before them; rest steps that follow each other are one rest. */
function findRests(steps: readonly Step[]): { pulse: Step | undefined; rest: Step }[] {
  const found: { pulse: Step | undefined; rest: Step }[] = [];
  steps.forEach((step, i) => {
    if (step.kind !== 'rest') return;
    const before = steps[i - 1];
    if (before?.kind !== 'rest') found.push({ pulse: before, rest: { ...step } });
    else Object.assign(found.at(-1)!.rest, { last: step.last, end_s: step.end_s });
  });
  return found;
}

function reportCycle(
  n: number,
  measurement: Measurement,
  steps: readonly Step[],
  relaxations: readonly Relaxation[],
  rests: number,
): ReplayedCycle {
  const charged = throughput(
    measurement,
    steps.filter((step) => step.kind === 'charge'),
  );
  const discharged = throughput(
    measurement,
    steps.filter((step) => step.kind === 'discharge'),
  );
  const ce_pct =
    charged.charge_mAh > 0 && discharged.charge_mAh > 0 ? (100 * discharged.charge_mAh) / charged.charge_mAh : null;
  return {
    n,
    charge_mAh: charged.charge_mAh,
    discharge_mAh: discharged.charge_mAh,
    ce_pct,
    chargeEnergy_mWh: charged.energy_mWh,
    dischargeEnergy_mWh: discharged.energy_mWh,
    fileCharge_mAh: charged.counted_mAh,
    fileDischarge_mAh: discharged.counted_mAh,
    etaFast_mV: mean(relaxations.map((r) => r.etaFast_mV)),
    etaConc_mV: mean(relaxations.map((r) => r.etaConc_mV)),
    etaUncertainty_mV: mean(relaxations.map((r) => r.uncertainty_mV)),
    rests,
    warnings: [
      ...(ce_pct !== null && ce_pct > 100.5
        ? ['more discharged than charged: the cell held charge from before this cycle']
        : []),
      ...counterWarning('charge', charged),
      ...counterWarning('discharge', discharged),
      ...relaxationWarnings(relaxations),
    ],
  };
}

interface Throughput {
  charge_mAh: number;
  energy_mWh: number;
  counted_mAh: number | null;
}

function throughput(measurement: Measurement, steps: readonly Step[]): Throughput {
  const integrals = steps.map((step) => integrateStep(measurement, step));
  const counts = steps.map((step) => countedCharge_mAh(measurement, step));
  return {
    charge_mAh: sum(integrals.map((integral) => integral.charge_mAh)),
    energy_mWh: sum(integrals.map((integral) => integral.energy_mWh)),
    counted_mAh: counts.length === 0 || counts.includes(null) ? null : sum(counts as number[]),
  };
}

/** Integral and counter agree to 0.1 % in sound data; more means a gap in the log or a wrong unit. */
function counterWarning(name: string, { charge_mAh, counted_mAh }: Throughput): string[] {
  if (counted_mAh === null || Math.abs(charge_mAh - counted_mAh) <= 1e-3 * counted_mAh) return [];
  return [`${name}: integrated ${charge_mAh.toFixed(3)} mAh, the file's counter says ${counted_mAh.toFixed(3)} mAh`];
}

/** One line for each kind of trouble, not one for each rest. */
function relaxationWarnings(relaxations: readonly Relaxation[]): string[] {
  const troubled = relaxations.filter((r) => r.warnings.length > 0);
  const drifting = relaxations.filter((r) => r.etaConc_mV !== null && r.drift_mV! > 0.25 * r.etaConc_mV);
  const of = ` of ${relaxations.length} relaxations`;
  return [
    ...(troubled.length > 0 ? [`${troubled.length}${of}: ${troubled[0]!.warnings[0]}`] : []),
    ...(drifting.length > 0
      ? [`${drifting.length}${of}: voltage still moving at the end of the rest, etaConc is a lower bound`]
      : []),
  ];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? sum(known) / known.length : null;
}
