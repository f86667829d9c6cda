import { describe, expect, test } from 'vitest';
import {
  createEstimates,
  Estimated,
  publish,
  refuse,
  shiftTimes,
  Why,
  whyText,
} from '../../firmware/estimate/estimates';

const all = [...Array(Estimated.length).keys()] as Estimated[];

describe('estimates', () => {
  test('of a new device none is valid, and each says why', () => {
    const known = createEstimates();
    for (const what of all) expect(known.why[what]).toBe(Why.NotYet);
  });

  test('a published one carries value, sigma, time and validity, and touches no other', () => {
    const known = createEstimates();
    publish(known, Estimated.Lambda_mAh, 120, 4, 5000);
    expect(known.value[Estimated.Lambda_mAh]).toBe(120);
    expect(known.sigma[Estimated.Lambda_mAh]).toBe(4);
    expect(known.at_ms[Estimated.Lambda_mAh]).toBe(5000);
    for (const what of all) expect(known.why[what]).toBe(what === Estimated.Lambda_mAh ? Why.Valid : Why.NotYet);
  });

  test('a refused one keeps value, sigma and time, which tell its age, and says why', () => {
    const known = createEstimates();
    publish(known, Estimated.EtaConc_mV, 50, 3, 1000);
    refuse(known, Estimated.EtaConc_mV, Why.Gap);
    expect(known.value[Estimated.EtaConc_mV]).toBe(50);
    expect(known.sigma[Estimated.EtaConc_mV]).toBe(3);
    expect(known.at_ms[Estimated.EtaConc_mV]).toBe(1000);
    expect(known.why[Estimated.EtaConc_mV]).toBe(Why.Gap);
  });

  test('what was never found stays that', () => {
    const known = createEstimates();
    refuse(known, Estimated.Capacity_mAh, Why.Incomplete);
    expect(known.why[Estimated.Capacity_mAh]).toBe(Why.NotYet);
  });

  test('a clock that is set moves all times with it', () => {
    const known = createEstimates();
    publish(known, Estimated.Dead_mAh, 1, 1, 9000);
    shiftTimes(known, -4000);
    expect(known.at_ms[Estimated.Dead_mAh]).toBe(5000);
  });

  test('every reason has words of its own', () => {
    const reasons = Object.values(Why).filter((why): why is Why => typeof why === 'number');
    const words = reasons.map(whyText);
    expect(new Set(words).size).toBe(reasons.length);
    for (const text of words) expect(text).toMatch(/^[a-z]/);
  });
});
