/** What the device entries of all boards share: the wire to whoever listens, a clock that never jumps, the device's look at itself. */
import { closeConsole, groundedButton, isConsoleOpen, openConsole, serialOf } from '../hal/espruino/console';
import { slotFiles } from '../hal/espruino/slots';
import {
  after,
  expose,
  filePrefix,
  freeMemory,
  kickWatchdog,
  now_ms,
  printLine,
  restartController,
} from '../hal/espruino/system';
import { Count, type Device } from './device';
import { EVENT, framed, LinkNumber, receive } from './link/link';
import { confirmSlot, shouldRestart } from './loader/confirm';
import { check, settle } from './protect/engine';
import { Fault } from './protect/faults';
import { Row, type Protection } from './protect/protection';
import { logEvent } from './record/event';
import { Tally } from './record/layout';
import { heldAtBoot } from './service/button';
import { ButtonState, KeyState, Service } from './service/state';
import { faultLine } from './words';

/** Set when the firmware is built: whether the interpreter's console is closed. */
declare const PRODUCTION: boolean;

/** Of any board. */
export type AnyDevice = Omit<Device, 'bms'> & { bms: { protection: Protection } | undefined };

/** What waits to be recorded, a bit each, in this order. */
export enum Keep {
  Trace = 1,
  Place = 2,
  Count = 4,
  Learned = 8,
  State = 16,
}

export const RETRY_MS = 5000;
export const FIRST_MS = 100;
export const SECOND_MS = 1000;
/** A slice of work for each of these until the next tick. */
export const SLICE_MS = 100;
/** At least a second, and longer than the slowest tick period: an ESP32 rounds to whole seconds. */
export const WATCHDOG_S = 2;
/** Between two looks at the records while nothing is to be erased. */
export const UPKEEP_S = 60;
const COUNT_MS = 60000;
/** An hour of service ends a storm of resets. */
const CALM_S = 3600;
/** Longer than the watchdog allows, so it can only be the clock. */
const JUMP_MS = 3000;
/** So that what was said is sent. */
const RESTART_MS = 300;
const LEAST_FREE = 300;
const BUTTON = 'D0';

/** The wire of the closed console, on which commands come and lines go; null: it stays a console. */
export const WIRE = PRODUCTION ? closeConsole() : null;
const button = groundedButton(BUTTON);
const reportedRows = new Uint8Array(Fault.length);
/** The loader has not been told how this firmware fares. */
let onTrial = true;

/** Takes what arrives; where the console is open a frame comes as a call. */
export function listen(device: AnyDevice, serve: (line: string) => string): void {
  if (WIRE !== null)
    serialOf(WIRE).on('data', function (data: string): void {
      receive(device.link, data);
    });
  else expose('serve', serve);
  expose('link', function (frame: string): void {
    receive(device.link, frame + '\n');
  });
  expose('caldera', device);
}

/** A line for whoever listens. */
export function say(device: AnyDevice, text: string): void {
  send(framed(device.link, EVENT, text));
}

export function send(frame: string): void {
  if (WIRE === null || isConsoleOpen()) printLine(frame);
  else serialOf(WIRE).write(frame + '\n');
}

/** A board that failed says why, and can be talked to. @returns when it tries again */
export function failStart(device: AnyDevice, wait: () => void): number {
  say(device, 'self-test failed: ' + device.error);
  settleTrial(false);
  kickWatchdog();
  after(SLICE_MS, wait);
  return clock(device) + RETRY_MS;
}

/** Until it has a key, whoever is at the board may do anything. */
export function openWithoutKey(device: AnyDevice): void {
  if (WIRE !== null && device.service !== undefined && device.service[Service.keyState] === KeyState.None)
    openConsole(WIRE);
}

/** Time that never jumps [ms]: a jump of the interpreter's clock is taken for no time at all. */
export function clock(device: AnyDevice): number {
  const now = now_ms();
  const passed_ms = now - device.clock_ms;
  device.clock_ms = now;
  if (passed_ms < 0 || passed_ms > JUMP_MS) {
    device.offset_ms -= passed_ms;
    device.count[Count.jumps]++;
    if (device.bms !== undefined) check(device.bms.protection, Fault.ClockJump, 1, now + device.offset_ms);
  }
  return now + device.offset_ms;
}

/** How late a tick began, and how long it took. */
export function superviseTime(device: AnyDevice, p: Protection, late_ms: number, took_ms: number, now: number): void {
  check(p, Fault.TickOverrun, late_ms, now);
  check(p, Fault.BusSlow, took_ms, now);
  check(p, Fault.ClockJump, 0, now);
  if (p.state[Fault.TickOverrun] === Row.Suspect || p.state[Fault.BusSlow] === Row.Suspect)
    device.count[Count.overruns]++;
}

/**
 * The device looks at itself, once a second.
 * @param tested the self-test has passed
 * @returns what is to be recorded: bits of `Keep`
 */
export function lookAtSelf(device: AnyDevice, p: Protection, tested: boolean, now: number): number {
  const count = device.count;
  count[Count.service_s]++;
  if (count[Count.storm] > 0 && device.startedAt_ms + 1000 * CALM_S < now) count[Count.storm] = 0;
  const free = freeMemory();
  device.link.n[LinkNumber.free] = free;
  if (free < LEAST_FREE || p.state[Fault.MemoryLow] !== Row.Ok) check(p, Fault.MemoryLow, free, now);
  const records = device.records;
  if (records !== undefined && (records.tally[Tally.bad] !== 0 || records.tally[Tally.full] !== 0))
    check(p, Fault.FlashWorn, 1, now);
  if (p.changed) settle(p);
  if (onTrial && (tested || p.state[Fault.SelfTestFailed] === Row.Tripped)) settleTrial(tested);
  return now - device.keptAt_ms >= COUNT_MS ? Keep.Place : 0;
}

/** Tells the loader, once, how a firmware fares that it has started (loader/). */
function settleTrial(passed: boolean): void {
  if (!onTrial) return;
  onTrial = false;
  if (passed) confirmSlot(slotFiles(), filePrefix());
  else if (shouldRestart(slotFiles(), filePrefix())) after(RESTART_MS, restartController);
}

/**
 * A row that has tripped or come back is said; a trip is logged, with what was read last.
 * @returns what is to be recorded: bits of `Keep`; -1: there was no such row
 */
export function tellRow(device: AnyDevice, p: Protection, v: number, i: number, t: number, now: number): number {
  const fault = p.news.indexOf(1);
  if (fault < 0) return -1;
  p.news[fault] = 0;
  const state = p.state[fault];
  if (state === reportedRows[fault] || state === Row.Suspect) return 0;
  reportedRows[fault] = state;
  say(device, faultLine(fault, state));
  if (state !== Row.Tripped || device.records === undefined) return 0;
  logEvent(device.records, fault, now / 1000 + device.link.n[LinkNumber.zero_s], v, i, t);
  return fault === p.fault ? Keep.Trace + Keep.Place : Keep.Place;
}

/** The way back without a key. */
export function isButtonHeld(device: AnyDevice, now: number): boolean {
  const service = device.service;
  return (
    service !== undefined && service[Service.button] !== ButtonState.Ignored && heldAtBoot(service, !button.read(), now)
  );
}
