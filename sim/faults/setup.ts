/** The bench and the configuration of a scenario: what stands there before the firmware starts. */
import type { Config } from '../../firmware/config/config';
import { createStep, StepKind, type ProtocolStep } from '../../firmware/protocol/step';
import { Channel } from '../bench/channel';
import { channelConfig } from '../campaign/channelRun';
import { INA228_TYPICAL, type Ina228Errors } from '../chips/ina228';
import { Random } from '../random';
import { believedProfile, preparedCell } from './cells';
import { findChannelInjection } from './injections';
import { slowPace } from './pace';
import type { Scenario, State } from './scenario';

/** Rates that the channel is configured for, where the state does not ask for more. */
const USUAL_CHARGE_C = 0.5;
const USUAL_DISCHARGE_C = 1;
/** Current at which a hold ends. */
const HOLD_C = 0.02;
const LONG_MS = 1e8;
const CYCLE_REST_MS = 300000;
const CYCLE_INTERRUPTS = 4;
/** Bursts of a mission, of the fastest configured rate, and the cruise between them. */
const BURST_S = 10;
const CRUISE_S = 15;
const CRUISE_SHARE = 0.3;
/** Of the level at which an over-current trips: what the largest burst makes of it at the lowest voltage. */
const BURST_SHARE = 0.97;

/** Limits of the INA228's errors by its datasheet, section 6.5; those of the trimmed power stage are assumed. */
const WORST = { shuntOffset_V: 1e-6, shuntGain: 5e-4, busOffset_V: 2.5e-3, busGain: 5e-4 };
const WORST_NOISE = 2;
const WORST_STAGE = 0.01;
const WORST_THERMISTOR_K = 1;

export interface Setup {
  config: Config;
  /** A new bench, the same each time. */
  createChannel(): Channel;
}

export function setUp(scenario: Scenario): Setup {
  const { state, seed, injected } = scenario;
  const config = configOf(scenario);
  const injection = injected === null ? undefined : findChannelInjection(injected.kind);
  injection?.configure?.(config, injected!.size);
  return {
    config,
    createChannel() {
      const cell = preparedCell(scenario.cell, state);
      injection?.prepare?.(cell, config, injected!.size);
      const error = specimen(scenario);
      const channel = new Channel(config.board, cell, seed, error.ina228);
      channel.stageGain = 1 + error.stage;
      if (error.thermistor_K !== 0) channel.defects = { thermistor: { offset_K: error.thermistor_K } };
      return channel;
    },
  };
}

export function configOf({ cell, state }: Pick<Scenario, 'cell' | 'state'>): Config {
  const believed = believedProfile(cell);
  const charges = state.kind === 'charge' || state.kind === 'hold' || state.kind === 'end of charge';
  const config = channelConfig(believed, {
    charge_C: charges || state.kind === 'rest' ? state.rate_C : USUAL_CHARGE_C,
    discharge_C: charges ? USUAL_DISCHARGE_C : state.rate_C,
    cycles: 0,
  });
  const capacity_mAh = believed.parameters.Qn * believed.area_cm2;
  if (state.kind === 'cycling') slowPace(config);
  config.protocol = protocol(state, capacity_mAh, config, believed.chargeCutoff_V, believed.dischargeCutoff_V);
  return config;
}

function protocol(
  state: State,
  capacity_mAh: number,
  config: Config,
  charged_V: number,
  empty_V: number,
): ProtocolStep[] {
  const current_mA = state.rate_C * capacity_mAh;
  const rest = createStep(StepKind.Rest, 0, 0, LONG_MS);
  const charge = createStep(StepKind.Charge, current_mA, 1000 * charged_V, 0);
  switch (state.kind) {
    case 'rest':
      return [rest];
    case 'charge':
    case 'end of charge':
      return [charge, rest];
    case 'hold':
      return [charge, createStep(StepKind.Hold, HOLD_C * capacity_mAh, 1000 * charged_V, LONG_MS), rest];
    case 'discharge':
    case 'knee':
      return [createStep(StepKind.Discharge, current_mA, 1000 * empty_V, 0), rest];
    case 'cycling':
      return cycling(capacity_mAh, state.rate_C, charged_V, empty_V);
    case 'mission': {
      const burst_mW = BURST_SHARE * config.limits.overDischarge_mA * empty_V;
      const bursts = [];
      for (let n = 0; n < 20; n++)
        bursts.push(
          createStep(StepKind.Power, burst_mW, 1000 * empty_V, 1000 * BURST_S),
          createStep(StepKind.Power, CRUISE_SHARE * burst_mW, 1000 * empty_V, 1000 * CRUISE_S),
        );
      return [...bursts, rest];
    }
  }
}

/** Whole cycles with what the estimator looks at in each, charged at the slower of the two rates. */
function cycling(capacity_mAh: number, rate_C: number, charged_V: number, empty_V: number): ProtocolStep[] {
  const rest = createStep(StepKind.Rest, 0, 0, CYCLE_REST_MS);
  const charge = createStep(StepKind.Charge, Math.min(rate_C, USUAL_CHARGE_C) * capacity_mAh, 1000 * charged_V, 0);
  const discharge = createStep(StepKind.Discharge, rate_C * capacity_mAh, 1000 * empty_V, 0);
  const repeat = createStep(StepKind.Repeat, 0, 0, 0);
  return [charge, rest, { ...discharge, interrupts: CYCLE_INTERRUPTS }, rest, repeat];
}

interface Specimen {
  ina228: Partial<Ina228Errors>;
  /** Gain error of the power stage. */
  stage: number;
  thermistor_K: number;
}

/** Typical errors at 0; at 1 each anywhere within its limits. */
function specimen({ seed, sensorErrors }: Scenario): Specimen {
  const off = (what: string, limit: number): number =>
    sensorErrors * limit * (2 * new Random(seed, `specimen ${what}`).uniform() - 1);
  if (sensorErrors === 0) return { ina228: {}, stage: 0.002, thermistor_K: 0 };
  const noise = 1 + sensorErrors * (WORST_NOISE - 1);
  return {
    ina228: {
      shuntOffset_V: off('shunt offset', WORST.shuntOffset_V),
      shuntGain: 1 + off('shunt gain', WORST.shuntGain),
      busOffset_V: off('bus offset', WORST.busOffset_V),
      busGain: 1 + off('bus gain', WORST.busGain),
      shuntNoise_V: noise * INA228_TYPICAL.shuntNoise_V,
      busNoise_V: noise * INA228_TYPICAL.busNoise_V,
    },
    stage: off('stage', WORST_STAGE),
    thermistor_K: off('thermistor', WORST_THERMISTOR_K),
  };
}
