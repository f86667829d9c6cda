/* eslint-disable @typescript-eslint/no-explicit-any -- files of any form are what is tested */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfig, configProblems } from '../../firmware/config/check';
import { checkPackConfig, packProblems } from '../../firmware/config/checkPack';
import type { Config } from '../../firmware/config/config';
import { packConfig, type PackConfig } from '../../firmware/config/packDefaults';
import { defaultConfig } from '../../firmware/config/unconfigured';
import { Policy } from '../../firmware/protect/faults';
import { StepKind } from '../../firmware/protocol/step';
import { CYCLER } from '../../hal/boards/cycler';
import { DRONE_6S } from '../../hal/boards/drone';
import { thresholds } from '../../sim/boards/applied';
import { fileText } from '../../sim/boards/fileText';
import { initBoard } from '../../sim/boards/init';
import { nominal_mAh } from '../../sim/boards/product';
import { boardNames, loadProduct, readBoardFile, readProduct } from '../../sim/boards/read';
import { startProblems } from '../../sim/boards/start';
import type { Json } from '../../sim/checkJson';
import { loadProfile, profileNames } from '../../sim/profiles/profile';

/** The file of a built-in board with a change. */
function changed(board: string, change: (file: any) => void): string[] {
  const file = readBoardFile(board) as Json;
  change(file);
  return readProduct(file).problems;
}
const channel = (change: (file: any) => void): string[] => changed('cycler', change);
const pack = (change: (file: any) => void): string[] => changed('drone-6s', change);

describe('built-in boards', () => {
  it('are those of the firmware', () => {
    const cycler = loadProduct('cycler');
    expect(cycler.config.board).toEqual(CYCLER);
    const drone = loadProduct('drone-6s');
    expect(drone.config.board).toEqual(DRONE_6S);
    expect(drone.kind === 'pack' && drone.config.policy).toBe(Policy.Flight);
  });

  it.each(boardNames())('%s is what init writes, and its file is kept as init writes it', (name) => {
    expect(initBoard({ board: name })).toEqual(readBoardFile(name));
    expect(fs.readFileSync(`sim/boards/${name}.json`, 'utf8')).toBe(fileText(initBoard({ board: name })));
  });

  it.each(boardNames())('%s is accepted by the device, as text too, and starts', (name) => {
    const product = loadProduct(name);
    const stored = JSON.parse(JSON.stringify(product.config));
    expect(product.kind === 'cycler' ? checkConfig(stored) : checkPackConfig(stored)).toBe('');
    expect(startProblems(product)).toEqual([]);
  });

  it.each([3, 4, 8, 16])('drone-6s with %i cells uses the lowest inputs and the topmost', (cells) => {
    const { product, problems } = readProduct(initBoard({ board: 'drone-6s', cells }));
    expect(problems).toEqual([]);
    if (product?.kind !== 'pack') throw new Error('no pack');
    expect(product.cells).toBe(cells);
    expect(product.config.board.afe.cells).toBe(0x8000 | ((1 << (cells - 1)) - 1));
    expect(startProblems(product)).toEqual([]);
  });

  const cells = profileNames().filter((name) => loadProfile(name).kind === 'full');

  it.each(cells)('a channel is laid out for the cell %s', (cell) => {
    const { product, problems } = readProduct(initBoard({ board: 'cycler', cell }));
    expect(problems).toEqual([]);
    expect(startProblems(product!)).toEqual([]);
  });

  it.each(cells)('packs are laid out for the cell %s, or it is said to be too small', (cell) => {
    for (const count of [3, 6, 16]) {
      const file = (): Json => initBoard({ board: 'drone-6s', cell, cells: count });
      if (nominal_mAh(loadProfile(cell)) < 47.6)
        expect(file).toThrow(/^--cell: '[\w-]+' has [\d.]+ mAh; allowed in a pack: at least 48 mAh, whose currents/);
      else {
        const { product, problems } = readProduct(file());
        expect(problems).toEqual([]);
        expect(startProblems(product!)).toEqual([]);
      }
    }
  });
});

describe('the front end of a pack does not cut what may flow for ever', () => {
  it.each([17, 100, 333, 700, 1000, 1500, 4000])('laid out for a cell of %d cm2', (area_cm2) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-pack-'));
    const cell = path.join(folder, 'cell.json');
    fs.writeFileSync(cell, JSON.stringify({ basedOn: 'afl-l1', name: 'mine', area_cm2 }));
    const { product, problems } = readProduct(initBoard({ board: 'drone-6s', cell }));
    fs.rmSync(folder, { recursive: true });
    expect(problems).toEqual([]);
    const applied = thresholds(product!);
    const cut_mA = (name: string): number => applied.find((threshold) => threshold.name === name)!.applies;
    const { lastingCharge_mA, lastingDischarge_mA } = product!.config.limits;
    expect(cut_mA('chargeOver_mA')).toBeGreaterThanOrEqual(1.1 * lastingCharge_mA);
    expect(cut_mA('dischargeOver1_mA')).toBeGreaterThanOrEqual(1.1 * lastingDischarge_mA);
  });

  it('else the check says so', () => {
    // In steps of 2 mV, 839 mA over 7 mOhm are 4 mV: 571 mA.
    expect(pack((file) => (file.board.afe.shunt_uOhm = 7000))).toEqual([
      expect.stringMatching(
        /^limits\.lastingCharge_mA is 664 mA; allowed: .*571 mA in its steps over board\.afe\.shunt_uOhm/,
      ),
    ]);
  });
});

describe('a file of the user', () => {
  it('may name a cell file and give the protocol step by step', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-board-'));
    const cell = path.join(folder, 'cell.json');
    fs.writeFileSync(cell, JSON.stringify({ basedOn: 'afl-l1', name: 'mine', area_cm2: 100 }));
    const file = path.join(folder, 'board.json');
    const own = initBoard({ board: 'cycler', cell }) as any;
    own.protocol = [
      { kind: 'charge', current_mA: 30, until_mV: 4300 },
      { kind: 'rest', time_ms: 60000 },
      { kind: 'discharge', current_mA: 100, until_mV: 3000 },
      { kind: 'repeat', to: 0, times: 5 },
    ];
    fs.writeFileSync(file, JSON.stringify(own));
    const product = loadProduct(file);
    fs.rmSync(folder, { recursive: true });
    expect(product.cell.name).toBe('mine');
    if (product.kind !== 'cycler') throw new Error('no channel');
    expect(product.config.cell?.area_cm2).toBe(100);
    expect(product.config.protocol.map((step) => [step.kind, step.current_mA, step.interrupts])).toEqual([
      [StepKind.Charge, 30, 0],
      [StepKind.Rest, 0, 0],
      [StepKind.Discharge, 100, 0],
      [StepKind.Repeat, 0, 0],
    ]);
  });

  it('is told all that is wrong at once, each with field, value, unit and what is allowed', () => {
    const problems = channel((file) => {
      file.board.pins.charge = 'D34';
      file.board.pins.cellAdc = 'D4';
      file.board.pins.alert = 'D12';
      file.board.pins.dischrge = file.board.pins.discharge;
      delete file.board.pins.discharge;
      file.limits.overVoltage_mV = 9000;
      file.limits.boardTemperature_C = 'hot';
      file.policy = 'sky';
      file.protocol.cycles = 1.5;
      file.cell = 'afl-l9';
    });
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^board\.pins\.charge is D34, which can only be read, not driven; allowed: D4, D13/),
        expect.stringMatching(/^board\.pins\.cellAdc is D4, which is not on ADC1; allowed: D32, D33/),
        expect.stringMatching(/^board\.pins\.alert is D12, which decides how the controller starts/),
        'board.pins.dischrge is unknown; did you mean board.pins.discharge?',
        'limits.overVoltage_mV is 9000 mV; allowed: 1000 to 5000 mV',
        'limits.boardTemperature_C is "hot"; allowed: 40 to 105 degC',
        'policy is "sky"; allowed: cycler',
        'protocol.cycles is 1.5; allowed: a whole number, 0 to 100000',
        expect.stringMatching(/^cell: cell "afl-l9" is unknown; allowed: afl-l1/),
      ]),
    );
    expect(problems).toHaveLength(9);
  });

  it.each<[string, (file: any) => void, RegExp]>([
    ['a flash pin', (f) => (f.board.pins.charge = 'D6'), /^board\.pins\.charge is D6, which is wired to the flash/],
    ['no pin', (f) => (f.board.pins.charge = 'D20'), /D20, which is no pin of an ESP32 module/],
    ['the console', (f) => (f.board.i2c.sda = 'D3'), /D3, which belongs to the console's UART/],
    ['a pin twice', (f) => (f.board.i2c.scl = 'D25'), /^board\.i2c\.scl is D25, as is board\.pins\.charge/],
    [
      'over-voltage beyond the cell',
      (f) => (f.limits.overVoltage_mV = 4500),
      /is 4500 mV; allowed: 4300 to 4400 mV, for the cell afl-l1$/,
    ],
    ['a charge beyond the cell', (f) => (f.protocol.chargeTo_mV = 4350), /^protocol\.chargeTo_mV is 4350 mV/],
    ['over-voltage far beyond it', (f) => (f.limits.overVoltage_mV = 5350), /; allowed: 4300 to 4400 mV, for the cell/],
    [
      'a shunt too large',
      (f) => (f.board.ina228.shunt_uOhm = 60000),
      /^board\.ina228\.maxCurrent_mA is 8192 mA; allowed: 66\.67 to 2730 mA, 163\.84 mV over board\.ina228\.shunt_uOhm$/,
    ],
    [
      'a current monitor that measures too little',
      (f) => (f.board.ina228.maxCurrent_mA = 1000),
      /^board\.ina228\.maxCurrent_mA is 1000 mA; allowed: at least 5500 mA, for board\.dac\.fullScale_mA$/,
    ],
    [
      'a limit beyond what is measured',
      (f) => (f.limits.overDischarge_mA = 7000),
      /^limits\.overDischarge_mA is 7000 mA; allowed: 0\.1 to 6826 mA \(what the shunt can measure\)$/,
    ],
    [
      'a current that may not last',
      (f) => (f.protocol.charge_mA = 400),
      /^protocol\.charge_mA is 400 mA; allowed: 0\.01 to 323 mA, limits\.lastingCharge_mA$/,
    ],
    [
      'a fuse that blows',
      (f) => (f.parts.fuse_A = 3),
      /^parts\.fuse_A is 3 A; allowed: 4\.68 to 18\.72 A, to carry 3510 mA for ever$/,
    ],
    [
      'a set-point that does not fit',
      (f) => (f.parts.sense_ohm = 0.2),
      /^board\.dac\.fullScale_mA is 5500 mA; allowed: 2750 mA/,
    ],
    ['an unknown part', (f) => (f.wfi = {}), /^wfi is unknown; did you mean wifi\?/],
    [
      'a relay that is slow',
      (f) => (f.board.relay = { activeLow: true, time_ms: 300 }),
      /^board\.relay\.time_ms is 300 ms; allowed: 1 to 100 ms/,
    ],
    [
      'a hold with relays',
      (f) => ((f.board.relay = { activeLow: true, time_ms: 15 }), (f.protocol.holdTo_mA = 50)),
      /^protocol\.holdTo_mA is 50 mA; allowed: 0 mA, with board\.relay/,
    ],
    [
      'no rest with relays',
      (f) => ((f.board.relay = { activeLow: true, time_ms: 15 }), (f.protocol.rest_ms = 0)),
      /^protocol\.rest_ms is 0 ms; allowed: 15 to 1000000000 ms, for one board\.relay to open/,
    ],
    [
      'a radio that says too much',
      (f) => (f.wifi = { ssid: 'a', password: '', broker: 'b', period_ms: 10 }),
      /^wifi\.period_ms is 10 ms; allowed: a whole number, 500 to 60000 ms/,
    ],
    ['a radio without a name', (f) => (f.wifi = { broker: 'b' }), /^wifi\.ssid is missing; allowed: a text of 1 to 32/],
  ])('of a channel is refused for %s', (_, change, problem) => {
    expect(channel(change)).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });

  it.each<[string, (file: any) => void, RegExp]>([
    [
      'inputs without the topmost',
      (f) => (f.board.afe.cells = [1, 2, 3]),
      /^board\.afe\.cells is \[1,2,3\]; allowed: 3 to 16 different inputs/,
    ],
    ['a thermistor that is none', (f) => (f.board.afe.thermistors = ['TS4']), /^board\.afe\.thermistors is \["TS4"\]/],
    [
      'a shunt too small',
      (f) => (f.board.afe.shunt_uOhm = 2000),
      /^board\.afe\.shunt_uOhm is 2000 uOhm; allowed: 4769 to 16420 uOhm, for the BQ76952 to compare limits\.overCharge_mA$/,
    ],
    [
      'a cold that the front end cannot hold',
      (f) => (f.limits.underTemperature_C = -45),
      /^limits\.underTemperature_C is -45 degC; allowed: -35 to 125 degC, which the BQ76952 can hold$/,
    ],
    [
      'a charge that the front end cannot tell from none',
      (f) => ((f.limits.overCharge_mA = 20), (f.limits.lastingCharge_mA = 19)),
      /^limits\.overCharge_mA is 20 mA; allowed: at least 203 mA, for the BQ76952 to compare it and limits\.overDischarge_mA over/,
    ],
    [
      'no thermistor',
      (f) => (f.board.afe.thermistors = []),
      /^board\.afe\.thermistors is \[\]; allowed: a list of one or/,
    ],
    [
      'the console for MAVLink',
      (f) => (f.mavlink.uart = 'Serial1'),
      /^mavlink\.uart is Serial1, the UART of the interpreter's console/,
    ],
    ['a shared pin', (f) => (f.mavlink.tx = 'D21'), /^mavlink\.tx is D21, as is board\.i2c\.sda/],
    [
      'a system that is none',
      (f) => (f.mavlink.systemId = 0),
      /^mavlink\.systemId is 0; allowed: a whole number, 1 to 255/,
    ],
    [
      'a precharge that takes longer',
      (f) => (f.parts.load_uF = 20000),
      /^board\.precharge\.longest_ms is 1000 ms; allowed: 2165 to 10000 ms, in which parts\.precharge_ohm fills/,
    ],
    [
      'balancing through other resistors',
      (f) => (f.parts.inputResistor_ohm = 100),
      /^board\.balance_ohm is 79 ohm; allowed: 266 ohm/,
    ],
    ['a charge beyond the cell', (f) => (f.chargeTo_mV = 4320), /^chargeTo_mV is 4320 mV/],
    ['a protocol', (f) => (f.protocol = []), /^protocol is unknown/],
  ])('of a pack is refused for %s', (_, change, problem) => {
    expect(pack(change)).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });

  it('may have a radio, whose usual numbers need not be given', () => {
    const file = readBoardFile('cycler') as any;
    file.wifi = { ssid: 'lab', password: 'x', broker: '10.0.0.2' };
    const { product, problems } = readProduct(file);
    expect(problems).toEqual([]);
    expect(product!.config.wifi).toMatchObject({ port: 1883, topic: 'caldera', period_ms: 5000 });
  });
});

describe('whatever a file holds', () => {
  const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, 1e300, '0x40', [], {}, [null]));
  const paths = (value: unknown, at: string[] = []): string[][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...paths(inner, [...at, key])])
      : [];

  it.each(boardNames())('the check of %s answers and does not throw', (name) => {
    const all = paths(readBoardFile(name));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...all), junk), { minLength: 1, maxLength: 3 }), (changes) => {
        const file = readBoardFile(name) as any;
        for (const [at, value] of changes) {
          const part = at.slice(0, -1).reduce((inner, key) => inner?.[key], file);
          if (typeof part === 'object' && part !== null) part[at.at(-1)!] = value;
        }
        expect(Array.isArray(readProduct(file).problems)).toBe(true);
      }),
      { numRuns: 500, seed: 1 },
    );
    for (const whole of [null, 1, 'x', [], {}]) expect(readProduct(whole).problems).toHaveLength(1);
  });

  it("the device's own checks do not throw either, and accept only what is whole", () => {
    const configs = {
      channel: defaultConfig(),
      pack: packConfig({ capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 }, 6, 0.5, 5, Policy.Flight),
    };
    expect(configProblems(configs.channel)).toEqual([]);
    expect(packProblems(configs.pack)).toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom('channel', 'pack'), fc.nat(), junk, (kind, pick, value) => {
        const config = structuredClone(configs[kind as 'pack']) as any;
        const all = paths(config);
        const at = all[pick % all.length]!;
        at.slice(0, -1).reduce((inner, key) => inner[key], config)[at.at(-1)!] = value;
        const problems = kind === 'pack' ? packProblems(config as PackConfig) : configProblems(config as Config);
        expect(problems.every((line) => typeof line === 'string')).toBe(true);
      }),
      { numRuns: 1000, seed: 2 },
    );
    for (const whole of [undefined, null, 1, 'x', [], {}]) {
      expect(checkConfig(whole as never)).not.toBe('');
      expect(checkPackConfig(whole as never)).not.toBe('');
    }
  });
});
