import { describe, expect, it } from 'vitest';
import { InputError } from '../../sim/errors';
import { arcPicture } from '../../sim/picture/arc';
import { runArc } from '../../sim/thermal/arc';
import { loadThermalProfile, thermalProfileNames } from '../../sim/thermal/profile';

describe.each(thermalProfileNames())('calorimeter, %s', (name) => {
  const profile = loadThermalProfile(name);
  const paper = profile.measured!;

  it('gives the temperatures that the profile was fitted to', () => {
    const result = runArc(profile);
    for (const key of ['onset_C', 'triggering_C', 'max_C'] as const)
      expect(Math.abs(result[key]! - paper[key]), key).toBeLessThan(0.1);
  });

  it('small steps of the oven at the same mean rate move each by less than one large step', () => {
    const [large, small] = [runArc(profile), runArc(profile, { step_K: 0.5, wait_min: 3 })];
    for (const key of ['onset_C', 'triggering_C', 'max_C'] as const)
      expect(Math.abs(small[key]! - large[key]!), key).toBeLessThan(5);
    expect(small.triggering_C).toBeCloseTo(large.triggering_C!, 0);
  });

  it('halving the sub-step moves none of them by 0.2 degC', () => {
    const [coarse, fine] = [0.1, 0.05].map((subStep_K) => runArc(profile, { subStep_K })) as [
      ReturnType<typeof runArc>,
      ReturnType<typeof runArc>,
    ];
    for (const key of ['onset_C', 'triggering_C', 'max_C'] as const)
      expect(Math.abs(coarse[key]! - fine[key]!), key).toBeLessThan(0.2);
    expect(fine.trace.at(-1)!.time_s / coarse.trace.at(-1)!.time_s).toBeCloseTo(1, 3);
  });

  it('holds the definitions in its own trace', () => {
    const { trace, onset_C, triggering_C, max_C } = runArc(profile);
    const first = trace.findIndex((sample) => sample.phase === 'exotherm');
    expect(trace.slice(0, first).every(({ phase, rate_C_min }) => phase === 'wait' || rate_C_min <= 0.02)).toBe(true);
    expect(trace[first]!.rate_C_min).toBeGreaterThan(0.02);
    expect(trace[first]!.temperature_C).toBe(onset_C);
    const after = trace.findIndex((sample) => sample.rate_C_min >= 60);
    expect(triggering_C).toBeGreaterThan(trace[after - 1]!.temperature_C - 1e-9);
    expect(triggering_C).toBeLessThan(trace[after]!.temperature_C + 1e-9);
    expect(Math.max(...trace.map((sample) => sample.temperature_C))).toBe(max_C);
    for (let k = 1; k < trace.length; k++) expect(trace[k]!.time_s).toBeGreaterThanOrEqual(trace[k - 1]!.time_s);
  });
});

it('a faster first reaction is found earlier', () => {
  const profile = loadThermalProfile('routine');
  const [slow, fast] = [0.5, 2].map((seiFactor) => runArc(profile, { seiFactor, step_K: 0.5 }).onset_C!) as [
    number,
    number,
  ];
  expect(fast).toBeLessThan(slow - 5);
});

it('an exotherm within a long wait is followed, not slept through', () => {
  const result = runArc(loadThermalProfile('routine'), { start_C: 100, wait_min: 600 });
  expect(result.onset_C).toBeGreaterThan(100);
  expect(result.onset_C).toBeLessThan(106);
  expect(result.triggering_C).toBeCloseTo(117, 0);
});

it('a cell without reactions ends at the last set point with no temperatures, and can be drawn', () => {
  const profile = loadThermalProfile('routine');
  const inert = { ...profile, reactions: profile.reactions.map((reaction) => ({ ...reaction, rise_K: 0 })) };
  const result = runArc(inert, { end_C: 100 });
  expect(result).toMatchObject({ onset_C: null, triggering_C: null, max_C: null });
  const seeks = result.trace.filter(({ phase }) => phase === 'seek');
  expect(seeks.map((sample) => sample.temperature_C)).toEqual([40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100]);
  expect(arcPicture([{ label: 'inert', result, measured: null }])).not.toContain('NaN');
});

it('a picture of two cells names both, and the paper only where something was measured', () => {
  const runs = thermalProfileNames().map((label) => {
    const profile = loadThermalProfile(label);
    return { label, result: runArc(profile), measured: profile.measured };
  });
  const svg = arcPicture(runs);
  for (const expected of ['routine', 'tri-salt', 'Self-heating rate', 'Time / h', 'Paper'])
    expect(svg).toContain(`>${expected}`);
  expect(svg).not.toContain('NaN');
  expect(arcPicture(runs.map((run) => ({ ...run, measured: null })))).not.toContain('>Paper');
});

it.each([
  [{ step_K: 0 }, /step_K is 0 K; allowed: 0.1 to 20 K/],
  [{ wait_min: NaN }, /wait_min is NaN min/],
  [{ start_C: 100, end_C: 100 }, /end_C is 100 degC; allowed: 105 to 600 degC/],
  [{ threshold_C_min: -1 }, /threshold_C_min is -1/],
])('refuses %j', (options, message) => {
  const run = () => runArc(loadThermalProfile('routine'), options);
  expect(run).toThrow(InputError);
  expect(run).toThrow(message);
});
