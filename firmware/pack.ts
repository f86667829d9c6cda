/**
 * The battery manager of a pack: one tick, in the order of the data.
 *
 *   cells -> front end -> sense -> protect -> balance -> actuate -> front end -> cells
 *
 * As on a channel a tick is a function of state and time. Other than a channel a pack does not set its current: it says how much is
 * allowed, and why no more, and it opens its switches where the policy of its board says so. In flight that is for little: see
 * docs/boards/drone.md.
 */
import type { PackWires } from '../hal/boards/drone';
import type { I2cBus } from '../hal/bus';
import { Bq76952Fet, bq76952Read, type Bq76952 } from '../hal/chips/bq76952';
import { BOTH, commandFets, createFets, releaseLatches, type Fets } from './actuate/fets';
import { balance, createBalance, type Balance } from './balance/balance';
import type { PackConfig } from './config/packDefaults';
import { check, settle, trip } from './protect/engine';
import { Action, Fault, Group, Policy } from './protect/faults';
import { supervisePack } from './protect/pack';
import { createProtection, Row, X, type Protection } from './protect/protection';
import { nextSwitch, Switch, SwitchEvent } from './protect/switches';
import { awaitResults, createPackSense, FIRST_RESULTS_MS, readPack, type PackSense } from './sense/pack';

/** What the pack is asked for. */
export enum Wish {
  Off,
  /** The output on: current out, and in where the charge switch is closed. */
  On,
  /** On a charger. */
  Charge,
}

/**
 * Sets up the front end (protect/frontEnd.ts), or finds it as an earlier start left it; loaded when it is needed.
 * @throws when it is not there, is another part or does not hold its settings
 */
export type OpenFrontEnd = (config: PackConfig, bus: I2cBus) => Bq76952;

/** All that the firmware of a pack keeps from tick to tick. Made by `createPackBms`; `tickPack` moves it on. */
export interface PackBms {
  config: PackConfig;
  sense: PackSense;
  protection: Protection;
  balance: Balance;
  fets: Fets;
  open: OpenFrontEnd;
  /** Set from outside at any time. */
  wish: Wish;
  switches: Switch;
  /** When the switches came into their state. */
  switchedAt_ms: number;
  /** What the pack allows now [mA]; the rows that limit it are the protection's `whyCharge` and `whyDischarge`. */
  charge_mA: number;
  discharge_mA: number;
  /** The fullest cell has reached its cut-off, and when: the charge waits until rest, balancing or use has made room. */
  isFull: boolean;
  fullAt_ms: number;
  ticks: number;
}

/** Of each wish the event, and the state in which it is fulfilled. */
const EVENTS = [SwitchEvent.WishNone, SwitchEvent.WishDischarge, SwitchEvent.WishCharge];
const STATES = [Switch.Idle, Switch.Discharge, Switch.Charge];
/** How long everything must be quiet before the switches may close again. */
const RECOVERY_MS = 2000;
/** The self-test looks at what flows with the switches open for so long. */
const SELF_TEST_MS = FIRST_RESULTS_MS + 700;
/** The precharge resistor stays until the front end has closed the switches. */
const HANDS_OVER_MS = 600;
/** A charger holds the voltage of the pack. A cell beyond its own cut-off, by more than sensors err, ends the charge for all. */
const FULL_MV = 15;
const EMPTIER_MV = 30;
const RELAXES_MS = 300000;
const JUMP_MV = 50;

/**
 * The switches are open afterwards, but for those of a pack that flies and whose front end still has them closed: then it was the
 * controller that started anew, and what was on stays on. @throws as `OpenFrontEnd`
 */
export function createPackBms(config: PackConfig, wires: PackWires, open: OpenFrontEnd, now_ms: number): PackBms {
  const fets = createFets(wires, now_ms);
  const board = config.board;
  const afe = open(config, wires.bus);
  const sense = createPackSense(wires, afe, board.afe.shunt_uOhm, now_ms);
  const isOn =
    config.policy === Policy.Flight && (bq76952Read(afe, afe.fets, sense.words) & Bq76952Fet.Discharge) !== 0;
  if (isOn) fets.closed = BOTH;
  return {
    config: config,
    sense: sense,
    protection: createProtection(config.limits, config.policy),
    balance: createBalance(config.balance, board.balance_ohm, board.afe.cells, now_ms),
    fets: fets,
    open: open,
    wish: isOn ? Wish.On : Wish.Off,
    switches: isOn ? Switch.Discharge : Switch.SelfTest,
    switchedAt_ms: now_ms,
    charge_mA: 0,
    discharge_mA: 0,
    isFull: false,
    fullAt_ms: 0,
    ticks: 0,
  };
}

/** One tick at time `now_ms`. @returns after how many milliseconds the next one is due */
export function tickPack(bms: PackBms, now_ms: number): number {
  const sense = bms.sense;
  const fets = bms.fets;
  const protection = bms.protection;
  bms.ticks++;

  readPack(sense, now_ms);
  if (sense.lost && bms.config.policy === Policy.Flight) openAgain(bms, now_ms);
  // Whoever released the fault means the front end's own latch too.
  if (bms.switches === Switch.Fault && !protection.open) releaseLatches(fets, sense.afe, now_ms);
  supervisePack(protection, sense, fets, now_ms);
  if (bms.isFull || sense.highest_mV >= bms.config.chargeTo_mV + FULL_MV) fullOrNot(bms, now_ms);
  allow(bms, protection);
  operate(bms, now_ms);
  const state = bms.switches;
  const trusted = protection.busy[Group.Temperature] === 0 && protection.state[Fault.OpenSenseWire] === Row.Ok;
  const drains = balance(bms.balance, sense, state === Switch.Idle, state === Switch.Charge, trusted, now_ms);
  commandFets(fets, sense.afe, closedIn(bms), precharges(bms, now_ms), drains, now_ms);

  return bms.config.period_ms;
}

/** The part came back with its defaults, switches open: whatever flies needs them closed again at once. */
function openAgain(bms: PackBms, now_ms: number): void {
  const sense = bms.sense;
  const fets = bms.fets;
  trip(bms.protection, Fault.PartReset, now_ms);
  try {
    sense.afe = bms.open(bms.config, sense.wires.bus);
  } catch (_) {
    // Once more in the next tick.
    sense.busErrors++;
    return;
  }
  awaitResults(sense, now_ms);
  fets.written = -1;
  fets.drained = 0;
  fets.since_ms = now_ms;
}

/**
 * Without its charge a cell falls back at once by its resistance, then slowly: only later does its voltage tell that there is room.
 * A voltage that jumped is not believed before it stays.
 */
function fullOrNot(bms: PackBms, now_ms: number): void {
  const sense = bms.sense;
  const over_mV = sense.highest_mV - bms.config.chargeTo_mV;
  if (over_mV >= FULL_MV && sense.movedHighest_mV < JUMP_MV) {
    bms.isFull = true;
    bms.fullAt_ms = now_ms;
  } else if (now_ms - bms.fullAt_ms >= RELAXES_MS && over_mV < -EMPTIER_MV) bms.isFull = false;
}

/** Says what may flow. */
function allow(bms: PackBms, p: Protection): void {
  const charge_mA = p.x[X.mostCharge_mA];
  const discharge_mA = p.x[X.mostDischarge_mA];
  bms.charge_mA = bms.isFull ? 0 : p.charge === 1 ? charge_mA : allowed(p, p.charge, p.whyCharge, charge_mA);
  bms.discharge_mA = p.discharge === 1 ? discharge_mA : allowed(p, p.discharge, p.whyDischarge, discharge_mA);
}

/** What is allowed at most may last: a lasting over-current takes nothing from it. */
function allowed(p: Protection, part: number, why: Fault, most_mA: number): number {
  const isLasting = why === Fault.LastingChargeCurrent || why === Fault.LastingDischargeCurrent;
  return isLasting && !p.open ? most_mA : part * most_mA;
}

/** Moves the switches: what is wished for, less what the protection takes away. */
function operate(bms: PackBms, now_ms: number): void {
  const passed_ms = now_ms - bms.switchedAt_ms;
  const state = bms.switches;
  if (bms.protection.open) turn(bms, SwitchEvent.Trip, now_ms);
  else if (state === Switch.SelfTest) {
    if (passed_ms >= SELF_TEST_MS && bms.sense.at_ms === now_ms) test(bms, now_ms);
  } else if (state === Switch.Fault) turn(bms, SwitchEvent.Released, now_ms);
  else if (state === Switch.Recovery) {
    if (passed_ms >= RECOVERY_MS) turn(bms, SwitchEvent.Healthy, now_ms);
  } else if (state !== STATES[bms.wish]) {
    // A charger's voltage is at the terminals; where it is not, there may be a load.
    const fills = bms.wish === Wish.Charge && (state === Switch.Precharge || (state === Switch.Idle && !isFilled(bms)));
    turn(bms, fills ? SwitchEvent.WishDischarge : EVENTS[bms.wish], now_ms);
    if (bms.switches === Switch.Precharge) fill(bms, now_ms);
  }
}

/** Whether a switch may close on what is at the terminals. */
function isFilled(bms: PackBms): boolean {
  return 100 * bms.sense.terminals_mV >= bms.config.board.precharge.full_pct * bms.sense.stack_mV;
}

function turn(bms: PackBms, event: SwitchEvent, now_ms: number): void {
  const next = nextSwitch(bms.switches, event, true);
  if (next === bms.switches) return;
  bms.switches = next;
  bms.switchedAt_ms = now_ms;
}

/** Identity and settings were checked when the part was opened; here nothing may flow, and the switches must be open. */
function test(bms: PackBms, now_ms: number): void {
  const state = bms.protection.state;
  const fails = state[Fault.CurrentWhenOpen] !== Row.Ok || state[Fault.ActuatorMismatch] !== Row.Ok;
  check(bms.protection, Fault.SelfTestFailed, fails ? 1 : 0, now_ms);
  if (!fails) turn(bms, SwitchEvent.TestPassed, now_ms);
  settle(bms.protection);
}

/** Fills the load's capacitors. Where the voltage does not rise there is a short, and the wish is given up. */
function fill(bms: PackBms, now_ms: number): void {
  if (bms.sense.at_ms === now_ms && isFilled(bms)) turn(bms, SwitchEvent.Precharged, now_ms);
  else if (now_ms - bms.switchedAt_ms >= bms.config.board.precharge.longest_ms) {
    bms.wish = Wish.Off;
    turn(bms, SwitchEvent.WishNone, now_ms);
    trip(bms.protection, Fault.SwitchNotClosing, now_ms);
    settle(bms.protection);
  }
}

/** The switches that may be closed: a row that has tripped takes them away, a single bad sample does not. */
function closedIn(bms: PackBms): number {
  const p = bms.protection;
  if (bms.switches !== Switch.Discharge && bms.switches !== Switch.Charge) return 0;
  const ends = bms.isFull && bms.switches === Switch.Charge;
  let closed = BOTH;
  if (ends || p.blocked & Action.StopCharge) closed &= ~Bq76952Fet.Charge;
  if (p.blocked & Action.StopDischarge) closed &= ~Bq76952Fet.Discharge;
  return closed;
}

/** The resistor stays until the front end has closed the switches. */
function precharges(bms: PackBms, now_ms: number): boolean {
  const state = bms.switches;
  if (state === Switch.Precharge) return true;
  if (!bms.fets.precharge || (state !== Switch.Discharge && state !== Switch.Charge)) return false;
  return (bms.sense.fets & Bq76952Fet.Discharge) === 0 && now_ms - bms.switchedAt_ms < HANDS_OVER_MS;
}
