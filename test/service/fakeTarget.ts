/** A target that does nothing but remember, in the firmware's language: it runs on the interpreter as well. */
import { KEPT, type ServiceState } from '../../firmware/service/state';
import type { ServiceLimit, ServiceTarget } from '../../firmware/service/target';

/** The set-point of the hardware has steps. */
const CHARGE_STEP_MA = 50;

export interface Fake {
  target: ServiceTarget;
  limits: ServiceLimit[];
  /** What was done, one text each. */
  did: string[];
  /** What the store holds; undefined before the first save. */
  kept: Float64Array | undefined;
  saves: number;
  storeWorks: boolean;
  present: boolean;
}

export function createFake(
  state: ServiceState,
  hmac: (key: Float64Array, text: string) => ArrayBuffer,
  kept: Float64Array | undefined,
): Fake {
  const fake: Fake = {
    target: undefined as unknown as ServiceTarget,
    limits: [
      { name: 'charge_mA', value: 3000, tightest: 500, widest: 4000 },
      { name: 'discharge_mV', value: 3000, tightest: 3300, widest: 2800 },
    ],
    did: [],
    kept: kept,
    saves: 0,
    storeWorks: true,
    present: true,
  };
  const act = function (text: string): string {
    fake.did.push(text);
    return '';
  };
  fake.target = {
    id: 'caldera-0001',
    state: state,
    save: function () {
      if (!fake.storeWorks) return false;
      fake.saves++;
      fake.kept = new Float64Array(state.subarray(0, KEPT));
      return true;
    },
    hmac: hmac,
    present: function () {
      return fake.present;
    },
    version: function () {
      return 'caldera 0.1.0 build 0123456789abcdef board fake link 1 interpreter none';
    },
    readLog: function (page, offset) {
      return page === 0 && offset >= 0 ? 'AAAA' : '';
    },
    status: function () {
      return 'idle';
    },
    counters: function () {
      return 'boots 1';
    },
    log: function (n) {
      return 'log ' + n;
    },
    event: function (n) {
      return 'event ' + n;
    },
    limits: function () {
      return fake.limits;
    },
    setLimit: function (name, value) {
      const limit = fake.limits.find(function (each) {
        return each.name === name;
      }) as ServiceLimit;
      limit.value = name === 'charge_mA' ? Math.floor(value / CHARGE_STEP_MA) * CHARGE_STEP_MA : value;
      return act('set ' + name + ' ' + limit.value);
    },
    release: function (fault) {
      if (fault === 'OverVoltage') return 'OverVoltage is still there: 4410 mV, release below 4250 mV';
      return act('release ' + fault);
    },
    calibrate: function (reading, gain_ppm, offset) {
      return act('calibrate ' + reading + ' ' + gain_ppm + ' ' + offset);
    },
    configure: function (json) {
      return act('configure ' + JSON.stringify(JSON.parse(json)));
    },
    upload: function (length, hash) {
      return act('upload ' + length + ' ' + hash);
    },
    piece: function () {
      return 'nothing is expected';
    },
    apply: function () {
      return 'nothing is expected';
    },
    update: function () {
      return act('update');
    },
    ship: function () {
      return act('ship');
    },
    wake: function () {
      return act('wake');
    },
    factoryReset: function () {
      return act('factory reset');
    },
  };
  return fake;
}
