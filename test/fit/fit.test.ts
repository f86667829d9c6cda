import { describe, expect, it } from 'vitest';
import { fit, labWith, type FitProblem } from '../../sim/fit/fit';
import { drawMember } from '../../sim/fit/ensemble';
import { profileLikelihood } from '../../sim/fit/profileLikelihood';
import { fitStages } from '../../sim/fit/stages';
import { loadProfile } from '../../sim/profiles/profile';
import type { Lab } from '../../sim/reproduce/lab';
import type { Row } from '../../sim/reproduce/row';

/** Overpotential after a short charge: fast, and hangs on few parameters. */
function after_mV(lab: Lab, i_mA_cm2: number): number {
  const cell = lab.build('afl-l1-half');
  cell.step(-1, 3600);
  for (let k = 0; k < 30; k++) cell.step(i_mA_cm2, 20);
  return 1000 * cell.voltage_V;
}

const row = (i_mA_cm2: number, target: number): Row => ({
  paper: '-',
  quantity: `${i_mA_cm2} mA/cm2`,
  unit: 'mV',
  target,
  tolerance: 0.1,
  basis: 'fitted',
  source: '-',
  model: (lab) => after_mV(lab, i_mA_cm2),
});

const free = (symbol: 'ilim' | 'Rs') => ({ symbol, cells: ['afl-l1-half'], min: 0.5, max: 60 });
const truth = { ilim: 11, Rs: 8 };
const bare: FitProblem = { free: [free('ilim'), free('Rs')], rows: [] };
const rows = [1, 3, 5].map((i) => row(i, after_mV(labWith(bare, [truth.ilim, truth.Rs]), i)));
const problem: FitProblem = { ...bare, rows, priorSd: 50 };

describe('a fit', () => {
  it('finds the parameters that made the numbers, and the same ones again', () => {
    const first = fit(problem, { iterations: 40 });
    expect(first.values[0]).toBeCloseTo(truth.ilim, 1);
    expect(first.values[1]).toBeCloseTo(truth.Rs, 1);
    expect(first.misfit).toBeLessThan(0.1);
    expect(fit(problem, { iterations: 40 })).toEqual(first);
  });

  it('is held where its prior is when there is nothing to fit', () => {
    const { values } = fit({ ...bare, priorSd: 1 }, { iterations: 3 });
    expect(values[0]).toBeCloseTo(loadProfile('afl-l1-half').parameters.ilim, 2);
  });

  it('counts a number that the model does not yield as far off, without stopping', () => {
    const none: Row = { ...row(1, 10), model: () => NaN };
    expect(fit({ ...bare, rows: [none] }, { iterations: 2 }).misfit).toBeGreaterThan(10);
  });
});

it('a later stage keeps what an earlier one has found', () => {
  const [first, second] = fitStages(
    [
      () => ({ free: [free('ilim')], rows: rows.slice(0, 1), priorSd: 50 }),
      () => ({ free: [free('Rs')], rows: rows.slice(1), priorSd: 50 }),
    ],
    { iterations: 20 },
  );
  expect(second!.problem.fixed).toEqual([{ symbol: 'ilim', cells: ['afl-l1-half'], value: first!.result.values[0] }]);
});

it('a member of an ensemble depends on its seed alone', () => {
  const draw = (seed: number): readonly number[] =>
    drawMember([() => problem], seed, { iterations: 5 })[0]!.result.values;
  expect(draw(1)).toEqual(draw(1));
  expect(draw(2)).not.toEqual(draw(1));
});

it('a profile is least at the value that made the numbers, and steep where nothing makes up for it', () => {
  const own = loadProfile('afl-l1-half').parameters;
  const made = [1, 3, 5].map((i) => row(i, after_mV(labWith(bare, [own.ilim, own.Rs]), i)));
  const points = profileLikelihood([() => ({ ...bare, rows: made, priorSd: 50 })], 'ilim', 10);
  const misfits = points.map(({ misfit }) => misfit);
  const least = points[misfits.indexOf(Math.min(...misfits))]!;
  expect(least.value).toBeCloseTo(own.ilim, 1);
  expect(Math.min(misfits[0]!, misfits.at(-1)!)).toBeGreaterThan(least.misfit + 4);
});
