/**
 * The battery manager of a cycler channel: one tick, in the order of the data.
 *
 *   cell -> chips -> sense -> protect -> count -> estimate, watch -> protocol, steer -> actuate -> chips -> cell
 *
 * A tick is a function of state and time: no timers inside, nothing allocated. `main.ts` calls it on a board, the bench in
 * the simulator; neither it nor anything below knows which. A pack has a tick of its own: `pack.ts`.
 *
 * What is done once a second and once a cycle is cut into stages, of which a tick runs one (as many as there are tenths of a second
 * in its period): the estimator's first, then the watchers' (`Watching` says which is next), or those between two cycles (`Steers`),
 * for which the protocol waits at rest (`Wait` says for what).
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
import { finish } from './estimate/second';
import { Parameter } from './estimate/cellModel';
import { Stage, Sum, type Estimator } from './estimate/estimator';
import { createEstimator } from './estimate/create';
import { Lithium } from './estimate/inventory';
import { createRun, nearTransition, resume, runProtocol, Wait, wished, type Run } from './protocol/protocol';
import { createCurrentZero, watchZero, type CurrentZero } from './count/zero';
import { observeCharges, observeLimit, observeSecond, Watching, watchSettings } from './watch/observe';
import { createWatch, watchCharge, watchTemperature, type Watch } from './watch/watch';
import { Steers, steerStage } from './steer/steer';
import { createSteering, type Steering } from './steer/steering';
import { createSense, readSensors, Slow, type Sense } from './sense/sense';

/** How long everything must be quiet before the switches may close again. */
const RECOVERY_MS = 2000;
/** A longer time between two samples is a gap, over which the charge is not known. */
const LONGEST_GAP_S = 5;
/** Time for one stage. */
const STAGE_MS = 100;
/** The watchers look at the cell when so much time has passed: a second, if it is a little short. */
const WATCH_MS = 950;
/** Beyond this part of its range the current monitor is taken as saturated. */
const RANGE_USED = 0.98;

/** All that the firmware of a channel keeps from tick to tick. Made by `createBms`; `tick` moves it on. */
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
  /** What the current monitor shows while no current flows; taken off what the estimator is given. */
  zero: CurrentZero;
  /** Undefined without a model of the cell. */
  estimator: Estimator | undefined;
  watch: Watch | undefined;
  /** Undefined where the protocol's own rates are run. */
  steering: Steering | undefined;
  /** What the watchers have been told of last, and what they do next. */
  watchedAt_ms: number;
  watchedCycles: number;
  watching: Watching;
  run: Run;
  /** What is next between two cycles. */
  steers: Steers;
  /** How many stages this tick may run, and whether it has run any. */
  stages: number;
  worked: boolean;
  actuator: Actuator;
  ticks: number;
  /** Voltage at the tick before, and when that was: near a transition of the protocol ticks follow each other faster (`config.pace`). */
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
  // The fields that every tick looks at stand first: the interpreter searches in order.
  return {
    sense: createSense(board, wires, ina, now_ms),
    actuator: createActuator(wires, dac, board.dac.fullScale_mA, now_ms),
    ticks: 0,
    last_ms: now_ms,
    stages: 1,
    worked: false,
    counter: createChargeCounter(),
    zero: createCurrentZero(),
    estimator:
      cell === undefined ? undefined : createEstimator(cell, RANGE_USED * board.ina228.maxCurrent_mA, LONGEST_GAP_S),
    protection: createProtection(config.limits, config.policy === undefined ? Policy.Cycler : config.policy),
    switches: Switch.SelfTest,
    selfTest: createSelfTest(),
    run: createRun(config.protocol),
    watching: Watching.Nothing,
    watchedAt_ms: now_ms,
    lastVoltage_mV: 0,
    config: config,
    switchedAt_ms: now_ms,
    watch: cell === undefined ? undefined : createWatch(watchSettings(cell)),
    steering:
      cell === undefined || config.steer === undefined
        ? undefined
        : createSteering(config.steer, config.limits.lastingDischarge_mA),
    watchedCycles: 0,
    steers: Steers.Nothing,
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
export function frontEndLimits(limits: Limits): Ina228Limits {
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
  bms.ticks++;

  // Reading the front end releases its latch: the pins must hold the switches open before.
  const alerted = !sense.wires.alert.read();
  if (alerted) openSwitches(actuator, now_ms);
  readSensors(sense, now_ms);
  if (!sense.slowDue) checkActuator(actuator, now_ms);
  // It may have fallen after the look.
  const tripped = alerted || (sense.status & Ina228Flag.AnyLimit) !== 0;
  supervise(bms.protection, sense, actuator, bms.counter, tripped, now_ms);
  const passed_ms = now_ms - bms.last_ms;
  bms.stages = passed_ms > STAGE_MS ? Math.floor(passed_ms / STAGE_MS + 0.5) : 1;
  bms.worked = false;
  if (sense.at_ms === now_ms) {
    countCharge(bms.counter, sense, bms.zero.zero_mA);
    estimate(bms, now_ms);
  } else if (bms.estimator !== undefined) missSample(bms.estimator, now_ms);
  operate(bms, now_ms);

  const pace = bms.config.pace;
  const period_ms = pace.period_ms === pace.fast_ms ? pace.fast_ms : nextPeriod_ms(bms, passed_ms, now_ms);
  bms.last_ms = now_ms;
  bms.lastVoltage_mV = sense.voltage_mV;
  return period_ms;
}

/** Moves the switches: what is wished for, less what the protection takes away. */
function operate(bms: Bms, now_ms: number): void {
  const protection = bms.protection;
  const actuator = bms.actuator;
  if (protection.open) turn(bms, SwitchEvent.Trip, now_ms);
  const state = bms.switches;
  if (state >= Switch.Fault) {
    recover(bms, now_ms);
    if (bms.switches >= Switch.Fault) {
      openSwitches(actuator, now_ms);
      return;
    }
  }
  if (bms.sense.at_ms !== now_ms) return;
  if (bms.selfTest !== undefined) {
    test(bms, bms.selfTest, now_ms);
    return;
  }
  let wish_mA = runProtocol(bms.run, bms.sense, bms.counter, now_ms);
  if (bms.run.waits !== Wait.Nothing) wish_mA = prepareStep(bms, now_ms);
  let allowed_mA = 0;
  if (wish_mA > 0) {
    const most_mA = protection.x[X.mostDischarge_mA];
    allowed_mA = protection.discharge * (wish_mA < most_mA ? wish_mA : most_mA);
  } else if (wish_mA < 0) {
    const most_mA = -protection.x[X.mostCharge_mA];
    allowed_mA = protection.charge * (wish_mA > most_mA ? wish_mA : most_mA);
  }
  if (allowed_mA === actuator.wish_mA) return;
  turn(
    bms,
    allowed_mA > 0 ? SwitchEvent.WishDischarge : allowed_mA < 0 ? SwitchEvent.WishCharge : SwitchEvent.WishNone,
    now_ms,
  );
  command(actuator, allowed_mA, now_ms);
}

/** The way back from a fault. */
function recover(bms: Bms, now_ms: number): void {
  if (bms.protection.open) return;
  if (bms.switches === Switch.Fault) turn(bms, SwitchEvent.Released, now_ms);
  else if (bms.switches === Switch.Recovery && now_ms - bms.switchedAt_ms >= RECOVERY_MS)
    turn(bms, SwitchEvent.Healthy, now_ms);
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

/**
 * Before the step at which the protocol waits: what the cycle has shown, then the step's rate; a stage a tick, when the estimator has
 * none. @returns the current wished for: none while there is more to do
 */
function prepareStep(bms: Bms, now_ms: number): number {
  const run = bms.run;
  if (bms.steers === Steers.Nothing) beginWait(bms);
  for (let left = bms.worked ? bms.stages - 1 : bms.stages; left > 0 && bms.steers !== Steers.Ready; left--) {
    const estimator = bms.estimator as Estimator;
    if (estimator.closing) return 0;
    bms.worked = true;
    bms.steers = bms.steering === undefined ? Steers.Ready : steerStage(bms.steering, estimator, run, bms.steers);
  }
  // To move the switches is work enough for a tick.
  if (bms.steers !== Steers.Ready || (bms.worked && bms.stages === 1)) return 0;
  bms.steers = Steers.Nothing;
  resume(run, now_ms);
  return wished(run, bms.sense);
}

/** What comes first: the end of the cycle, in the estimator, with what it has under way. */
function beginWait(bms: Bms): void {
  const estimator = bms.estimator;
  if (estimator === undefined || (bms.steering === undefined && bms.run.waits === Wait.Rate)) {
    bms.steers = Steers.Ready;
    return;
  }
  bms.steers = Steers.Limit;
  if (bms.run.waits === Wait.Rate) return;
  bms.steers = Steers.Cycle;
  closeCycle(estimator);
  if (bms.stages > 1) finish(estimator);
}

function estimate(bms: Bms, now_ms: number): void {
  const sense = bms.sense;
  const zero = bms.zero;
  const current_mA = sense.current_mA;
  if (bms.actuator.wish_mA === 0)
    watchZero(zero, current_mA, bms.actuator.since_ms, sense.board.ina228.maxCurrent_mA, now_ms);
  else if (zero.count !== 0) zero.count = 0;
  const estimator = bms.estimator;
  if (estimator === undefined) return;
  const sum = estimator.sum;
  const idle = sum[Sum.stage] === Stage.Idle;
  // To read a temperature is work enough for a tick.
  const busy = bms.stages === 1 && sense.slowDue && sense.slow === Slow.Temperature;
  addSample(estimator, now_ms, sense.voltage_mV, current_mA - zero.zero_mA, sense.temperature_C, busy);
  if (busy || !idle) bms.worked = true;
  // What a step waits for comes first.
  else if (bms.run.waits !== Wait.Nothing) return;
  else if (bms.watching !== Watching.Nothing || now_ms - bms.watchedAt_ms >= WATCH_MS) {
    watch(bms, estimator, now_ms);
    for (let left = bms.stages; left > 1 && bms.watching !== Watching.Nothing; left--) watch(bms, estimator, now_ms);
  }
}

/** Some of the watchers' stages; what they raise is shown to the fault table. */
function watch(bms: Bms, estimator: Estimator, now_ms: number): void {
  const watch = bms.watch as Watch;
  const stage = bms.watching;
  bms.worked = true;
  bms.watching = stage === Watching.Life ? Watching.Nothing : stage + 1;
  if (stage === Watching.Nothing) {
    const dt_s = (now_ms - bms.watchedAt_ms) / 1000;
    bms.watchedAt_ms = now_ms;
    if (!observeSecond(watch, estimator, bms.sense, bms.sense.current_mA - bms.zero.zero_mA, dt_s))
      bms.watching = Watching.Nothing;
  } else if (stage < Watching.Cycle) {
    if (stage === Watching.Temperature) watchTemperature(watch.x, watch.alarms, bms.sense.ambient_C);
    else if (watchCharge(watch.x, watch.alarms)) return;
    superviseWatch(bms.protection, watch.alarms, now_ms);
    bms.watching = estimator.cycles === bms.watchedCycles ? Watching.Nothing : Watching.Cycle;
    bms.watchedCycles = estimator.cycles;
  } else if (stage === Watching.Cycle) observeCharges(watch, estimator);
  else if (stage === Watching.Drying) {
    observeLimit(watch, estimator);
    // What a cycle has shown does not wait for the next second.
    superviseWatch(bms.protection, watch.alarms, now_ms);
  } else watchLife(bms.protection, estimator, now_ms);
}

/** A fast discharge leaves lithium behind that a slower one would have given, as far as the cathode has room for it. */
function watchLife(p: Protection, estimator: Estimator, now_ms: number): void {
  const v = estimator.v;
  if (v[Lithium.chargesKnown] <= 0) return;
  const whole_mAh_cm2 = Math.min(v[Lithium.cycleDischarged] + v[Lithium.active], v[Lithium.cathode]);
  check(p, Fault.EndOfLife, (100 * whole_mAh_cm2) / estimator.m[Parameter.Qn], now_ms);
}

/** Where the pace may change: the fast one near a transition. */
function nextPeriod_ms(bms: Bms, passed_ms: number, now_ms: number): number {
  const pace = bms.config.pace;
  const sense = bms.sense;
  const slope_mV_ms = (sense.voltage_mV - bms.lastVoltage_mV) / passed_ms;
  return nearTransition(bms.run, sense, bms.counter.charge_mC, slope_mV_ms, pace.horizon_ms, now_ms)
    ? pace.fast_ms
    : pace.period_ms;
}
