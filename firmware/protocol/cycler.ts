/**
 * The standard protocol of an anode-free cell: formation 2 x 0.1C, then 0.2C charge and discharge at a rate under test
 * (paper 000, Figure 5), with the diagnostics that are asked for.
 */
import { FULL_PULSE_MS, FULL_PULSE_REST_MS, fullPulseSteps, restSteps, slowStripSteps } from './diagnostics';
import { createStep, type ProtocolStep, Steered, StepKind } from './step';

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
  /** After formation, at the end of each charge the cut-off is held until the current is this [mA], at most so long; 0: no hold, no bound. */
  holdTo_mA: number;
  hold_ms: number;
  /** After formation, the steering sets the current of the main discharge; until then it is `discharge_mA`. */
  steered: boolean;
  /** Behind the main discharge a rest and a tail of this current, each passed over until the steering gives it a time; 0: none. */
  tail_mA: number;
  /** After formation, each such cycle has a discharge of `checkup_mA` instead of the main one, and no tail; 0: never. */
  checkupEvery: number;
  checkup_mA: number;
}

/** The steps of such a test: formation, then the cycles under test. */
export function cyclerProtocol(c: Cycling): ProtocolStep[] {
  const none: ProtocolStep[] = [];
  const firstCharge = createStep(StepKind.Charge, c.formation_mA, c.chargeTo_mV, 0);
  const firstDischarge = createStep(StepKind.Discharge, c.formation_mA, c.dischargeTo_mV, 0);
  const charge = [createStep(StepKind.Charge, c.charge_mA, c.chargeTo_mV, 0)];
  if (c.holdTo_mA > 0) charge.push(createStep(StepKind.Hold, c.holdTo_mA, c.chargeTo_mV, c.hold_ms));
  const discharge =
    c.fullPulseEvery > 0
      ? fullPulseSteps(c.discharge_mA, c.dischargeTo_mV, FULL_PULSE_MS, FULL_PULSE_REST_MS, c.fullPulseEvery)
      : [];
  const main = createStep(StepKind.Discharge, c.discharge_mA, c.dischargeTo_mV, 0);
  const checkup = createStep(StepKind.Discharge, c.checkup_mA, c.dischargeTo_mV, 0);
  firstDischarge.interrupts = main.interrupts = checkup.interrupts = c.interrupts;
  if (c.steered) main.steer = Steered.Rate;
  checkup.steer = Steered.Checkup;
  checkup.every = c.checkupEvery;
  main.every = 0 - c.checkupEvery;
  discharge.push(main);
  if (c.checkupEvery > 0) discharge.push(checkup);
  if (c.tail_mA > 0) {
    const rest = createStep(StepKind.Rest, 0, 0, -1);
    const tail = createStep(StepKind.SlowStrip, c.tail_mA, c.dischargeTo_mV, -1);
    rest.steer = Steered.Rest;
    tail.steer = Steered.Tail;
    rest.every = tail.every = main.every;
    discharge.push(rest, tail);
  }
  const strip =
    c.slowStripEvery > 0
      ? slowStripSteps(c.slowStripRest_ms, c.slowStrip_mA, c.dischargeTo_mV, 0, c.slowStripEvery)
      : none;
  const formation = cycleSteps([firstCharge], [firstDischarge], c.formationRest_ms);
  const cycle = cycleSteps(charge, discharge.concat(strip), c.rest_ms);
  const before = c.formationCycles > 0 ? repeated(none, formation, c.formationCycles) : none;
  return repeated(before, cycle, c.cycles);
}

function cycleSteps(charge: ProtocolStep[], discharge: ProtocolStep[], rest_ms: number): ProtocolStep[] {
  return charge.concat(restSteps(rest_ms, 0), discharge, restSteps(rest_ms, 0));
}

/** The steps `before`, then `cycle` so many times (0: for ever). */
function repeated(before: ProtocolStep[], cycle: ProtocolStep[], times: number): ProtocolStep[] {
  const repeat = createStep(StepKind.Repeat, 0, 0, 0);
  repeat.to = before.length;
  repeat.times = times;
  return before.concat(cycle, [repeat]);
}
