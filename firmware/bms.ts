/**
 * The battery manager of a cycler channel: one tick, in the order of the data.
 *
 *   cell -> chips -> sense -> protect -> count -> estimate, watch -> protocol, steer -> actuate -> chips -> cell
 *
 * A tick is a function of state and time: no timers inside, nothing allocated. `main.ts` calls it on a board, the bench in
 * the simulator; neither it nor anything below knows which.
 */
import type { CyclerWires } from '../hal/boards/cycler';
import { Ina228Flag } from '../hal/chips/ina228';
import { ina228Open, type Ina228Limits } from '../hal/chips/ina228Open';
import { mcp4725Open } from '../hal/chips/mcp4725';
import { checkActuator, command, createActuator, openSwitches, type Actuator } from './actuate/actuate';
import type { Config, Limits } from './config/config';
import { countCharge, createChargeCounter, type ChargeCounter } from './count/charge';
import { check, settle } from './protect/engine';
import { Fault, Policy } from './protect/faults';
import { supervise, superviseWatch } from './protect/protect';
import { createProtection, X, type Protection } from './protect/protection';
import { nextSwitch, Switch, SwitchEvent } from './protect/switches';
import { createSelfTest, type SelfTest } from './selftest';
import { closeCycle } from './estimate/cycle';
import { addSample, missSample } from './estimate/estimate';
import { Parameter } from './estimate/cellModel';
import { createEstimator, Sum, type Estimator } from './estimate/estimator';
import { Lithium } from './estimate/inventory';
import { createRun, nearTransition, runProtocol, wished, type Run } from './protocol/protocol';
import { createCurrentZero, watchZero, type CurrentZero } from './count/zero';
import { observeCycle, observeSecond, watchSettings } from './watch/observe';
import { createWatch, type Watch } from './watch/watch';
import { steerCycle, steerStep } from './steer/steer';
import { createSteering, type Steering } from './steer/steering';
import { createSense, readSensors, type Sense } from './sense/sense';

/** How long everything must be quiet before the switches may close again. */
const RECOVERY_MS = 2000;
/** A longer time between two samples is a gap, over which the charge is not known. */
const LONGEST_GAP_S = 5;
/** Beyond this part of its range the current monitor is taken as saturated. */
const RANGE_USED = 0.98;

export interface Bms {
  config: Config;
  sense: Sense;
  protection: Protection;
  switches: Switch;
  /** When the switches came into their state. */
  switchedAt_ms: number;
  /** At work until it has passed. */
  selfTest: SelfTest | undefined;
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
  const ina = ina228Open(wires.bus, board.ina228, frontEndLimits(config.limits));
  const cell = config.cell;
  // The estimator holds the model's numbers as it needs them; the names would only take memory.
  config.cell = undefined;
  return {
    config: config,
    sense: createSense(board, wires, ina, now_ms),
    protection: createProtection(config.limits, config.policy === undefined ? Policy.Cycler : config.policy),
    switches: Switch.SelfTest,
    switchedAt_ms: now_ms,
    selfTest: createSelfTest(),
    counter: createChargeCounter(),
    zero: createCurrentZero(),
    estimator:
      cell === undefined ? undefined : createEstimator(cell, RANGE_USED * board.ina228.maxCurrent_mA, LONGEST_GAP_S),
    watch: cell === undefined ? undefined : createWatch(watchSettings(cell)),
    steering:
      cell === undefined || config.steer === undefined
        ? undefined
        : createSteering(config.steer, config.limits.lastingDischarge_mA),
    watchedAt_ms: now_ms,
    watchedCycles: 0,
    run: createRun(config.protocol),
    actuator: createActuator(wires, dac, board.dac.fullScale_mA, now_ms),
    ticks: 0,
    lastVoltage_mV: 0,
    last_ms: now_ms,
  };
}

/** Sets up the parts anew, as at the start; the self-test follows. @throws as `createBms` */
export function reopen(bms: Bms, now_ms: number): void {
  const board = bms.config.board;
  openSwitches(bms.actuator, now_ms);
  bms.actuator.dac = mcp4725Open(bms.sense.wires.bus, board.dac.address);
  bms.actuator.mismatch = false;
  bms.sense.ina = ina228Open(bms.sense.wires.bus, board.ina228, frontEndLimits(bms.config.limits));
  bms.sense.settingsHold = true;
  bms.counter.began_ms = -1;
  bms.protection.x[X.same] = 0;
  bms.selfTest = createSelfTest();
}

/** What the comparators of the front end watch: a little outside of the firmware's own limits, which shall come first. */
function frontEndLimits(limits: Limits): Ina228Limits {
  return {
    highest_mA: 1.2 * limits.overDischarge_mA,
    lowest_mA: -1.2 * limits.overCharge_mA,
    highest_mV: limits.overVoltage_mV + 50,
    lowest_mV: limits.underVoltage_mV - 500,
    hottest_C: limits.boardTemperature_C + 15,
  };
}

/** One tick at time `now_ms`. @returns after how many milliseconds the next one is due */
export function tick(bms: Bms, now_ms: number): number {
  const sense = bms.sense;
  const actuator = bms.actuator;
  const protection = bms.protection;
  bms.ticks++;

  // Reading the front end releases its latch: the pins must hold the switches open before.
  const alerted = !sense.wires.alert.read();
  if (alerted) openSwitches(actuator, now_ms);
  readSensors(sense, now_ms);
  if (!sense.slowDue) checkActuator(actuator, now_ms);
  // It may have fallen after the look.
  const tripped = alerted || (sense.status & Ina228Flag.AnyLimit) !== 0;
  supervise(protection, sense, actuator, bms.counter, tripped, now_ms);
  countCharge(bms.counter, sense, bms.zero.zero_mA);
  if (sense.at_ms === now_ms) estimate(bms, now_ms);
  else if (bms.estimator !== undefined) missSample(bms.estimator, now_ms);
  operate(bms, now_ms);

  return pace(bms, now_ms);
}

/** Moves the switches: what is wished for, less what the protection takes away. */
function operate(bms: Bms, now_ms: number): void {
  const protection = bms.protection;
  const actuator = bms.actuator;
  if (protection.open) turn(bms, SwitchEvent.Trip, now_ms);
  else if (bms.switches === Switch.Fault) turn(bms, SwitchEvent.Released, now_ms);
  else if (bms.switches === Switch.Recovery && now_ms - bms.switchedAt_ms >= RECOVERY_MS)
    turn(bms, SwitchEvent.Healthy, now_ms);
  const state = bms.switches;
  if (state === Switch.Fault || state === Switch.Recovery || state === Switch.Ship) {
    openSwitches(actuator, now_ms);
    return;
  }
  if (bms.sense.at_ms !== now_ms) return;
  if (bms.selfTest !== undefined) {
    test(bms, bms.selfTest, now_ms);
    return;
  }
  const wish_mA = wish(bms, now_ms);
  const x = protection.x;
  const allowed_mA =
    wish_mA > 0
      ? protection.discharge * (wish_mA < x[X.mostDischarge_mA] ? wish_mA : x[X.mostDischarge_mA])
      : protection.charge * (-wish_mA < x[X.mostCharge_mA] ? wish_mA : -x[X.mostCharge_mA]);
  if (allowed_mA !== actuator.wish_mA)
    turn(
      bms,
      allowed_mA > 0 ? SwitchEvent.WishDischarge : allowed_mA < 0 ? SwitchEvent.WishCharge : SwitchEvent.WishNone,
      now_ms,
    );
  command(actuator, allowed_mA, now_ms);
}

function turn(bms: Bms, event: SwitchEvent, now_ms: number): void {
  const next = nextSwitch(bms.switches, event, false);
  if (next === bms.switches) return;
  bms.switches = next;
  bms.switchedAt_ms = now_ms;
  // A test that was interrupted begins anew.
  if (next === Switch.Fault && bms.selfTest !== undefined) bms.selfTest.phase = 0;
}

/** The self-test moves switches and set-point by itself; what it finds is a row of the fault table. */
function test(bms: Bms, selfTest: SelfTest, now_ms: number): void {
  const wish_mA = selfTest.step(selfTest, bms.sense, bms.actuator, now_ms);
  if (selfTest.failed !== 0) {
    check(bms.protection, Fault.SelfTestFailed, selfTest.failed, now_ms);
    settle(bms.protection);
  } else if (selfTest.passed) {
    bms.selfTest = undefined;
    turn(bms, SwitchEvent.TestPassed, now_ms);
  } else command(bms.actuator, wish_mA, now_ms);
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
  superviseWatch(bms.protection, watch.alarms, now_ms);
  if (estimator.cycles === bms.watchedCycles) return;
  bms.watchedCycles = estimator.cycles;
  observeCycle(watch, estimator, now_ms);
  if (estimator.v[Lithium.chargesKnown] <= 0) return;
  // A fast discharge leaves lithium behind that a slower one would have given, as far as the cathode has room for it.
  const v = estimator.v;
  const whole_mAh_cm2 = Math.min(v[Lithium.cycleDischarged] + v[Lithium.active], v[Lithium.cathode]);
  const capacity_pct = (100 * whole_mAh_cm2) / estimator.m[Parameter.Qn];
  check(bms.protection, Fault.EndOfLife, capacity_pct, now_ms);
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
