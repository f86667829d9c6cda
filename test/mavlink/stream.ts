/** A pack that says something else in every tick, and what it sends: the same on Node and on the interpreter. In the firmware's language. */
import { runMavlink, tellChanges, type Mavlink } from '../../firmware/mavlink/mavlink';
import { openMavlink, type MavlinkPack } from '../../firmware/mavlink/open';
import { ChargeState, createTold, SystemState, Told } from '../../firmware/mavlink/told';
import type { PackSense } from '../../firmware/sense/pack';

/** Of the sensors all that is told. */
interface Sensed {
  at_ms: number;
  cells_mV: Float64Array;
  lowest_mV: number;
  stack_mV: number;
  current_mA: number;
  hottest_C: number;
  isWarmthKnown: boolean;
}

function sensed(cells: number): Sensed {
  return {
    at_ms: 0,
    cells_mV: new Float64Array(cells).fill(3900),
    lowest_mV: 3900,
    stack_mV: 3900 * cells,
    current_mA: 0,
    hottest_C: 25,
    isWarmthKnown: true,
  };
}

export function describedPack(cells: number): MavlinkPack {
  return {
    systemId: 1,
    batteryId: 1,
    cells: cells,
    design_mAh: 1000,
    chargeTo_mV: 4300,
    dischargeTo_mV: 3000,
    nominal_mV: 3700,
    discharge_mA: 6100,
    charge_mA: 700,
    serial: '24a16f-0c11',
    name: 'Caldera_drone-6s',
  };
}

export interface Sender {
  mavlink: Mavlink;
  sense: Sensed;
  frames: Uint8Array[];
}

/** Sends into an array. */
export function sender(cells: number): Sender {
  const frames: Uint8Array[] = [];
  const uart = {
    write: function (bytes: Uint8Array): void {
      frames.push(new Uint8Array(bytes));
    },
  };
  const mavlink = openMavlink(describedPack(cells), uart, createTold(), 0);
  mavlink.told[Told.remaining_pct] = 80;
  tellChanges(mavlink, 0);
  return { mavlink: mavlink, sense: sensed(cells), frames: frames };
}

export function tickSender(s: Sender, now_ms: number): void {
  runMavlink(s.mavlink, s.sense as PackSense, now_ms);
}

/** Other values in each tick, whole numbers as the sensors give them. */
export function vary(s: Sender, tick: number): void {
  const sense = s.sense;
  sense.at_ms = 100 * tick;
  for (let k = 0; k < sense.cells_mV.length; k++) sense.cells_mV[k] = 3000 + ((tick * 37 + k * 101) % 1300);
  sense.lowest_mV = 3000;
  sense.stack_mV = 10 * ((tick * 7) % 2500);
  sense.current_mA = 10 * (((tick * 61) % 1200) - 300);
  sense.hottest_C = ((tick * 13) % 700) / 10 - 20;
  const told = s.mavlink.told;
  told[Told.consumed_mAh] = tick;
  told[Told.consumed_hJ] = 2 * tick;
  told[Told.remaining_pct] = (tick % 102) - 1;
  told[Told.left_s] = (tick * 11) % 4000;
  told[Told.chargeState] = tick % 40 === 0 ? ChargeState.Unhealthy : ChargeState.Ok;
  told[Told.faults] = tick % 40 === 0 ? 20 : 0;
  told[Told.systemState] = SystemState.Active;
  told[Told.allowed_mA] = 6100 - 50 * Math.floor(tick / 30);
  told[Told.full_mAh] = 970;
  told[Told.cycles] = 12;
  told[Told.health_pct] = 97;
  if (tick % 10 === 0) tellChanges(s.mavlink, 100 * tick);
}

/** All that is sent in so many ticks, in hex, a frame an entry. */
export function streamed(cells: number, ticks: number): string[] {
  const s = sender(cells);
  for (let tick = 0; tick < ticks; tick++) {
    vary(s, tick);
    tickSender(s, 100 * tick);
  }
  return s.frames.map(hex);
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (let k = 0; k < bytes.length; k++) text += (bytes[k] < 16 ? '0' : '') + bytes[k].toString(16);
  return text;
}
