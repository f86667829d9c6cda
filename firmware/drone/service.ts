/** What the service commands do on a pack: as on a channel (serviceTarget.ts), but for what is the pack's own. Loaded with them. */
import { interpreterVersion } from '../../hal/espruino/transfer';
import type { Bms } from '../bms';
import { applyUpload, changeConfig, installConfig } from '../configure';
import { checkPackConfig } from '../config/checkPack';
import type { PackConfig } from '../config/packDefaults';
import type { Device } from '../device';
import { Told } from '../mavlink/told';
import { Wish } from '../pack';
import { faultName } from '../protect/names';
import { nextSwitch, Switch, SwitchEvent } from '../protect/switches';
import { factoryReset } from '../service/key';
import { serve } from '../service/serve';
import type { ServiceState } from '../service/state';
import type { ServiceTarget } from '../service/target';
import { serviceTarget } from '../serviceTarget';
import { unconfiguredPack } from './boot';
import type { PackDevice } from './device';
import { isInUse } from './use';

/** Set when the firmware is built. */
declare const VERSION: string;
declare const HASH: string;

const NOT_READY = 'the board is not ready';
const CURRENT_FLOWS = 'a current flows';

/** Answers a line, whatever it is. @param wire as in serviceTarget.ts */
export function answer(device: PackDevice, line: string, now_ms: number, wire: string | null): string {
  if (device.service === undefined) return 'refused: not started';
  const channel = asChannel(device);
  const text = serve(packTarget(device, channel, device.service, now_ms, wire), line, now_ms);
  if (channel.bms === undefined) device.bms = undefined;
  return text;
}

/** The button at the board, which needs no key. */
export function resetByButton(device: PackDevice, now_ms: number): string {
  if (device.service === undefined) return 'refused: not started';
  const channel = asChannel(device);
  const text = factoryReset(packTarget(device, channel, device.service, now_ms, null));
  if (channel.bms === undefined) device.bms = undefined;
  return text;
}

/** The device as the commands of a channel know one: protection, limits and records are the same; a current flows or does not. */
function asChannel(device: PackDevice): Device {
  const bms = device.bms;
  const channel = Object.assign({}, device) as unknown as Device;
  channel.bms = undefined;
  if (bms !== undefined)
    channel.bms = {
      protection: bms.protection,
      config: bms.config,
      switches: bms.switches,
      actuator: { wish_mA: isInUse(bms) ? 1 : 0 },
    } as unknown as Bms;
  return channel;
}

function packTarget(
  device: PackDevice,
  channel: Device,
  state: ServiceState,
  now_ms: number,
  wire: string | null,
): ServiceTarget {
  const target = serviceTarget(channel, state, now_ms, wire);
  target.version = function () {
    const name = device.bms === undefined ? 'drone-6s' : device.bms.config.board.name;
    return 'caldera ' + VERSION + ' build ' + HASH + ' board ' + name + ' link 1 interpreter ' + interpreterVersion();
  };
  target.status = function () {
    return status(device);
  };
  function install(config: PackConfig, text: string): string {
    if (device.bms !== undefined && isInUse(device.bms)) return CURRENT_FLOWS;
    return installConfig(channel, checkPackConfig(config), text);
  }
  target.configure = function (json) {
    const parts = [
      'board',
      'limits',
      'policy',
      'period_ms',
      'chargeTo_mV',
      'balance',
      'cell',
      'link',
      'mavlink',
      'wifi',
    ];
    return changeConfig(json, parts, unconfiguredPack, install);
  };
  target.apply = function () {
    return applyUpload(channel.link, install);
  };
  target.ship = function () {
    return turnTo(device, SwitchEvent.Ship, Switch.Ship, Wish.Off, now_ms);
  };
  target.wake = function () {
    return turnTo(device, SwitchEvent.Wake, Switch.SelfTest, Wish.On, now_ms);
  };
  return target;
}

/** Integers with their units. */
function status(device: PackDevice): string {
  const bms = device.bms;
  const gauge = device.gauge;
  if (bms === undefined || gauge === undefined) return 'not ready: ' + faultName(device.fault) + ': ' + device.error;
  const p = bms.protection;
  const sense = bms.sense;
  let text = 'state ' + bms.switches + ', fault ' + p.fault + ' ' + faultName(p.fault) + ', cells_mV';
  for (let k = 0; k < sense.cells_mV.length; k++) text += ' ' + sense.cells_mV[k];
  text += ', current_mA ' + Math.floor(sense.current_mA) + ', hottest_C ' + Math.floor(sense.hottest_C);
  text += ', charge_mA ' + Math.floor(bms.charge_mA) + ' ' + faultName(p.whyCharge);
  text += ', discharge_mA ' + Math.floor(bms.discharge_mA) + ' ' + faultName(p.whyDischarge);
  const told = gauge.told;
  text += ', left_pct ' + told[Told.remaining_pct] + ', left_s ' + told[Told.left_s];
  return text + (device.error === '' ? '' : ', error ' + device.error);
}

/** The output off, or asleep; and on again, by the self-test. */
function turnTo(device: PackDevice, event: SwitchEvent, to: Switch, wish: Wish, now_ms: number): string {
  const bms = device.bms;
  if (bms === undefined) return NOT_READY;
  if (isInUse(bms)) return CURRENT_FLOWS;
  let from = bms.switches;
  if (event === SwitchEvent.Ship && (from === Switch.Discharge || from === Switch.Charge)) from = Switch.Idle;
  const next = nextSwitch(from, event, false);
  if (next !== to) return 'not in this state';
  bms.wish = wish;
  bms.switches = next;
  bms.switchedAt_ms = now_ms;
  return '';
}
