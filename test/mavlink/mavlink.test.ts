/** What a flight controller decodes, by node-mavlink's own parser. */
import fc from 'fast-check';
import { common, minimal } from 'node-mavlink';
import { describe, expect, it } from 'vitest';
import { tellChanges } from '../../firmware/mavlink/mavlink';
import { openMavlink } from '../../firmware/mavlink/open';
import { ChargeState, createTold, MavFault, SystemState, Told } from '../../firmware/mavlink/told';
import { BatteryInfo, DEFINED, receive, type Received } from './decode';
import { describedPack, sender, tickSender, vary, type Sender } from './stream';

const UNKNOWN_MV = 65535;

function run(s: Sender, ticks: number, from = 0): void {
  for (let tick = from; tick < from + ticks; tick++) {
    s.sense.at_ms = 100 * tick;
    tickSender(s, 100 * tick);
  }
}

const sent = (s: Sender): Promise<Received> => receive(Buffer.concat(s.frames));

/** The first BATTERY_STATUS of a pack in this state. */
async function status(cells: number, change: (s: Sender) => void): Promise<common.BatteryStatus> {
  const s = sender(cells);
  change(s);
  run(s, 4);
  const { of, invalid, packets } = await sent(s);
  expect([packets.length, invalid]).toEqual([1, 0]);
  return of(common.BatteryStatus)[0]!;
}

describe('framing', () => {
  it('has the CRC_EXTRA that follows from the definition of each message', () => {
    for (const { MSG_NAME, MAGIC_NUMBER, FIELDS } of DEFINED) {
      const text = [`${MSG_NAME} `];
      for (const { source, type, length, extension } of FIELDS.filter(({ extension }) => !extension)) {
        expect(extension).toBe(false);
        text.push(`${type.replace(/\[\]|_mavlink_version/g, '')} ${source} `);
        if (length > 0) text.push(String.fromCharCode(length));
      }
      let crc = 0xffff;
      for (const byte of Buffer.from(text.join(''), 'latin1')) {
        let x = (byte ^ crc) & 255;
        x ^= (x << 4) & 255;
        crc = (crc >> 8) ^ (x << 8) ^ (x << 3) ^ (x >> 4);
      }
      expect([MSG_NAME, (crc & 255) ^ (crc >> 8)]).toEqual([MSG_NAME, MAGIC_NUMBER]);
    }
  });

  it('says MAVLink 2, component battery, the system it was told; sequence numbers go on and wrap', async () => {
    const s = sender(6);
    for (let tick = 0; tick < 1200; tick++) {
      vary(s, tick);
      tickSender(s, 100 * tick);
    }
    const { packets, invalid } = await sent(s);
    expect(invalid).toBe(0);
    expect(packets.length).toBeGreaterThan(300);
    packets.forEach(({ header, buffer }, k) => {
      expect([header.magic, header.sysid, header.compid, header.seq]).toEqual([0xfd, 1, 180, k % 256]);
      expect([header.incompatibilityFlags, header.compatibilityFlags]).toEqual([0, 0]);
      // Zeros at the end are not sent.
      expect(buffer[buffer.length - 3]).not.toBe(0);
    });
  });

  it('keeps its rates: status at 2 Hz, heartbeat at 1 Hz, the others every ten seconds', async () => {
    const s = sender(6);
    run(s, 1200);
    const { of } = await sent(s);
    const rates = [common.BatteryStatus, minimal.Heartbeat, BatteryInfo, common.SmartBatteryInfo];
    const counts = rates.map((type) => of(type as typeof common.BatteryStatus).length / 120);
    expect(counts[0]).toBeGreaterThan(1.97);
    expect(counts[1]).toBeGreaterThan(0.98);
    expect(counts[2]).toBeGreaterThan(0.095);
    expect(counts[3]).toBeGreaterThan(0.095);
  });

  it('never leaves a flight controller without a status for more than 1.2 s', () => {
    const s = sender(6);
    let last = 0;
    let longest = 0;
    for (let tick = 0; tick < 3000; tick++) {
      vary(s, tick);
      const before = s.frames.length;
      tickSender(s, 100 * tick);
      if (s.frames.length === before || s.frames[before]![7] !== 147) continue;
      longest = Math.max(longest, tick - last);
      last = tick;
    }
    expect(longest).toBeLessThanOrEqual(12);
  });

  it('what arrives in pieces, with noise before it, is decoded all the same', async () => {
    const s = sender(6);
    run(s, 40);
    const { packets } = await receive(Buffer.concat([Buffer.from([0xfd, 3, 7, 0, 1]), ...s.frames]));
    expect(packets.length).toBeGreaterThanOrEqual(s.frames.length - 1);
  });
});

describe('BATTERY_STATUS', () => {
  it('carries any values unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          cells: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 3, maxLength: 14 }),
          current_cA: fc.integer({ min: -32767, max: 32767 }),
          warmth_cC: fc.integer({ min: -4000, max: 12000 }),
          consumed_mAh: fc.integer({ min: 0, max: 2e9 }),
          consumed_hJ: fc.integer({ min: -1, max: 2e9 }),
          percent: fc.integer({ min: -1, max: 100 }),
          left_s: fc.integer({ min: 0, max: 2e9 }),
          state: fc.integer({ min: 1, max: 7 }),
          faults: fc.integer({ min: 0, max: 63 }),
        }),
        async (v) => {
          const read = await status(v.cells.length, ({ sense, mavlink: { told } }) => {
            sense.cells_mV.set(v.cells);
            sense.lowest_mV = Math.min(...v.cells);
            sense.current_mA = 10 * v.current_cA;
            sense.hottest_C = (v.warmth_cC + 0.25) / 100;
            told[Told.consumed_mAh] = v.consumed_mAh;
            told[Told.consumed_hJ] = v.consumed_hJ;
            told[Told.remaining_pct] = v.percent;
            told[Told.left_s] = v.left_s;
            told[Told.chargeState] = v.state;
            told[Told.faults] = v.faults;
          });
          const cells = [...read.voltages, ...read.voltagesExt];
          for (let k = 0; k < 14; k++) {
            const absent = k < 10 ? UNKNOWN_MV : 0;
            expect(cells[k]).toBe(k < v.cells.length ? v.cells[k] : absent);
          }
          const nudged = v.current_cA === -1 || v.current_cA === -100 ? v.current_cA - 1 : v.current_cA;
          expect(read.currentBattery).toBe(nudged);
          expect(Math.abs(read.temperature - v.warmth_cC)).toBeLessThanOrEqual(1);
          expect(read.currentConsumed).toBe(v.consumed_mAh);
          expect(read.energyConsumed).toBe(v.consumed_hJ);
          expect(read.batteryRemaining).toBe(v.percent);
          expect(read.timeRemaining).toBe(v.left_s);
          expect([read.chargeState, read.faultBitmask]).toEqual([v.state, v.faults]);
          expect([read.id, read.batteryFunction, read.type, read.mode]).toEqual([1, 1, 0, 0]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['nothing to go by', 0, 0],
    ['a current that means "not measured"', -10, -2],
    ['a current that PX4 takes for that', -1000, -101],
    ['the currents beside them', -20, -2],
    ['', -990, -99],
    ['', 1000, 100],
  ])('current: %s', async (_, current_mA, current_cA) => {
    const read = await status(6, ({ sense }) => void (sense.current_mA = current_mA));
    expect(read.currentBattery).toBe(current_cA);
  });

  it('begins when it is known how much is left: PX4 takes "not known" for empty', async () => {
    const frames: Uint8Array[] = [];
    const s = { ...sender(6), frames };
    s.mavlink = openMavlink(
      describedPack(6),
      { write: (bytes) => void frames.push(Uint8Array.from(bytes)) },
      createTold(),
      0,
    );
    run(s, 20);
    tellChanges(s.mavlink, 2000);
    run(s, 20, 20);
    expect((await sent(s)).of(common.BatteryStatus)).toEqual([]);
    s.mavlink.told[Told.remaining_pct] = 0;
    tellChanges(s.mavlink, 4000);
    run(s, 10, 40);
    expect((await sent(s)).of(common.BatteryStatus).length).toBeGreaterThan(0);
  });

  it('says "not known" of what is old, and goes on to say what is counted', async () => {
    const s = sender(6);
    s.mavlink.told[Told.remaining_pct] = 61;
    s.sense.at_ms = -1000;
    for (let tick = 0; tick < 3; tick++) tickSender(s, 100 * tick);
    const [read] = (await sent(s)).of(common.BatteryStatus);
    expect(read!.voltages).toEqual(Array.from({ length: 10 }, () => UNKNOWN_MV));
    expect([read!.currentBattery, read!.temperature, read!.batteryRemaining]).toEqual([-1, 32767, 61]);
  });

  it('without a whole thermistor the temperature is not known', async () => {
    const read = await status(6, ({ sense }) => void (sense.isWarmthKnown = false));
    expect(read.temperature).toBe(32767);
  });

  it('a cell that reads nothing or less than nothing reads 0, beyond the tenth 1', async () => {
    const read = await status(12, ({ sense }) => {
      sense.cells_mV[2] = -40;
      sense.cells_mV[11] = 0;
      sense.lowest_mV = -40;
    });
    expect([read.voltages[2], read.voltagesExt[1], read.voltagesExt[2]]).toEqual([0, 1, 0]);
  });

  it('more than fourteen cells: the whole, in two parts where one does not hold it', async () => {
    const low = await status(16, ({ sense }) => void (sense.stack_mV = 60000));
    expect(low.voltages.slice(0, 3)).toEqual([60000, UNKNOWN_MV, UNKNOWN_MV]);
    const high = await status(16, ({ sense }) => void (sense.stack_mV = 68800));
    expect(high.voltages.slice(0, 3)).toEqual([65534, 3266, UNKNOWN_MV]);
    expect(high.voltagesExt).toEqual([0, 0, 0, 0]);
  });
});

describe('what the pack can do', () => {
  it('is told alike in both messages', async () => {
    const s = sender(6);
    const { told } = s.mavlink;
    told[Told.allowed_mA] = 5432;
    told[Told.full_mAh] = 903;
    told[Told.cycles] = 41;
    told[Told.health_pct] = 90;
    run(s, 50);
    const { of, invalid } = await sent(s);
    expect(invalid).toBe(0);
    const [info] = of(BatteryInfo);
    expect(info).toMatchObject({
      id: 1,
      cells_in_series: 6,
      cycle_count: 41,
      state_of_health: 90,
      serial_number: '24a16f-0c11',
      name: 'Caldera_drone-6s',
    });
    expect(info!.discharge_maximum_current).toBeCloseTo(5.432, 5);
    expect(info!.discharge_maximum_burst_current).toBeCloseTo(6.1, 5);
    expect(info!.charging_maximum_current).toBeCloseTo(0.7, 5);
    expect(info!.charging_maximum_voltage).toBeCloseTo(4.3, 5);
    expect(info!.discharge_minimum_voltage).toBeCloseTo(3.0, 5);
    expect(info!.nominal_voltage).toBeCloseTo(22.2, 5);
    expect([info!.design_capacity, info!.full_charge_capacity].map((x) => Math.round(1000 * x))).toEqual([1000, 903]);
    const [smart] = of(common.SmartBatteryInfo);
    expect(smart).toMatchObject({
      id: 1,
      cellsInSeries: 6,
      capacityFullSpecification: 1000,
      capacityFull: 903,
      cycleCount: 41,
      dischargeMaximumCurrent: 5432,
      dischargeMaximumBurstCurrent: 6100,
      chargingMaximumVoltage: 4300,
      dischargeMinimumVoltage: 3000,
      chargingMinimumVoltage: UNKNOWN_MV,
      serialNumber: '24a16f-0c11',
      deviceName: 'Caldera_drone-6s',
    });
  });

  it('what is not known is said to be', async () => {
    const s = sender(6);
    run(s, 50);
    const { of } = await sent(s);
    const [info] = of(BatteryInfo);
    expect([info!.full_charge_capacity, info!.cycle_count, info!.state_of_health]).toEqual([NaN, 65535, 255]);
    const [smart] = of(common.SmartBatteryInfo);
    expect([smart!.capacityFull, smart!.cycleCount]).toEqual([-1, 65535]);
    // Nothing is allowed: 0 would say that it is not given.
    expect([smart!.dischargeMaximumCurrent, Math.round(1000 * info!.discharge_maximum_current)]).toEqual([1, 1]);
  });

  it('currents beyond 16 bits', async () => {
    const s = sender(6);
    s.mavlink.told[Told.allowed_mA] = 123456;
    run(s, 50);
    expect((await sent(s)).of(common.SmartBatteryInfo)[0]!.dischargeMaximumCurrent).toBe(123456);
  });

  it('a change of what is allowed is told within two seconds, a small one when its turn is', async () => {
    const s = sender(6);
    const { told } = s.mavlink;
    const infos = async (): Promise<number[]> =>
      (await sent(s)).of(BatteryInfo).map((info) => Math.round(1000 * info.discharge_maximum_current));
    told[Told.allowed_mA] = 6000;
    run(s, 40);
    told[Told.allowed_mA] = 5900;
    tellChanges(s.mavlink, 4000);
    run(s, 20, 40);
    expect(await infos()).toEqual([6000]);
    told[Told.allowed_mA] = 3000;
    tellChanges(s.mavlink, 6000);
    run(s, 20, 60);
    expect(await infos()).toEqual([6000, 3000]);
  });
});

it('HEARTBEAT is that of a battery, with its state', async () => {
  const s = sender(6);
  s.mavlink.told[Told.systemState] = SystemState.Active;
  run(s, 15);
  const [heartbeat] = (await sent(s)).of(minimal.Heartbeat);
  expect(heartbeat).toMatchObject({ type: minimal.MavType.BATTERY, autopilot: minimal.MavAutopilot.INVALID });
  expect(heartbeat).toMatchObject({ systemStatus: minimal.MavState.ACTIVE, mavlinkVersion: 3, baseMode: 0 });
});

it('the numbers of states and faults are those of the definitions', () => {
  expect([ChargeState.Ok, ChargeState.Low, ChargeState.Critical, ChargeState.Emergency]).toEqual([
    common.MavBatteryChargeState.OK,
    common.MavBatteryChargeState.LOW,
    common.MavBatteryChargeState.CRITICAL,
    common.MavBatteryChargeState.EMERGENCY,
  ]);
  expect([ChargeState.Failed, ChargeState.Unhealthy, ChargeState.Charging]).toEqual([
    common.MavBatteryChargeState.FAILED,
    common.MavBatteryChargeState.UNHEALTHY,
    common.MavBatteryChargeState.CHARGING,
  ]);
  expect([MavFault.DeepDischarge, MavFault.Spikes, MavFault.CellFail, MavFault.OverCurrent]).toEqual([
    common.MavBatteryFault.DEEP_DISCHARGE,
    common.MavBatteryFault.SPIKES,
    common.MavBatteryFault.CELL_FAIL,
    common.MavBatteryFault.OVER_CURRENT,
  ]);
  expect([MavFault.OverTemperature, MavFault.UnderTemperature]).toEqual([
    common.MavBatteryFault.OVER_TEMPERATURE,
    common.MavBatteryFault.UNDER_TEMPERATURE,
  ]);
});
