/**
 * The battery manager of a cycler channel: one tick, in the order of the data.
 *
 *   cell -> chips -> sense -> protect -> count -> estimate, watch -> protocol, steer -> actuate -> chips -> cell
 *
 * A tick is a function of state and time: no timers inside, nothing allocated. `main.ts` calls it on a board, the bench in
 * the simulator; neither it nor anything below knows which.
 */
import type { CyclerWires } from '../hal/boards/cycler';
import { ina228Open } from '../hal/chips/ina228';
import { mcp4725Open } from '../hal/chips/mcp4725';
import { checkActuator, command, createActuator, openSwitches, type Actuator } from './actuate/actuate';
import type { Config } from './config/config';
import { countCharge, createChargeCounter, type ChargeCounter } from './count/charge';
import { checkLimits, createProtection, type Protection } from './protect/protect';
import { closeCycle } from './estimate/cycle';
import { addSample, missSample } from './estimate/estimate';
import { createEstimator, Sum, type Estimator } from './estimate/estimator';
import { createRun, nearTransition, runProtocol, wished, type Run } from './protocol/protocol';
import { createCurrentZero, watchZero, type CurrentZero } from './count/zero';
import { observeCycle, observeSecond, watchSettings } from './watch/observe';
import { createWatch, type Watch } from './watch/watch';
import { steerCycle, steerStep } from './steer/steer';
import { createSteering, type Steering } from './steer/steering';
import { createSense, readSensors, type Sense } from './sense/sense';

/** How often the actuator is read back without a change. */
const ACTUATOR_CHECK_MS = 1000;
/** A longer time between two samples is a gap, over which the charge is not known. */
const LONGEST_GAP_S = 5;
/** Beyond this part of its range the current monitor is taken as saturated. */
const RANGE_USED = 0.98;

export interface Bms {
  config: Config;
  sense: Sense;
  protection: Protection;
  counter: ChargeCounter;
  zero: CurrentZero;
  /** Undefined without a model of the cell. */
  estimator: Estimator | undefined;
  watch: Watch | undefined;
  /** Undefined where the protocol's own rates are run. */
  steering: Steering | undefined;
  /** What the watchers have been told of last. */
  watchedAt_ms: number;
  watchedCycles: number;
  run: Run;
  actuator: Actuator;
  ticks: number;
  /** Voltage and time of the sample before, for the pace. */
  lastVoltage_mV: number;
  last_ms: number;
}

/** Makes the board safe, checks and sets up its parts. @throws when a part is missing, is another part or does not hold its settings */
export function createBms(config: Config, wires: CyclerWires, now_ms: number): Bms {
  wires.chargeSwitch.write(false);
  wires.dischargeSwitch.write(false);
  const board = config.board;
  const dac = mcp4725Open(wires.bus, board.dac.address);
  const ina = ina228Open(wires.bus, board.ina228);
  const cell = config.cell;
  // The estimator holds the model's numbers as it needs them; the names would only take memory.
  config.cell = undefined;
  return {
    config: config,
    sense: createSense(board, wires, ina, now_ms),
    protection: createProtection(config.limits),
    counter: createChargeCounter(),
    zero: createCurrentZero(),
    estimator:
      cell === undefined ? undefined : createEstimator(cell, RANGE_USED * board.ina228.maxCurrent_mA, LONGEST_GAP_S),
    watch: cell === undefined ? undefined : createWatch(watchSettings(cell)),
    steering:
      cell === undefined || config.steer === undefined
        ? undefined
        : createSteering(config.steer, config.limits.overDischarge_mA),
    watchedAt_ms: now_ms,
    watchedCycles: 0,
    run: createRun(config.protocol),
    actuator: createActuator(wires, dac, board.dac.fullScale_mA, now_ms),
    ticks: 0,
    lastVoltage_mV: 0,
    last_ms: now_ms,
  };
}

/** One tick at time `now_ms`. @returns after how many milliseconds the next one is due */
export function tick(bms: Bms, now_ms: number): number {
  const sense = bms.sense;
  const actuator = bms.actuator;
  bms.ticks++;

  readSensors(sense, now_ms);
  if (now_ms - actuator.checkedAt_ms >= ACTUATOR_CHECK_MS) checkActuator(actuator, now_ms);
  const allowed = checkLimits(bms.protection, sense, actuator, bms.counter, now_ms);
  countCharge(bms.counter, sense, bms.zero.zero_mA);
  if (sense.at_ms === now_ms) estimate(bms, now_ms);
  else if (bms.estimator !== undefined) missSample(bms.estimator, now_ms);
  if (!allowed) openSwitches(actuator, now_ms);
  else if (sense.at_ms === now_ms) command(actuator, wish(bms, now_ms), now_ms);

  return pace(bms, now_ms);
}

/** The current that the protocol asks for, as the steering has set it in the tick in which its step begins. */
function wish(bms: Bms, now_ms: number): number {
  const run = bms.run;
  const finished = run.finished;
  const wish_mA = runProtocol(run, bms.sense, bms.counter, now_ms);
  if (run.began_ms !== now_ms || bms.estimator === undefined) return wish_mA;
  if (run.finished !== finished) {
    closeCycle(bms.estimator, now_ms);
    if (bms.steering !== undefined) steerCycle(bms.steering, bms.estimator, run.last);
  }
  if (bms.steering === undefined || !run.running) return wish_mA;
  steerStep(bms.steering, bms.estimator, run);
  return wished(run, bms.sense);
}

function estimate(bms: Bms, now_ms: number): void {
  const sense = bms.sense;
  const zero = bms.zero;
  const actuator = bms.actuator;
  const current_mA = sense.current_mA;
  watchZero(
    zero,
    current_mA,
    actuator.wish_mA === 0 ? actuator.since_ms : -1,
    sense.board.ina228.maxCurrent_mA,
    now_ms,
  );
  const estimator = bms.estimator;
  if (estimator === undefined) return;
  addSample(estimator, now_ms, sense.voltage_mV, current_mA - zero.zero_mA, sense.temperature_C);
  // A second has ended.
  if (estimator.sum[Sum.time] === 0) watch(bms, estimator, current_mA - zero.zero_mA, now_ms);
}

function watch(bms: Bms, estimator: Estimator, current_mA: number, now_ms: number): void {
  const watch = bms.watch as Watch;
  observeSecond(watch, estimator, bms.sense, current_mA, (now_ms - bms.watchedAt_ms) / 1000);
  bms.watchedAt_ms = now_ms;
  if (estimator.cycles === bms.watchedCycles) return;
  bms.watchedCycles = estimator.cycles;
  observeCycle(watch, estimator, now_ms);
}

function pace(bms: Bms, now_ms: number): number {
  const pace = bms.config.pace;
  if (pace.period_ms === pace.fast_ms) return pace.period_ms;
  const sense = bms.sense;
  const slope_mV_ms = (sense.voltage_mV - bms.lastVoltage_mV) / (now_ms - bms.last_ms);
  bms.lastVoltage_mV = sense.voltage_mV;
  bms.last_ms = now_ms;
  return nearTransition(bms.run, sense, slope_mV_ms, pace.horizon_ms, now_ms) ? pace.fast_ms : pace.period_ms;
}
