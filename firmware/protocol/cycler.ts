/**
 * The standard protocol of an anode-free cell: formation 2 x 0.1C, then 0.2C charge and discharge at a rate under test
 * (paper 000, Figure 5).
 */
import { type ProtocolStep, StepKind } from './protocol';

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
}

export function cyclerProtocol(c: Cycling): ProtocolStep[] {
  const steps: ProtocolStep[] = [];
  if (c.formationCycles > 0) addLoop(steps, c, c.formation_mA, c.formation_mA, c.formationRest_ms, c.formationCycles);
  addLoop(steps, c, c.charge_mA, c.discharge_mA, c.rest_ms, c.cycles);
  return steps;
}

function addLoop(
  steps: ProtocolStep[],
  c: Cycling,
  charge_mA: number,
  discharge_mA: number,
  rest_ms: number,
  times: number,
): void {
  const first = steps.length;
  steps.push(
    { kind: StepKind.Charge, current_mA: charge_mA, until_mV: c.chargeTo_mV, time_ms: 0, to: 0, times: 0 },
    { kind: StepKind.Rest, current_mA: 0, until_mV: 0, time_ms: rest_ms, to: 0, times: 0 },
    { kind: StepKind.Discharge, current_mA: discharge_mA, until_mV: c.dischargeTo_mV, time_ms: 0, to: 0, times: 0 },
    { kind: StepKind.Rest, current_mA: 0, until_mV: 0, time_ms: rest_ms, to: 0, times: 0 },
    { kind: StepKind.Repeat, current_mA: 0, until_mV: 0, time_ms: 0, to: first, times: times },
  );
}
