/**
 * Runs on the interpreter: a channel over some short cycles at ten ticks a second, on a bus that answers from a made-up cell. Says for
 * each stage how much longer its tick took than one without a stage, in Leibniz steps timed beside it.
 */
import { CYCLER } from '../../hal/boards/cycler';
import { createBms, tick, type Bms } from '../../firmware/bms';
import { anodeFreeCell } from '../../firmware/config/anodeFree';
import { cyclerConfig } from '../../firmware/config/defaults';
import { Phase, Stage, Sum, type Estimator } from '../../firmware/estimate/estimator';
import { Switch } from '../../firmware/protect/switches';
import { Wait } from '../../firmware/protocol/protocol';
import { createStep, Steered, StepKind } from '../../firmware/protocol/step';
import { SETTLING } from '../../firmware/steer/learn';
import { Steers } from '../../firmware/steer/steer';
import { Steer, type Steering } from '../../firmware/steer/steering';

declare function print(text: string): void;
declare function getTime(): number;

const CYCLES = 8;
const TICK_MS = 100;
/** In the middle of each step. */
const SLOW_TICK_MS = 1000;
/** How many costs are kept of each stage: the last ones. */
const KEPT = 24;
const MOST_STAGES = 72;
/** Leibniz steps timed after each of them. */
const STEPS = 30;
/** Ticks without a stage, at rest and with a current. */
const REST = 0;
const FLOWS = 47;
/** Where the watchers' stages and those between two cycles begin. */
const WATCH_FROM = 48;
const STEER_FROM = 56;

// The cell: what the bus answers.
let voltage_mV = 3900;
let current_mA = 0;
let chip_mC = 0;
let noise = 0;
let code = 0;
const bytes2 = new Uint8Array(2);
const bytes3 = new Uint8Array(3);
const bytes5 = new Uint8Array(5);
const written: Uint8Array[] = [];
let lsb_mA = 1;

function split20(value: number): Uint8Array {
  const raw = Math.floor(value) & 0xfffff;
  bytes3[0] = raw >> 12;
  bytes3[1] = (raw >> 4) & 255;
  bytes3[2] = (raw & 15) << 4;
  return bytes3;
}

function readReg(address: number, register: number, count: number): Uint8Array {
  if (address === CYCLER.ads1115.address) {
    bytes2[0] = register === 1 ? 0x80 : 0x33;
    bytes2[1] = 0x38 + (noise++ & 3);
    return bytes2;
  }
  if (count === 3) return split20(register === 5 ? voltage_mV / 0.1953125 + (noise++ & 3) : current_mA / lsb_mA);
  if (count === 5) {
    let raw = Math.floor(chip_mC / lsb_mA);
    for (let k = 4; k >= 0; k--) {
      bytes5[k] = raw & 255;
      raw = Math.floor(raw / 256);
    }
    return bytes5;
  }
  const value = register === 0x3e ? 0x5449 : register === 0x3f ? 0x2281 : register === 0x0b ? 0x8003 : 12 << 8;
  bytes2[0] = value >> 8;
  bytes2[1] = value & 255;
  return register === 0x0b || written[register] === undefined ? bytes2 : written[register];
}

function readFrom(): Uint8Array {
  bytes3[0] = 0xc0;
  bytes3[1] = code >> 8;
  bytes3[2] = code & 255;
  return bytes3;
}

function writeTo(address: number, data: ArrayLike<number>): void {
  if (address === CYCLER.ina228.address) written[data[0]] = new Uint8Array([data[1], data[2]]);
  else if (address === CYCLER.dac.address)
    code = data.length === 3 ? (data[1] << 8) | data[2] : ((data[0] & 15) << 12) | (data[1] << 4);
}

function pin(): { level: boolean; read(): boolean; write(level: boolean): void } {
  const one = {
    level: false,
    read: function (): boolean {
      return one.level;
    },
    write: function (level: boolean): void {
      one.level = level;
    },
  };
  return one;
}

/** A charge, a rest, a discharge with an interrupt, a rest: as short as they may be to count. */
function channel(): Bms {
  const config = cyclerConfig({ capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 }, 0.2, 1, 0, {
    interrupts: 1,
    slowStripEvery: 0,
    steerTo_C: 3,
  });
  config.cell = anodeFreeCell();
  config.steer = { default_mA: 1000, slowest_mA: 900, fastest_mA: 1100, recovery_min: 30, taper: true };
  const discharge = createStep(StepKind.Discharge, 1000, 3000, 100000);
  discharge.steer = Steered.Rate;
  discharge.interrupts = 1;
  const repeat = createStep(StepKind.Repeat, 0, 0, 0);
  config.limits.maxSlowAge_ms = 60000;
  config.protocol = [
    createStep(StepKind.Charge, 1000, 4300, 100000),
    createStep(StepKind.Rest, 0, 0, 130000),
    discharge,
    createStep(StepKind.Rest, 0, 0, 130000),
    repeat,
  ];
  const wires = {
    bus: { readReg: readReg, readFrom: readFrom, writeTo: writeTo },
    chargeSwitch: pin(),
    dischargeSwitch: pin(),
    alert: { read: (): boolean => true },
    cellAdc: { read: (): number => (voltage_mV - 260) / 6160 },
    thermistorAdc: { read: (): number => 0.4925 },
    recoverBus: (): void => undefined,
  };
  const bms = createBms(config, wires as never, 0);
  lsb_mA = bms.sense.ina.lsb_mA;
  bms.selfTest = undefined;
  bms.switches = Switch.Idle;
  return bms;
}

const bms = channel();
const estimator = bms.estimator as Estimator;
const steering = bms.steering as Steering;
/** Each cycle is the first of a new cell: it teaches, and contradicts nothing. */
const newState = new Float64Array(estimator.x);
const newInventory = new Float64Array(estimator.v);
let cycle = 0;

/** What the cell does in this moment of the step: voltages as the estimator's model has them, and the ends that make a step a whole one. */
function live(since_s: number): void {
  const kind = bms.run.steps[bms.run.index].kind;
  const set_mA = bms.actuator.set_mA;
  current_mA = set_mA;
  chip_mC += (current_mA * tick_ms) / 1000;
  if (set_mA < 0) voltage_mV = since_s > 98.5 ? 4299 : 4280;
  else if (set_mA > 0) voltage_mV = since_s > 98.5 ? 3100 : 4080;
  else if (kind === StepKind.Discharge && bms.run.waits === Wait.Nothing)
    voltage_mV = 4140 + 20 * (1 - Math.exp(-since_s / 60));
  else if (estimator.phase === Phase.Rest && estimator.before === Phase.Discharge)
    voltage_mV = 3450 - 60 * Math.exp(-since_s / 50);
  else voltage_mV = 4230 + 20 * Math.exp(-since_s / 50);
}

function leibniz(turns: number): number {
  let x = -1;
  let pi = 0;
  for (let i = 1; i <= turns; i++) {
    x = x * -1;
    pi = pi + x / (2 * i - 1);
  }
  return pi;
}

function timeStep_s(): number {
  const began = getTime();
  leibniz(STEPS);
  return (getTime() - began) / STEPS;
}

const costs: Float64Array[] = [];
const counts = new Uint16Array(MOST_STAGES);
for (let k = 0; k < MOST_STAGES; k++) costs[k] = new Float64Array(KEPT);
let now_ms = 0;
let tick_ms = TICK_MS;

/** A quarter of them is less: what else the machine does only ever adds. */
function usual(what: number): number {
  const count = Math.min(counts[what], KEPT);
  const all: number[] = [];
  for (let k = 0; k < count; k++) all.push(costs[what][k]);
  all.sort((a, b) => a - b);
  return all[count >> 2];
}

while (bms.run.finished < CYCLES && !bms.protection.open) {
  const since_ms = now_ms - bms.run.began_ms;
  const isLong = (since_ms > 10000 && since_ms < 88000) || (since_ms > 105000 && since_ms < 120000);
  tick_ms = isLong && now_ms > bms.run.interrupts.until_ms + 3000 ? SLOW_TICK_MS : TICK_MS;
  now_ms += tick_ms;
  live((now_ms - bms.run.began_ms) / 1000);
  if (bms.run.finished !== cycle) {
    cycle = bms.run.finished;
    estimator.x.set(newState);
    estimator.v.set(newInventory);
    steering.s[Steer.planned] = SETTLING + 1;
  }
  // Slow readings, which cost more or less, in the long ticks alone.
  bms.sense.slowDue = tick_ms === TICK_MS;
  const stage = estimator.sum[Sum.stage];
  const watching = bms.watching;
  const steers = bms.steers;
  const waits = bms.run.waits;
  const set_mA = bms.actuator.set_mA;
  const began = getTime();
  tick(bms, now_ms);
  const passed = getTime() - began;
  // A tick in which a step begins, or the current changes, has that to do.
  if (tick_ms !== TICK_MS || bms.run.began_ms === now_ms || bms.actuator.set_mA !== set_mA) continue;
  if (bms.run.waits !== waits && bms.steers === steers) continue;
  const calm = set_mA === 0 ? REST : FLOWS;
  let what = calm;
  if (stage !== Stage.Idle) what = stage;
  else if (steers !== Steers.Nothing && bms.worked && bms.steers !== steers) what = STEER_FROM + steers;
  else if (bms.worked) what = WATCH_FROM + watching;
  else if (estimator.sum[Sum.stage] !== Stage.Idle) continue;
  // What the tick would have cost: known after some of them.
  if (what !== calm && counts[calm] < KEPT) continue;
  // Enough is known of what comes every second.
  if (counts[what] > 4 * KEPT && now_ms % 7000 !== 0) continue;
  const step_s = Math.min(timeStep_s(), timeStep_s());
  costs[what][counts[what] % KEPT] = passed / step_s - (what === calm ? 0 : usual(calm));
  counts[what]++;
}

print('#fault ' + bms.protection.fault + ' cycles ' + bms.run.finished + ' ' + estimator.cycles);
for (let what = 0; what < MOST_STAGES; what++)
  if (counts[what] > 0) print('#stage ' + what + ' ' + Math.floor(10 * usual(what)) + ' ' + counts[what]);

export {};
