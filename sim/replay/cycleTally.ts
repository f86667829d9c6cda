import type { Gap, StepCharge } from './integrate';
import type { Relaxation } from './relaxation';
import type { ReplayedCycle } from './report';
import type { StepKind } from './steps';

/** What is added up of one cycle. */
export class CycleTally {
  rests = 0;
  readonly relaxations: Relaxation[] = [];
  /** The kind of step with which the file ends within this cycle. */
  endsDuring: StepKind | undefined;
  private readonly charged = new Throughput();
  private readonly discharged = new Throughput();
  private readonly gaps: (Gap & { kind: StepKind })[] = [];
  /** The smallest of the largest currents of its steps under current. */
  private weakest = { current_A: Infinity, kind: 'rest' as StepKind };

  constructor(private readonly n: number) {}

  addStep(kind: StepKind, step: StepCharge, largest_A: number): void {
    this.gaps.push(...step.gaps.map((gap) => ({ ...gap, kind })));
    if (kind === 'rest') return;
    (kind === 'charge' ? this.charged : this.discharged).add(step);
    if (largest_A < this.weakest.current_A) this.weakest = { current_A: largest_A, kind };
  }

  /** @param restCurrent_A the current that counts as none, as the whole file shows it */
  report(restCurrent_A: number): ReplayedCycle {
    const { charged, discharged, relaxations } = this;
    const after = afterDischarge(relaxations);
    const both = charged.charge_mAh > 0 && discharged.charge_mAh > 0;
    const ce_pct = both ? (100 * discharged.charge_mAh) / charged.charge_mAh : null;
    return {
      n: this.n,
      charge_mAh: charged.charge_mAh,
      discharge_mAh: discharged.charge_mAh,
      ce_pct,
      chargeEnergy_mWh: charged.energy_mWh,
      dischargeEnergy_mWh: discharged.energy_mWh,
      fileCharge_mAh: charged.counted_mAh,
      fileDischarge_mAh: discharged.counted_mAh,
      etaFast_mV: mean(after.map((r) => r.etaFast_mV)),
      etaConc_mV: mean(after.map((r) => r.etaConc_mV)),
      etaUncertainty_mV: mean(after.map((r) => (r.etaFast_mV === null ? null : r.uncertainty_mV))),
      etaConcUncertainty_mV: mean(after.map((r) => (r.etaConc_mV === null ? null : r.uncertainty_mV))),
      rests: this.rests,
      warnings: [
        ...(ce_pct !== null && ce_pct > 100.5
          ? ['more discharged than charged: the cell held charge from before this cycle']
          : []),
        ...charged.warnings('charge'),
        ...discharged.warnings('discharge'),
        ...gapWarnings(this.gaps),
        ...this.weakWarning(restCurrent_A),
        ...relaxationWarnings(relaxations, 'discharge'),
        ...relaxationWarnings(relaxations, 'charge'),
        ...(this.endsDuring && this.endsDuring !== 'rest'
          ? [`the file ends during this cycle's ${this.endsDuring}`]
          : []),
      ],
    };
  }

  private weakWarning(restCurrent_A: number): string[] {
    const { current_A, kind } = this.weakest;
    if (current_A > restCurrent_A) return [];
    const currents = `${(1000 * current_A).toPrecision(3)} mA`;
    return [`a ${kind} of at most ${currents} may be a rest: the file's largest current comes late and is far larger`];
  }
}

class Throughput {
  charge_mAh = 0;
  energy_mWh = 0;
  /** Null without steps and where a step has no counter. */
  counted_mAh: number | null = null;
  private steps = 0;

  add({ charge_mAh, energy_mWh, counted_mAh }: StepCharge): void {
    this.charge_mAh += charge_mAh;
    this.energy_mWh += energy_mWh;
    const before = this.steps++ === 0 ? 0 : this.counted_mAh;
    this.counted_mAh = before === null || counted_mAh === null ? null : before + counted_mAh;
  }

  /** Integral and counter agree to 0.1 % in sound data; more means a gap in the log or a wrong unit. */
  warnings(name: string): string[] {
    const { charge_mAh, counted_mAh } = this;
    if (counted_mAh === null || Math.abs(charge_mAh - counted_mAh) <= 1e-3 * counted_mAh) return [];
    return [`${name}: integrated ${charge_mAh.toFixed(3)} mAh, the file's counter says ${counted_mAh.toFixed(3)} mAh`];
  }
}

/** One line for each kind of step. */
function gapWarnings(gaps: readonly (Gap & { kind: StepKind })[]): string[] {
  return (['charge', 'discharge', 'rest'] as const).flatMap((kind) => {
    const inKind = gaps.filter((gap) => gap.kind === kind).sort((a, b) => b.duration_s - a.duration_s);
    const [longest] = inKind;
    if (!longest) return [];
    const charge_mAh = inKind.reduce((sum, gap) => sum + gap.charge_mAh, 0);
    const many = inKind.length > 1;
    const what = `${many ? inKind.length : 'one'} ${many ? 'gaps' : 'gap'} in the ${kind}`;
    const where = `${many ? 'the longest ' : ''}${longest.duration_s.toFixed(0)} s from ${longest.start_s.toFixed(1)} s on`;
    const uncertain = `: ${charge_mAh.toPrecision(4)} mAh across ${many ? 'them' : 'it'} uncertain`;
    return [`${what} (${where})${kind === 'rest' ? '' : uncertain}`];
  });
}

/** One line for each kind of trouble, not one for each rest: what differs from rest to rest stands in brackets and is left out. */
function relaxationWarnings(relaxations: readonly Relaxation[], after: Relaxation['afterPulse']): string[] {
  const rests = relaxations.filter(({ afterPulse }) => afterPulse === after);
  const counts = new Map<string, number>();
  const count = (trouble: string): unknown => counts.set(trouble, (counts.get(trouble) ?? 0) + 1);
  for (const { warnings, etaConc_mV, drift_mV } of rests) {
    for (const warning of warnings) count(warning.replace(/ \(.*\)/, ''));
    if (etaConc_mV !== null && drift_mV! > 0.25 * etaConc_mV)
      count('voltage still moving at the end of the rest, eta_conc is a lower bound');
  }
  return [...counts].map(([trouble, n]) => `${n} of ${rests.length} rests after ${after}: ${trouble}`);
}

/** Only these tell of the stripping of lithium; those after charges are in the list of relaxations. */
export const afterDischarge = (relaxations: readonly Relaxation[]): Relaxation[] =>
  relaxations.filter(({ afterPulse }) => afterPulse === 'discharge');

/** Mean of what is known; null when nothing is. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((total, value) => total + value, 0) / known.length : null;
}
