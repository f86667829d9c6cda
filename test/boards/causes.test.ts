/* eslint-disable @typescript-eslint/no-explicit-any -- files of any form are what is tested */
/** What `config check` says of a damaged file: each cause once, in the file's own words, with what is allowed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../firmware/config/check';
import { checkPackConfig } from '../../firmware/config/checkPack';
import { createStep, StepKind } from '../../firmware/protocol/step';
import { readBoardFile, readProduct } from '../../sim/boards/read';

const STEPS = [
  { kind: 'charge', current_mA: 200, until_mV: 4300 },
  { kind: 'rest', time_ms: 300000 },
  { kind: 'discharge', current_mA: 999, until_mV: 3000, interrupts: 4 },
  { kind: 'rest', time_ms: 300000 },
  { kind: 'repeat', to: 0, times: 50 },
];
const WIFI = { ssid: 'lab', password: '', broker: '10.0.0.2' };
const RELAY = { activeLow: true, time_ms: 15 };

/** Good files, with what a file may have beyond the built-in ones. */
const files: Record<string, () => any> = {
  cycler: () => readBoardFile('cycler'),
  'cycler with steps': () => ({ ...(readBoardFile('cycler') as object), protocol: structuredClone(STEPS) }),
  'cycler with relays': () => {
    const file = readBoardFile('cycler') as any;
    return { ...file, board: { ...file.board, relay: { ...RELAY } }, wifi: { ...WIFI } };
  },
  'drone-6s': () => ({ ...(readBoardFile('drone-6s') as object), wifi: { ...WIFI } }),
};

/** Every field, with what it stands in. */
const paths = (value: unknown, at: string[] = []): string[][] =>
  typeof value === 'object' && value !== null && typeof (value as unknown[])[0] !== 'string' && !isNumbers(value)
    ? Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...paths(inner, [...at, key])])
    : [];
const isNumbers = (value: object): boolean => Array.isArray(value) && typeof value[0] === 'number';
const nameOf = (path: readonly string[]): string =>
  path.map((key, k) => (/^\d+$/.test(key) ? `[${key}]` : k === 0 ? key : `.${key}`)).join('');

const GONE = Symbol('missing');
const NOTHING = [GONE, null, '', 'abc', 'NaN', -1, -1e300, 1e300, Infinity, 0, [], { other: { than: 1 } }];
const damage = fc.oneof(
  fc.constantFrom<unknown>(...NOTHING),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.integer({ min: -6, max: 6 }).map((power) => ({ times: 10 ** power })),
);

function damaged(file: any, at: readonly string[], value: any): void {
  const part = at.slice(0, -1).reduce((inner, key) => inner?.[key], file);
  const key = at.at(-1)!;
  if (typeof part !== 'object' || part === null || !(key in part)) return;
  if (value === GONE) delete part[key];
  else part[key] = value?.times === undefined ? value : typeof part[key] === 'number' ? part[key] * value.times : 'abc';
}

const fieldOf = (line: string): string => line.split(/ is |: /)[0]!;

/** What a file may name: all that a good one has, all that it has itself, and all of a step. */
function vocabulary(good: any, own: any): Set<string> {
  const steps = Object.keys(createStep(StepKind.Rest, 0, 0, 0)).flatMap((key) =>
    STEPS.map((_, k) => `protocol[${k}].${key}`),
  );
  const optional = [
    ...Object.keys(RELAY).map((key) => `board.relay.${key}`),
    'board.relay',
    'wifi',
    'steer',
    'mavlink',
  ];
  const wifi = ['port', 'user', 'secret', 'topic', 'period_ms'].map((key) => `wifi.${key}`);
  return new Set([
    ...[good, own, readBoardFile('cycler')].flatMap((file) => paths(file)).map(nameOf),
    ...steps,
    ...optional,
    ...wifi,
  ]);
}

function expectPlain(lines: readonly string[], words: ReadonlySet<string>): void {
  for (const line of lines) {
    // Without what stands in the file.
    const bare = line.replace(/"[^"]*"/g, '').replace(/ is \w+, (which|as) /, ' is a pin, $1 ');
    expect(bare).not.toMatch(/undefined|NaN|\[object|\b([a-zA-Z]+) \1\b/);
    expect(line).toMatch(/; allowed: |; did you mean /);
    const allowed = bare.slice(bare.indexOf('allowed: '));
    expect(allowed).not.toMatch(/Infinity/);
    const [, least, most] = /allowed: (?:a whole number, )?(-?[\d.e+]+) to (-?[\d.e+]+)/.exec(bare) ?? [];
    if (least !== undefined) expect(Number(least), line).toBeLessThan(Number(most));
    expect(words, line).toContain(fieldOf(line));
  }
  const fields = lines.map(fieldOf);
  expect(new Set(fields).size).toBe(fields.length);
  for (const field of fields) expect(fields.filter((other) => other.startsWith(`${field}.`))).toEqual([]);
}

describe.each(Object.keys(files))('%s', (name) => {
  const good = files[name]!();
  const all = paths(good);

  it('is good', () => expect(readProduct(good).problems).toEqual([]));

  it('damaged in some fields is told plainly, or is good for the device too', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...all), damage), { minLength: 1, maxLength: 4 }), (changes) => {
        const file = files[name]!();
        for (const [at, value] of changes) damaged(file, at, value);
        const { problems, product } = readProduct(file);
        expectPlain(problems, vocabulary(good, file));
        expect(product === undefined).toBe(problems.length > 0);
        if (product)
          expect(product.kind === 'pack' ? checkPackConfig(product.config) : checkConfig(product.config)).toBe('');
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('damaged in one field is told in one line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), damage, (at, value) => {
        const file = files[name]!();
        damaged(file, at, value);
        const { problems } = readProduct(file);
        if (!/other/.test(JSON.stringify(file))) expect(problems.length, problems.join('\n')).toBeLessThanOrEqual(1);
      }),
      { numRuns: 400, seed: 2 },
    );
  });
});

describe('what rests on a limit that is wrong is not told', () => {
  const told = (name: string, change: (file: any) => void): string[] => {
    const file = files[name]!();
    change(file);
    return readProduct(file).problems;
  };

  it.each(Object.keys(files))('%s without an over-voltage', (name) => {
    const line = 'limits.overVoltage_mV is missing; allowed: 4300 to 4400 mV, for the cell afl-l1';
    expect(told(name, (file) => delete file.limits.overVoltage_mV)).toEqual([line]);
  });

  it.each<[string, (file: any) => void, string]>([
    [
      'what may flow for ever, below most of the protocol',
      (f) => (f.limits.lastingDischarge_mA = 50),
      'limits.lastingDischarge_mA is 50 mA; allowed: at least 3000 mA, for steer.fastest_mA',
    ],
    [
      'a full scale that parts do not make',
      (f) => (f.board.dac.fullScale_mA = 550),
      "board.dac.fullScale_mA is 550 mA; allowed: 5500 mA, as parts.sense_ohm and the set-point's divider make it (3 %)",
    ],
    [
      'a tick longer than values may be old',
      (f) => (f.pace.period_ms = 900),
      'limits.maxAge_ms is 150 ms; allowed: 900 to 2000 ms (at least pace.period_ms)',
    ],
    [
      'a mistyped name',
      (f) => ((f.limits.overvoltage_mV = f.limits.overVoltage_mV), delete f.limits.overVoltage_mV),
      'limits.overvoltage_mV is unknown; did you mean limits.overVoltage_mV?',
    ],
  ])('%s', (_, change, line) => expect(told('cycler', change)).toEqual([line]));

  it('a fault beside it is told all the same', () => {
    const problems = told('cycler', (file) => {
      file.limits.overVoltage_mV = 'x';
      file.parts.fuse_A = 0;
      file.protocol.cycles = -1;
    });
    expect(problems.map(fieldOf).sort()).toEqual(['limits.overVoltage_mV', 'parts.fuse_A', 'protocol.cycles']);
  });
});
