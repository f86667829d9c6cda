/** What the service commands do on this device. Loaded with them, and dropped. */
import { isConsoleOpen, openConsole } from '../hal/espruino/console';
import { hmacSha256 } from '../hal/espruino/sha256';
import { deviceId, eraseFile } from '../hal/espruino/system';
import { fromBase64, interpreterVersion, toBase64, writeFilePart } from '../hal/espruino/transfer';
import { setupPart } from './start';
import { applyUpload, changeConfig, installConfig, keepSetup } from './configure';
import { checkConfig } from './config/check';
import type { Config } from './config/config';
import { defaultConfig } from './config/unconfigured';
import { Calibration, CONFIG_FILE, Count, Setup, type Device } from './device';
import { readLogPage } from './link/logPages';
import { addPiece, openUpload } from './link/upload';
import { releaseFault } from './protect/engine';
import { Fault } from './protect/faults';
import { faultName } from './protect/names';
import { Level, Of, Row, setLevel, X } from './protect/protection';
import { nextSwitch, Switch, SwitchEvent } from './protect/switches';
import { Kind } from './record/layout';
import { nextRecords } from './record/recall';
import { factoryReset } from './service/key';
import { serve } from './service/serve';
import { KEPT, type ServiceState } from './service/state';
import type { ServiceLimit, ServiceTarget } from './service/target';

/** Set when the firmware is built. */
declare const VERSION: string;
declare const HASH: string;

const CURRENT_FLOWS = 'a current flows';

/** How far a stranger may tighten, of the limit. */
const TIGHTEN = 0.5;

/**
 * Answers a line, whatever it is.
 * @param wire of the closed console, which an update opens again; null: it was not closed
 */
export function answer(device: Device, line: string, now_ms: number, wire: string | null): string {
  if (device.service === undefined) return 'refused: not started';
  return serve(serviceTarget(device, device.service, now_ms, wire), line, now_ms);
}

/** The button at the board, which needs no key. */
export function resetByButton(device: Device, now_ms: number): string {
  if (device.service === undefined) return 'refused: not started';
  return factoryReset(serviceTarget(device, device.service, now_ms, null));
}

export function serviceTarget(device: Device, state: ServiceState, now_ms: number, wire: string | null): ServiceTarget {
  function install(config: Config, text: string): string {
    return installConfig(device, checkConfig(config), text);
  }
  return {
    id: deviceId(),
    state: state,
    save: function () {
      return keepSetup(device, Setup.service, new Float64Array(state.subarray(0, KEPT)));
    },
    hmac: function (key, text) {
      return hmacSha256(key, text, !currentFlows(device));
    },
    present: isConsoleOpen,
    version: function () {
      return 'caldera ' + VERSION + ' build ' + HASH + ' board cycler link 1 interpreter ' + interpreterVersion();
    },
    status: function () {
      return status(device);
    },
    counters: function () {
      const count = device.count;
      let text = 'starts ' + count[Count.starts] + ', by cause';
      for (let cause = 0; cause < 5; cause++) text += ' ' + count[Count.causes + cause];
      return (
        text +
        ', service_s ' +
        count[Count.service_s] +
        ', jumps ' +
        count[Count.jumps] +
        ', overruns ' +
        count[Count.overruns]
      );
    },
    log: function (n) {
      return entry(device, Kind.Trace, n);
    },
    event: function (n) {
      return entry(device, Kind.Event, n);
    },
    readLog: function (page, offset) {
      return device.records === undefined ? '' : readLogPage(device.records, page, offset, toBase64);
    },
    limits: function () {
      return limits(device);
    },
    setLimit: function (name, value) {
      const bms = device.bms;
      if (bms === undefined) return 'the board is not ready';
      const p = bms.protection;
      if (name === 'charge_mA') p.x[X.mostCharge_mA] = value;
      else if (name === 'discharge_mA') p.x[X.mostDischarge_mA] = value;
      else setLevel(p, faultOf(name), value);
      return '';
    },
    release: function (name) {
      const bms = device.bms;
      if (bms === undefined) return 'the board is not ready';
      for (let fault = 1; fault < Fault.length; fault++) {
        if (faultName(fault) !== name && '' + fault !== name) continue;
        if (bms.protection.state[fault] !== Row.Tripped) return name + ' is not tripped';
        releaseFault(bms.protection, fault);
        return '';
      }
      return 'no fault has this name or number';
    },
    calibrate: function (reading, gain_ppm, offset) {
      return calibrate(device, reading, gain_ppm, offset);
    },
    configure: function (json) {
      const parts = ['board', 'limits', 'policy', 'pace', 'protocol', 'cell', 'steer', 'link', 'wifi'];
      return changeConfig(json, parts, defaultConfig, install);
    },
    upload: function (length, hash) {
      return currentFlows(device) ? CURRENT_FLOWS : openUpload(device.link, length, hash);
    },
    piece: function (offset, base64) {
      return currentFlows(device) ? CURRENT_FLOWS : addPiece(device.link, offset, fromBase64(base64), writeFilePart);
    },
    apply: function () {
      return currentFlows(device) ? CURRENT_FLOWS : applyUpload(device.link, install);
    },
    update: function () {
      if (wire !== null) openConsole(wire);
      return '';
    },
    ship: function () {
      return turnTo(device, SwitchEvent.Ship, Switch.Ship, now_ms);
    },
    wake: function () {
      return turnTo(device, SwitchEvent.Wake, Switch.SelfTest, now_ms);
    },
    factoryReset: function () {
      eraseFile(CONFIG_FILE);
      if (!keepSetup(device, Setup.configuration, new Float64Array(0))) return 'the store cannot be written';
      device.bms = undefined;
      return '';
    },
  };
}

function currentFlows(device: Device): boolean {
  return device.bms !== undefined && device.bms.actuator.wish_mA !== 0;
}

/** Integers with their units. */
function status(device: Device): string {
  const bms = device.bms;
  if (bms === undefined) return 'not ready: ' + faultName(device.fault) + ': ' + device.error;
  const p = bms.protection;
  const sense = bms.sense;
  let text =
    'state ' +
    bms.switches +
    ', fault ' +
    p.fault +
    ' ' +
    faultName(p.fault) +
    ', voltage_mV ' +
    Math.floor(sense.voltage_mV);
  text += ', current_mA ' + Math.floor(sense.current_mA) + ', temperature_C ' + Math.floor(sense.temperature_C);
  text += ', charge_pct ' + Math.floor(100 * p.charge) + ' ' + faultName(p.whyCharge);
  text += ', discharge_pct ' + Math.floor(100 * p.discharge) + ' ' + faultName(p.whyDischarge);
  return text + (device.error === '' ? '' : ', error ' + device.error);
}

/**
 * Entry `n` from the newest on, its payload in hex. Walks through the log one record at a time: memory is short. It takes up to a
 * second of an ESP32: not while a current flows.
 */
function entry(device: Device, kind: Kind, n: number): string {
  if (device.records === undefined) return 'none';
  if (currentFlows(device)) throw new Error(CURRENT_FLOWS + '; read takes the log page by page');
  let count = 0;
  const walk = { opened: 0, slot: -1 };
  while (nextRecords(device.records, kind, walk, 1).length > 0) count++;
  const again = { opened: 0, slot: -1 };
  let found: Uint8Array[] = [];
  for (let k = 0; k < count - n; k++) found = nextRecords(device.records, kind, again, 1);
  if (found.length === 0) return 'none';
  let text = '';
  for (let k = 0; k < found[0].length; k++) text += (found[0][k] < 16 ? '0' : '') + found[0][k].toString(16);
  return text;
}

const LIMITED: [string, Fault][] = [
  ['overVoltage_mV', Fault.OverVoltage],
  ['underVoltage_mV', Fault.UnderVoltage],
  ['overTemperature_C', Fault.OverTemperature],
];

function faultOf(name: string): Fault {
  for (let k = 0; k < LIMITED.length; k++) if (LIMITED[k][0] === name) return LIMITED[k][1];
  return Fault.None;
}

function limits(device: Device): ServiceLimit[] {
  const bms = device.bms;
  if (bms === undefined) return [];
  const p = bms.protection;
  const own = bms.config.limits;
  const found = [
    current('charge_mA', p.x[X.mostCharge_mA], own.lastingCharge_mA),
    current('discharge_mA', p.x[X.mostDischarge_mA], own.lastingDischarge_mA),
  ];
  const widest = [own.overVoltage_mV, own.underVoltage_mV, own.overTemperature_C];
  const room = [-100, 200, -15];
  for (let k = 0; k < LIMITED.length; k++) {
    const fault = LIMITED[k][1];
    const value = p.levels[fault * Level.length + Level.trip] * p.rows[fault * Of.length + Of.sign];
    found.push({ name: LIMITED[k][0], value: value, widest: widest[k], tightest: widest[k] + room[k] });
  }
  return found;
}

function current(name: string, value: number, widest: number): ServiceLimit {
  return {
    name: name,
    value: Math.floor(value),
    widest: Math.floor(widest),
    tightest: Math.floor(TIGHTEN * widest),
  };
}

function calibrate(device: Device, reading: string, gain_ppm: number, offset: number): string {
  const kept = setupPart(device, Setup.calibration);
  const calibration = new Float64Array([1e6, 1e6, 0]);
  if (kept !== undefined) calibration.set(kept);
  if (!(gain_ppm >= 900000 && gain_ppm <= 1100000)) return 'gain is ' + gain_ppm + ' ppm; allowed: 900000 to 1100000';
  if (reading === 'current') {
    if (offset !== 0) return 'offset is ' + offset + ' uA; allowed: 0, the zero is found at rest';
    calibration[Calibration.current_ppm] = gain_ppm;
  } else if (reading === 'coarse-voltage') {
    if (!(offset >= -500000 && offset <= 500000)) return 'offset is ' + offset + ' uV; allowed: -500000 to 500000';
    calibration[Calibration.coarse_ppm] = gain_ppm;
    calibration[Calibration.coarseOffset_uV] = offset;
  } else return 'reading is unknown; allowed: current, coarse-voltage';
  return keepSetup(device, Setup.calibration, calibration) ? '' : 'the store cannot be written';
}

function turnTo(device: Device, event: SwitchEvent, to: Switch, now_ms: number): string {
  const bms = device.bms;
  if (bms === undefined) return 'the board is not ready';
  if (currentFlows(device)) return CURRENT_FLOWS;
  const next = nextSwitch(bms.switches, event, false);
  if (next !== to) return 'not in this state';
  bms.switches = next;
  bms.switchedAt_ms = now_ms;
  return '';
}
