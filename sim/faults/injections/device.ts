/** The controller itself: its time, memory, supply, flash and configuration. Run with the bundle that is flashed. */
import { Fault } from '../../../firmware/protect/faults';
import { Page, SLOTS_AT, Tally, Use } from '../../../firmware/record/layout';
import type { Channel } from '../../bench/channel';
import { WrongPart } from '../../chips/wrongPart';
import type { Random } from '../../random';
import type { DeviceRig } from '../deviceRig';
import { CONFIG_FILE, ResetState } from '../controller';
import { between, defects, MIDDLE, RESTS, STEADY, type ChannelInjection } from './injection';

const always = (): number => 1;
const HOUR_MS = 3.6e6;
/** JsVars of the simulated controller (sim/hil/nodeDevice.ts). */
const TOTAL_VARS = 4500;
const USAGE_VARS = 3000;
/** Starts without an hour of service that make a storm. */
const STORM = 5;

const MOST_WRITES = 500;
const files = new WeakMap<DeviceRig, string>();

/** Puts another file in the place of the configuration and starts anew. */
function reconfigure(rig: DeviceRig, text: string): void {
  if (!files.has(rig)) files.set(rig, rig.hardware.storage.get(CONFIG_FILE)!);
  rig.hardware.storage.set(CONFIG_FILE, text);
  rig.reset(ResetState.Software);
}
const undoConfiguration = (rig: DeviceRig): void => void rig.hardware.storage.set(CONFIG_FILE, files.get(rig)!);

/** A configuration that no board may take. */
function broken(text: string, random: Random): string {
  const config = JSON.parse(text) as Record<string, Record<string, unknown>>;
  const limits = config.limits!;
  const names = Object.keys(limits);
  const name = names[Math.floor(random.uniform() * names.length)]!;
  switch (Math.floor(5 * random.uniform())) {
    case 0:
      return text.slice(0, Math.floor(random.uniform() * text.length));
    case 1:
      limits[name] = null;
      break;
    case 2:
      limits[name] = 'none';
      break;
    case 3:
      delete limits[name];
      break;
    default:
      limits[name] = -1e9;
  }
  return JSON.stringify(config);
}

/** The self-test has set a current and opened both switches. */
const flowsWhenOpen = ({ chargeSwitch, dischargeSwitch, current_A }: Channel): boolean =>
  !chargeSwitch.level && !dischargeSwitch.level && Math.abs(current_A) > 0.02;

const weldedAtStart = (name: string, which: 'chargeSwitch' | 'dischargeSwitch'): ChannelInjection => ({
  name: `${name} welded at the start`,
  group: 'actuator',
  row: Fault.SelfTestFailed,
  or: [Fault.CurrentWhenOpen],
  unit: '',
  states: MIDDLE,
  beyond: always,
  act(rig) {
    defects(rig.channel)[which] = 'welded';
    rig.reset(ResetState.PowerOn, true);
  },
  undo: ({ channel }) => void delete channel.defects?.[which],
  isBeyond: flowsWhenOpen,
  patience_ms: 3000,
  unstoppable: true,
});

export const DEVICE_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'ticks late',
    group: 'timing',
    row: Fault.TickOverrun,
    unit: 'ms',
    states: MIDDLE,
    beyond: (random, { limits }) => between(random, limits.maxTick_ms + 5, 800),
    inside: (random, { limits }) => between(random, 0, 0.7 * limits.maxTick_ms),
    act: (rig, size) => void (rig.late_ms = size),
    undo: (rig) => void (rig.late_ms = 0),
  },
  {
    name: 'bus slow',
    group: 'timing',
    row: Fault.BusSlow,
    unit: 'ms a transaction',
    states: MIDDLE,
    beyond: (random, { limits }) => between(random, limits.maxTick_ms / 3, 150),
    inside: (random) => between(random, 0, 3),
    act: (rig, size) => void (rig.channel.bus.defects = { latency_ms: size }),
    undo: (rig) => void (rig.channel.bus.defects = undefined),
  },
  {
    name: 'clock jumps',
    group: 'timing',
    row: Fault.ClockJump,
    unit: 'ms',
    states: MIDDLE,
    beyond: (random) => (random.uniform() < 0.5 ? -1 : 1) * 10 ** between(random, 3.6, 9),
    act: (rig, size) => rig.setClock(size),
  },
  {
    name: 'processor hangs',
    group: 'timing',
    row: null,
    hardware: { id: 'Watchdog', promised_ms: 2500 },
    unit: '',
    states: STEADY,
    beyond: always,
    act: () => undefined,
  },
  {
    name: 'supply dips',
    group: 'power',
    row: Fault.BrownOut,
    unit: '',
    states: MIDDLE,
    beyond: always,
    act: (rig) => rig.reset(ResetState.BrownOut, true),
  },
  {
    name: 'power fails in a write',
    group: 'power',
    row: Fault.BrownOut,
    unit: 'bytes written before',
    states: MIDDLE,
    beyond: (random) => Math.floor(between(random, 0, 240)),
    act: (rig, size) => void (rig.flash.cutAfter = size),
    isBeyondOnDevice: ({ resets }) => resets > 0,
    patience_ms: 300000,
  },
  {
    name: 'supply dips again and again',
    group: 'power',
    row: Fault.ResetStorm,
    unit: 'dips',
    states: MIDDLE,
    beyond: (random) => STORM + Math.floor(4 * random.uniform()),
    inside: (random) => 1 + Math.floor(2 * random.uniform()),
    act(rig, size, random) {
      const { clock } = rig.channel;
      for (let n = 0, at_ms = clock.now_ms; n < size; n++, at_ms += between(random, 400, 900))
        clock.at(at_ms, () => rig.reset(ResetState.BrownOut, true));
    },
    isBeyondOnDevice: ({ resets }) => resets >= STORM,
    patience_ms: 60000,
  },
  {
    name: 'memory runs out',
    group: 'power',
    row: Fault.MemoryLow,
    unit: 'JsVars free',
    states: MIDDLE,
    beyond: (random) => Math.floor(between(random, 10, 145)),
    inside: (random) => Math.floor(between(random, 155, 600)),
    act: (rig, size) => void (rig.hardware.usage = TOTAL_VARS - size),
    undo: (rig) => void (rig.hardware.usage = USAGE_VARS),
  },
  {
    name: 'flash is worn',
    group: 'power',
    row: Fault.FlashWorn,
    unit: '',
    states: RESTS,
    beyond: always,
    act: wearOut,
    isBeyondOnDevice: ({ caldera }) => (caldera?.records?.tally[Tally.bad] ?? 0) !== 0,
    patience_ms: 300000,
    scrap: true,
  },
  {
    name: 'records turn bad',
    group: 'power',
    row: Fault.StoreCorrupt,
    unit: 'records',
    states: RESTS,
    beyond: (random) => 2 + Math.floor(3 * random.uniform()),
    act: (rig, size, random) => spoil(rig, size, random),
    watched: true,
    isBeyond: (_channel, _config, bms) => bms.protection.state[Fault.StoreCorrupt] !== 0,
    patience_ms: 0.4 * HOUR_MS,
    scrap: true,
  },
  {
    name: 'configuration broken',
    group: 'operator',
    row: Fault.ConfigurationInvalid,
    unit: '',
    states: MIDDLE,
    beyond: always,
    act: (rig, _size, random) => reconfigure(rig, broken(rig.hardware.storage.get(CONFIG_FILE)!, random)),
    undo: undoConfiguration,
  },
  {
    name: 'configuration changed without a key',
    group: 'operator',
    row: Fault.ConfigurationUnsigned,
    unit: 'mV lower',
    states: MIDDLE,
    beyond: (random) => 1 + Math.floor(20 * random.uniform()),
    act(rig, size) {
      // What is in force is authorised as it is, then changed past the command.
      const answer = rig.command('configure {}');
      if (!answer.startsWith('ok')) throw new Error(`the configuration is not taken: ${answer}`);
      const own = rig.hardware.storage.get(CONFIG_FILE)!;
      files.set(rig, own);
      const config = JSON.parse(own) as { limits: { overVoltage_mV: number } };
      config.limits.overVoltage_mV -= size;
      reconfigure(rig, JSON.stringify(config));
    },
    undo: undoConfiguration,
  },
  {
    name: 'another part in the place of the current monitor, at the start',
    group: 'bus',
    row: Fault.WrongPart,
    unit: 'answer',
    states: MIDDLE,
    beyond: (random) => Math.floor(256 * random.uniform()),
    act(rig, size) {
      rig.channel.bus.attach(rig.channel.board.ina228.address, new WrongPart(size));
      rig.reset(ResetState.PowerOn, true);
    },
    undo: ({ channel }) => channel.bus.attach(channel.board.ina228.address, channel.ina),
  },
  {
    name: 'a part is missing at the start',
    group: 'bus',
    row: Fault.SelfTestFailed,
    unit: 'part',
    states: MIDDLE,
    beyond: (random) => Math.floor(3 * random.uniform()),
    act(rig, size) {
      const { board, bus } = rig.channel;
      bus.defects = {
        address: [board.ina228.address, board.dac.address, board.ads1115.address][size]!,
        noAddress: true,
      };
      rig.reset(ResetState.PowerOn, true);
    },
    undo: ({ channel }) => void (channel.bus.defects = undefined),
  },
  weldedAtStart('discharge switch', 'dischargeSwitch'),
  weldedAtStart('charge switch', 'chargeSwitch'),
  {
    name: 'random bytes on the service line',
    group: 'data',
    row: null,
    unit: 'lines',
    states: MIDDLE,
    beyond: (random) => Math.floor(between(random, 5, 40)),
    act(rig, size, random) {
      const words = ['', 'do ', 'challenge release ', 'widen charge_mA ', 'configure ', 'tighten ', 'log ', 'key '];
      for (let n = 0; n < size; n++) {
        const word = words[Math.floor(random.uniform() * words.length)]!;
        const bytes = Array.from({ length: Math.floor(80 * random.uniform()) }, () => random.bits() & 255);
        rig.serve(word + String.fromCharCode(...bytes));
      }
    },
  },
];

/** Bits of every page no longer move, and records are written until one does not hold. */
function wearOut(rig: DeviceRig): void {
  for (let page = 0; page < rig.flash.erases.length; page++) rig.flash.wearOut(page);
  for (let n = 0; n < MOST_WRITES && rig.caldera?.records?.tally[Tally.bad] === 0; n++)
    rig.command('calibrate current 1000000 0');
}

/** Turns a bit of the oldest records of a page that has newer ones behind them. */
function spoil(rig: DeviceRig, count: number, random: Random): void {
  // A page with some records: each changed key is one.
  for (let n = 0; n < 2 * count + 4; n++) rig.command('calibrate current 1000000 0');
  const records = rig.caldera?.records;
  if (records === undefined) throw new Error('the device has no records');
  const { pageBytes, begin } = records.area;
  for (let page = 0; page < records.area.pages; page++) {
    if (records.page[Page.length * page + Page.use]! < Use.Taken) continue;
    const slotBytes = records.page[Page.length * page + Page.slotBytes]!;
    for (let n = 0; n < count; n++) {
      const at = begin - rig.flash.begin + page * pageBytes + SLOTS_AT + n * slotBytes;
      rig.flash.flip(at + Math.floor(random.uniform() * (slotBytes - 8)), Math.floor(8 * random.uniform()));
    }
  }
}
