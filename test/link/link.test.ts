import { describe, expect, test } from 'vitest';
import { KEPT_ANSWER, LinkNumber } from '../../firmware/link/link';
import { Estimated, publish, refuse, Why } from '../../firmware/estimate/estimates';
import { readEstimates, readMeasurement } from '../../sim/link/telemetry';
import { Device as Served, KEY } from '../service/onNode';
import { LinkedDevice } from './onNode';

describe('telemetry', () => {
  test('is not sent before somebody asks, then at the rate that was asked for, until it is stopped', () => {
    const device = new LinkedDevice();
    expect(device.run(50)).toEqual([]);
    expect(device.ask(1, 'rate 1000')).toBe('ok');
    const measured = device.run(100).filter(({ type }) => type === 't');
    const times = measured.map(({ payload }) => readMeasurement(payload)!.time_ms!);
    expect(times.slice(1).map((time, k) => time - times[k]!)).toEqual(Array(times.length - 1).fill(1000));
    expect(times.length).toBe(10);
    device.ask(2, 'rate 0');
    expect(device.run(50)).toEqual([]);
  });

  test('at the fastest rate still lets requests through, and sends estimates once a second', () => {
    const device = new LinkedDevice();
    device.ask(1, 'rate 100');
    const frames = device.run(100);
    expect(frames.filter(({ type }) => type === 't').length).toBeGreaterThan(25);
    expect(frames.filter(({ type }) => type === 'u').length).toBeGreaterThanOrEqual(9);
    expect(device.ask(2, 'limits')).toBe('ok limits');
  });

  test('says what is known, in whole numbers', () => {
    const device = new LinkedDevice();
    device.ask(1, 'rate 1000');
    device.link.n[LinkNumber.free] = 1234;
    device.link.n[LinkNumber.worst_ms] = 31;
    const frames = device.run(15);
    const measurement = readMeasurement(frames.find(({ type }) => type === 't')!.payload)!;
    expect({ ...measurement, time_ms: 0 }).toEqual({
      time_ms: 0,
      voltage_mV: 3712,
      current_mA: 1001,
      temperature_cC: 2513,
      switches: 5,
      fault: 0,
      charge_pct: 100,
      whyCharge: 0,
      discharge_pct: 75,
      whyDischarge: 3,
      cycle: 12,
      step: 3,
      charge_mC: 123457,
      free: 1234,
      worst_ms: 31,
    });
    const estimates = readEstimates(frames.find(({ type }) => type === 'u')!.payload)!;
    expect(Object.keys(estimates)).toHaveLength(Estimated.length);
    expect(estimates.EtaFast_mV).toEqual({ value: 12.346, sigma: 0.013, why: Why.Valid });
    expect(estimates.CoulombicEfficiency_pct).toEqual({ value: 160.493, sigma: 0.013, why: Why.Valid });
  });

  test('leaves empty what is not known', () => {
    const device = new LinkedDevice();
    device.ask(1, 'rate 1000');
    publish(device.fake.known, Estimated.EtaConc_mV, NaN, 1, 0);
    refuse(device.fake.known, Estimated.Dead_mAh, Why.Incomplete);
    device.run(10);
    const frames = device.run(20);
    const estimates = readEstimates(frames.find(({ type }) => type === 'u')!.payload)!;
    expect(estimates.EtaConc_mV.value).toBeNull();
    expect(estimates.Dead_mAh).toEqual({ value: null, sigma: null, why: Why.Incomplete });

    // A sample that failed, and a temperature that is old.
    const { sense } = device.fake.device.bms!;
    const slowAt_ms = sense.slowAt_ms.slice();
    Object.defineProperty(sense, 'at_ms', { get: () => device.now_ms - 100, set: () => undefined });
    sense.slowAt_ms = new Proxy(slowAt_ms, { get: () => device.now_ms - 5000, set: () => true });
    const { payload } = device.run(20).find(({ type }) => type === 't')!;
    expect(readMeasurement(payload)).toMatchObject({
      voltage_mV: null,
      current_mA: null,
      temperature_cC: null,
      free: null,
    });
  });

  test('of a board that does not start tells why', () => {
    const device = new LinkedDevice();
    device.fake.device.bms = undefined;
    device.fake.device.fault = 16;
    device.ask(1, 'rate 1000');
    const { payload } = device.run(20).find(({ type }) => type === 't')!;
    expect(readMeasurement(payload)).toMatchObject({ fault: 16, voltage_mV: null, charge_pct: null, cycle: null });
  });

  test('that is being composed when the board starts anew is dropped', () => {
    const device = new LinkedDevice();
    device.ask(1, 'rate 1000');
    while (device.link.n[LinkNumber.slice] !== 2) device.tick();
    device.fake.device.bms = undefined;
    expect(device.run(5).filter(({ type }) => type === 'u')).toEqual([]);
  });
});

describe('the wall clock', () => {
  test('is kept beside the clock of the control', () => {
    const device = new LinkedDevice();
    const before_ms = device.now_ms;
    expect(device.ask(1, 'time 1790000000')).toBe('ok');
    expect(device.link.n[LinkNumber.zero_s]! + before_ms / 1000).toBeCloseTo(1790000000, 0);
    expect(device.now_ms - before_ms).toBe(400);
  });

  test.each([
    'time',
    'time x',
    'time 12',
    'time 1790000000.5',
    'time -1',
    'time 4294967296',
    'rate 99',
    'rate 1e3',
    'rate -0',
  ])('%s is left to the service, which says what is allowed', (line) => {
    const device = new LinkedDevice((text) => Served.commissioned().serve(text));
    expect(device.ask(1, line)).toMatch(/^error: (time <s>|rate <ms>)/);
    expect(device.link.n[LinkNumber.zero_s]).toBe(0);
    expect(device.link.n[LinkNumber.rate_ms]).toBe(0);
  });
});

describe('an answer', () => {
  test('to everything that changes something is short enough to be kept for a request that comes again', () => {
    const served = new Served();
    const commands = ['release X', 'widen charge_mA 4000', 'calibrate current 1000250 -120', 'configure {}', 'ship'];
    const answers = [`key ${KEY}`, 'tighten x 1', 'key 0', 'do 1-2 ship', 'piece 0 x', 'apply', 'challenge x'].map(
      (line) => served.serve(line),
    );
    answers.push(...commands.map((command) => served.authorise(command)));
    for (const answer of answers) expect(answer.length).toBeLessThanOrEqual(KEPT_ANSWER);
    expect(served.serve(`challenge ${'x'.repeat(900)}`).length).toBeLessThanOrEqual(KEPT_ANSWER);
  });

  test('that is longer is made anew when the request comes again', () => {
    let turn = 0;
    const device = new LinkedDevice(() => `ok ${++turn} ${'x'.repeat(300)}`);
    expect(device.ask(1, 'read 0 0')).toMatch(/^ok 1 x+$/);
    expect(device.ask(1, 'read 0 0')).toMatch(/^ok 2 x+$/);
  });
});
