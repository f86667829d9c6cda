/** What every target must do alike: the same firmware in front of the same bench, and what must have come of it. */
import type { Bms } from '../../firmware/bms';
import type { Config } from '../../firmware/config/config';
import { Estimated, Why, whyText } from '../../firmware/estimate/estimates';
import { faultName } from '../../firmware/protect/names';
import { slowStripSteps } from '../../firmware/protocol/diagnostics';
import { EndedBy } from '../../firmware/protocol/protocol';
import { createStep, type ProtocolStep, Steered, StepKind } from '../../firmware/protocol/step';
import { reasonText } from '../../firmware/steer/explain';
import { Reason, Steer } from '../../firmware/steer/steering';
import { Channel } from '../bench/channel';
import { channelConfig } from '../campaign/channelRun';
import { Cell } from '../cell/cell';
import { runStep } from '../cell/step';
import { loadProfile } from '../profiles/profile';

export interface Scenario {
  name: string;
  /** Tens of thousands of ticks. */
  long?: boolean;
  /** What the board finds as its configuration. */
  config: Config;
  /** The bench: the same each time. */
  createWorld(): Channel;
  done(bms: Bms, now_ms: number): boolean;
  /** What is wrong with the outcome, in words; undefined when nothing is. */
  verdict(bms: Bms): string | undefined;
}

/** What the board finds in its Storage. */
export const scenarioFiles = (scenario: Scenario): Record<string, string> => ({
  'caldera.json': JSON.stringify(scenario.config),
});

const CHARGE_C = 0.5;
const DISCHARGE_C = 1;
const STRIP_C = 0.2;
const REST_MS = 300_000;
const profile = loadProfile('afl-l1');

/** A tick a second on the plateaus and ten around each transition: the interpreter's pace, not the simulator's, counts here. */
function config(steps: ProtocolStep[], charge_C = CHARGE_C, discharge_C = DISCHARGE_C): Config {
  const base = channelConfig(profile, { charge_C, discharge_C, cycles: 1 });
  const limits = { ...base.limits, maxAge_ms: 1500, maxSlowAge_ms: 50_000 };
  return { ...base, limits, pace: { ...base.pace, period_ms: 1000 }, protocol: steps };
}

const capacity_mAh = profile.parameters.Qn * profile.area_cm2;
const rest = createStep(StepKind.Rest, 0, 0, REST_MS);
const discharge = createStep(StepKind.Discharge, DISCHARGE_C * capacity_mAh, 3000, 0);
const slowStrip = slowStripSteps(REST_MS, STRIP_C * capacity_mAh, 3000, REST_MS, 1);
const once: ProtocolStep = { ...createStep(StepKind.Repeat, 0, 0, 0), times: 1 };

function chargedCell(): Cell {
  const cell = new Cell(profile);
  runStep(cell, -CHARGE_C * cell.nominal_mAh_cm2, { until_V: profile.chargeCutoff_V, longest_s: 1e5 });
  runStep(cell, 0, { longest_s: 600 });
  return cell;
}

/** Something breaks a minute into a discharge; the firmware must open its switches with this reason. */
function fault(name: string, reason: string, breaks: (channel: Channel) => void): Scenario {
  const settings = config([discharge]);
  return {
    name,
    config: settings,
    createWorld() {
      const channel = new Channel(settings.board, chargedCell(), 1);
      channel.clock.at(60_000, () => breaks(channel));
      return channel;
    },
    done: (_, now_ms) => now_ms > 120_000,
    verdict: (bms) => {
      const found = faultName(bms.protection.fault);
      if (found !== reason) return `fault is "${found}", not "${reason}"`;
      return bms.actuator.set_mA === 0 ? undefined : `set-point is ${bms.actuator.set_mA} mA, not 0`;
    },
  };
}

/** Fast cycles, each with all that the estimator does in one. */
const FAST_C = 3;
const FAST_CYCLES = 6;
const fastRest = createStep(StepKind.Rest, 0, 0, 150_000);
const fast = config(
  [
    createStep(StepKind.Charge, FAST_C * capacity_mAh, 4300, 0),
    fastRest,
    { ...createStep(StepKind.Discharge, FAST_C * capacity_mAh, 3000, 0), interrupts: 3 },
    fastRest,
    { ...once, times: FAST_CYCLES },
  ],
  FAST_C,
  FAST_C,
);

/** The same with a rate that is chosen for each cycle, and a tail that is tried in the seventh. @param cycles 0: without end */
function steeredConfig(cycles: number): Config {
  const steps = [
    createStep(StepKind.Charge, FAST_C * capacity_mAh, 4300, 0),
    fastRest,
    { ...createStep(StepKind.Discharge, FAST_C * capacity_mAh, 3000, 0), interrupts: 3, steer: Steered.Rate },
    { ...createStep(StepKind.Rest, 0, 0, -1), steer: Steered.Rest },
    { ...createStep(StepKind.SlowStrip, 0.3 * capacity_mAh, 3000, -1), steer: Steered.Tail },
    fastRest,
    { ...once, times: cycles },
  ];
  return {
    ...config(steps, FAST_C, FAST_C),
    steer: {
      default_mA: capacity_mAh,
      slowest_mA: capacity_mAh,
      fastest_mA: FAST_C * capacity_mAh,
      recovery_min: 10,
      taper: false,
    },
  };
}
const STEERED_CYCLES = 10;
const steered = steeredConfig(STEERED_CYCLES);

/** Cycles for a time: what a device's memory and its decisions do in the long run. @param hours simulated */
export function soak(hours: number): Scenario {
  const settings = steeredConfig(0);
  return {
    name: `${hours} simulated hours of steered cycles`,
    long: true,
    config: settings,
    createWorld: () => new Channel(settings.board, new Cell(profile), 1),
    done: (_, now_ms) => now_ms >= 3_600_000 * hours,
    verdict: ({ protection, run }) =>
      protection.fault !== 0
        ? `stopped by "${faultName(protection.fault)}"`
        : run.running
          ? undefined
          : 'the protocol has ended',
  };
}

/** Fast, so that it is a few thousand ticks. */
const CYCLE_C = 2;
const cycle = config(
  [
    createStep(StepKind.Charge, CYCLE_C * capacity_mAh, 4300, 0),
    rest,
    { ...createStep(StepKind.Discharge, CYCLE_C * capacity_mAh, 3000, 0), interrupts: 4 },
    ...slowStrip,
    once,
  ],
  CYCLE_C,
  CYCLE_C,
);

export const SCENARIOS: readonly Scenario[] = [
  {
    long: true,
    name: 'a full cycle: charge, rest, discharge with interrupts, rest, slow strip, rest',
    config: cycle,
    createWorld: () => new Channel(cycle.board, new Cell(profile), 1),
    done: (bms) => !bms.run.running,
    verdict: ({ run, protection }) => {
      if (protection.fault !== 0) return `stopped by "${faultName(protection.fault)}"`;
      if (
        run.last.chargeEnd !== EndedBy.Voltage ||
        run.last.dischargeEnd !== EndedBy.Voltage ||
        run.last.stripEnd !== EndedBy.Voltage
      )
        return 'a cut-off was not reached';
      return run.last.discharge_mC > 0.8 * 3600 * capacity_mAh
        ? undefined
        : `only ${run.last.discharge_mC} mC discharged`;
    },
  },
  {
    long: true,
    name: 'six fast cycles, each with an inventory of the lithium',
    config: fast,
    createWorld: () => new Channel(fast.board, new Cell(profile), 1),
    done: (bms) => !bms.run.running,
    verdict: ({ protection, estimator }) => {
      if (protection.fault !== 0) return `stopped by "${faultName(protection.fault)}"`;
      if (estimator?.cycles !== FAST_CYCLES) return `${estimator?.cycles} cycles estimated, not ${FAST_CYCLES}`;
      const why = estimator.known.why[Estimated.Lambda_mAh]!;
      return why === Why.Valid ? undefined : `lambda is not known: ${whyText(why)}`;
    },
  },
  {
    long: true,
    name: 'ten steered cycles: a rate for each, a tail on trial',
    config: steered,
    createWorld: () => new Channel(steered.board, new Cell(profile), 1),
    done: (bms) => !bms.run.running,
    verdict: ({ protection, steering }) => {
      if (protection.fault !== 0) return `stopped by "${faultName(protection.fault)}"`;
      if (steering?.s[Steer.planned] !== STEERED_CYCLES) return `${steering?.s[Steer.planned]} rates chosen`;
      if (steering.reason !== Reason.Prior && steering.reason !== Reason.Learned)
        return `the last rate: ${reasonText(steering.reason)}`;
      return steering.s[Steer.corner3]! > 0 ? undefined : 'no tail was tried';
    },
  },
  fault('over-temperature opens the switches', 'over-temperature', (channel) => {
    channel.sensorTemperature_C = 80;
  }),
  fault('a current monitor that falls off the bus opens the switches', 'no acknowledge on the bus', (channel) => {
    channel.bus.detach(channel.board.ina228.address);
  }),
  fault('a power stage that does not follow opens the switches', 'current does not follow the set-point', (channel) => {
    channel.stageGain = 0.5;
  }),
];
