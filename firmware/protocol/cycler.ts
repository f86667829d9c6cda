/**
 * The standard protocol of an anode-free cell: formation 2 x 0.1C, then 0.2C charge and discharge at a rate under test
 * (paper 000, Figure 5), with the diagnostics that are asked for.
 */
import { FULL_PULSE_MS, FULL_PULSE_REST_MS, fullPulseSteps, restSteps, slowStripSteps } from './diagnostics';
import { createStep, type ProtocolStep, StepKind } from './protocol';

/** What a cycling test is made of. Currents in mA, discharge and charge both as magnitudes. */
export interface Cycling {
  formationCycles: number;
  formation_mA: number;
  formationRest_ms: number;
  charge_mA: number;
  discharge_mA: number;
  rest_ms: number;
  chargeTo_mV: number;
  dischargeTo_mV: number;
  /** 0: for ever. */
  cycles: number;
  /** Interrupts of each discharge, in formation too. */
  interrupts: number;
  /** After formation, behind the discharge of each such cycle a rest and a slow strip, before the cycle's own rest; 0: never. */
  slowStripEvery: number;
  slowStrip_mA: number;
  slowStripRest_ms: number;
  /** After formation, before the discharge of each such cycle a pulse of its current and a rest; 0: never. */
  fullPulseEvery: number;
}

export function cyclerProtocol(c: Cycling): ProtocolStep[] {
  const none: ProtocolStep[] = [];
  const pulse =
    c.fullPulseEvery > 0
      ? fullPulseSteps(c.discharge_mA, c.dischargeTo_mV, FULL_PULSE_MS, FULL_PULSE_REST_MS, c.fullPulseEvery)
      : none;
  const strip =
    c.slowStripEvery > 0
      ? slowStripSteps(c.slowStripRest_ms, c.slowStrip_mA, c.dischargeTo_mV, 0, c.slowStripEvery)
      : none;
  const formation = cycleSteps(c, c.formation_mA, c.formation_mA, c.formationRest_ms, none, none);
  const cycle = cycleSteps(c, c.charge_mA, c.discharge_mA, c.rest_ms, pulse, strip);
  const before = c.formationCycles > 0 ? repeated(none, formation, c.formationCycles) : none;
  return repeated(before, cycle, c.cycles);
}

function cycleSteps(
  c: Cycling,
  charge_mA: number,
  discharge_mA: number,
  rest_ms: number,
  atFull: ProtocolStep[],
  atEmpty: ProtocolStep[],
): ProtocolStep[] {
  const charge = createStep(StepKind.Charge, charge_mA, c.chargeTo_mV, 0);
  const discharge = createStep(StepKind.Discharge, discharge_mA, c.dischargeTo_mV, 0);
  discharge.interrupts = c.interrupts;
  return [charge].concat(restSteps(rest_ms, 0), atFull, [discharge], atEmpty, restSteps(rest_ms, 0));
}

/** The steps `before`, then `cycle` so many times (0: for ever). */
function repeated(before: ProtocolStep[], cycle: ProtocolStep[], times: number): ProtocolStep[] {
  const repeat = createStep(StepKind.Repeat, 0, 0, 0);
  repeat.to = before.length;
  repeat.times = times;
  return before.concat(cycle, [repeat]);
}
