/** A front end that resets itself or does what nobody asked for, and a bus that carries rubbish. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPackBms, tickPack, Wish, type PackBms } from '../../firmware/pack';
import { Fault, Policy } from '../../firmware/protect/faults';
import { appliedLimits, openFrontEnd } from '../../firmware/protect/frontEnd';
import { Row } from '../../firmware/protect/protection';
import { Switch } from '../../firmware/protect/switches';
import { Random } from '../../sim/random';
import { charging, conducts, flying, packHarness, resting, type PackHarness } from './packHarness';

/** Every number that the pack shows or goes by. */
function numbers({ bms }: PackHarness): number[] {
  const found: number[] = [];
  const gather = (value: unknown, depth: number): void => {
    if (typeof value === 'number') found.push(value);
    else if (ArrayBuffer.isView(value)) found.push(...(value as Float64Array));
    else if (typeof value === 'object' && value !== null && depth < 2)
      for (const [key, field] of Object.entries(value)) if (key !== 'wires') gather(field, depth + 1);
  };
  gather({ ...bms.sense, afe: undefined }, 0);
  gather([bms.charge_mA, bms.discharge_mA, bms.switches, bms.fets.closed], 0);
  gather({ ...bms.balance, settings: undefined }, 0);
  return found;
}

describe('a front end that resets itself', () => {
  it.each([true, false])(
    'in flight is set up again at once, crc %s: the firmware cuts nothing, thresholds are as before',
    (crc) => {
      const pack = flying({
        change: (config) => void (config.board = { ...config.board, afe: { ...config.board.afe, crc } }),
      });
      const { bench, bms } = pack;
      const before = bms.sense.afe.settings.slice();
      const memory = Uint8Array.from(bench.afe.memory.block(0x9261));
      const onset_ms = bench.clock.now_ms;
      let dark_ms = 0;
      let wire_ms = 0;
      let longest_wire_ms = 0;
      bench.onStep = (dt_s) => (dark_ms += bench.afe.dischargeConducts ? 0 : dt_s * 1000);
      pack.onTick = () => {
        wire_ms = bench.bus.busy_ms;
        longest_wire_ms = Math.max(longest_wire_ms, wire_ms);
      };
      bench.clock.at(onset_ms + 43, () => {
        bench.live();
        bench.afe.reset();
      });
      pack.run(5000);
      expect(pack.tripped()).toContain('a part lost its settings');
      expect(bms.switches).toBe(Switch.Discharge);
      expect(conducts(pack)).toBe('both');
      expect(bench.current_A).toBe(1.5);
      expect(bms.sense.afe.settings).toEqual(before);
      expect(Uint8Array.from(bench.afe.memory.block(0x9261))).toEqual(memory);
      // The part's own reset, a tick, what setting up takes on the wire, the part's turn.
      expect(dark_ms + longest_wire_ms).toBeLessThan(1000);
      pack.run(10000);
      expect(pack.tripped()).toEqual([]);
    },
  );

  it('on the ground opens, says so, and waits for a new start', () => {
    const pack = charging({ policy: Policy.Cycler });
    pack.bench.afe.reset();
    pack.run(1000);
    expect(pack.tripped()).toContain('a part lost its settings');
    pack.run(60000);
    expect(conducts(pack)).toBe('none');
    expect(pack.bms.switches).toBe(Switch.Fault);
  });

  it('that was sent into its configuration mode is taken out of it', () => {
    const pack = flying();
    const { afe } = pack.bench;
    afe['subcommands'].begin(0x0090, pack.bench.clock.now_ms);
    pack.run(3000);
    expect(conducts(pack)).toBe('both');
    expect(pack.tripped()).toContain('a part lost its settings');
  });

  it('that lost its switches by a command nobody gave gets them back', () => {
    const pack = flying();
    pack.bench.afe.switches.permit(0x0f);
    expect(conducts(pack)).toBe('none');
    pack.run(1000);
    expect(conducts(pack)).toBe('both');
  });

  it('that cannot be set up is tried again, and the firmware goes on', () => {
    const pack = flying();
    const { bench } = pack;
    bench.afe.reset();
    bench.bus.defects = { noByte: 2 };
    pack.run(3000);
    expect(conducts(pack)).toBe('none');
    expect(pack.bms.switches).toBe(Switch.Discharge);
    bench.bus.defects = undefined;
    pack.run(2000);
    expect(conducts(pack)).toBe('both');
  });
});

/** The controller starts anew, at this moment; the pack goes on under the new one. @returns whether the output was ever off */
function startAnew(pack: PackHarness): { again: PackBms; cut: boolean } {
  const { bench, config } = pack;
  const again = createPackBms(config, bench, openFrontEnd, bench.clock.now_ms);
  let cut = conducts(pack) !== 'both';
  for (let tick = 0; tick < 100; tick++) {
    bench.clock.now_ms += 100;
    bench.live();
    tickPack(again, bench.clock.now_ms);
    cut ||= conducts(pack) !== 'both';
  }
  return { again, cut };
}

describe('a controller that starts anew', () => {
  it.each(['with checksums', 'without'])('in flight leaves on what it finds on, %s', (how) => {
    const pack = flying({
      change: ({ board }) => void (board.afe = { ...board.afe, crc: how === 'with checksums' }),
    });
    const { again, cut } = startAnew(pack);
    expect(cut).toBe(false);
    expect([again.switches, again.wish]).toEqual([Switch.Discharge, Wish.On]);
    expect(Array.from(again.protection.state).every((state) => state === Row.Ok)).toBe(true);
    // What it watches is what it read: a setting that changes later is found.
    expect(Array.from(again.sense.afe.settings)).toEqual(Array.from(pack.bms.sense.afe.settings));
  });

  it('in flight, with garbled answers, cuts nothing', () => {
    for (let garbled = 1; garbled <= 5; garbled++) {
      const pack = flying();
      pack.bench.afe.wire.corruptReads = garbled;
      expect(startAnew(pack).cut).toBe(false);
    }
  });

  it.each([
    ['that was reset meanwhile', (pack: PackHarness) => pack.bench.afe.reset()],
    ['with another threshold', (pack: PackHarness) => (pack.bench.afe.memory.block(0x9286)[0]! += 1)],
  ])('in flight sets up a front end %s, and the switches close again', (_, change) => {
    const pack = flying();
    change(pack);
    const { again, cut } = startAnew(pack);
    expect(cut).toBe(true);
    const wished = appliedLimits(pack.config, pack.bms.sense.afe);
    expect(appliedLimits(pack.config, again.sense.afe)).toEqual(wished);
    // It comes back through precharge, which takes a load that draws nothing.
    pack.bench.load = () => 0;
    again.wish = Wish.On;
    for (let tick = 0; tick < 50; tick++) {
      pack.bench.clock.now_ms += 100;
      pack.bench.live();
      tickPack(again, pack.bench.clock.now_ms);
    }
    expect(conducts(pack)).toBe('both');
  });

  it('on the ground switches off until somebody wants it on', () => {
    const pack = flying({ policy: Policy.Cycler });
    const { again } = startAnew(pack);
    expect([again.switches, again.wish, conducts(pack)]).toEqual([Switch.Idle, Wish.Off, 'none']);
  });
});

it('a single setting that changed is found, and how long that takes is the number of settings', () => {
  const pack = flying();
  const { bench } = pack;
  bench.afe.memory.block(0x9286)[0]! += 1;
  const took_ms = pack.run(120e3, () => pack.state(Fault.PartReset) !== Row.Ok);
  expect(took_ms).toBeLessThan(40e3);
  pack.run(120e3, () => pack.state(Fault.PartReset) === Row.Tripped);
  expect(conducts(pack)).toBe('both');
});

describe('a bus that carries rubbish', () => {
  it('single errors cost a second try and nothing else, and wrong checksums are counted apart', () => {
    const pack = flying();
    const { bench, bms } = pack;
    for (let k = 0; k < 50; k++) {
      bench.afe.wire.corruptReads = 1;
      pack.run(100);
      bench.afe.wire.lateReads = 1;
      pack.run(100);
    }
    expect(pack.busy()).toEqual([]);
    // The driver has tried again by itself. Three in a row are beyond it.
    expect(bms.sense.busErrors).toBe(0);
    bench.afe.wire.corruptReads = 3;
    pack.run(100);
    expect([bms.sense.busErrors, bms.sense.checksumErrors]).toEqual([1, 1]);
    bench.afe.wire.lateReads = 3;
    pack.run(100);
    expect([bms.sense.busErrors, bms.sense.checksumErrors]).toEqual([2, 1]);
    expect(pack.tripped()).toEqual([]);
  });

  it('a line that a part holds is freed by nine clocks before anything grows old', () => {
    const pack = flying();
    for (let clocks = 1; clocks <= 9; clocks++) {
      pack.bench.bus.defects = { sdaHeld_clocks: clocks };
      pack.run(1000);
      expect(pack.bench.bus.defects.sdaHeld_clocks).toBe(0);
    }
    expect(pack.tripped()).toEqual([]);
    expect(pack.bms.sense.busErrors).toBe(9);
  });

  it.each([
    ['flying', flying],
    ['charging', charging],
    ['resting', resting],
  ])(
    '%s, with any share of wrong bits nothing is thrown, no number is lost, and in flight nothing opens',
    (_, from) => {
      for (const chance of [1e-4, 1e-3, 1e-2, 0.5]) {
        const pack = from();
        const { bench } = pack;
        let cut = false;
        pack.onTick = () => (cut ||= from === flying && !bench.afe.dischargeConducts);
        bench.bus.defects = { bitErrors: { chance, random: new Random(7, `bits ${chance}`) } };
        pack.run(20000);
        expect(numbers(pack).every(Number.isFinite)).toBe(true);
        expect(cut).toBe(false);
        bench.bus.defects = undefined;
        pack.run(15000);
        expect(pack.tripped().filter((name) => name !== 'deep discharge')).toEqual([]);
      }
    },
  );

  it('any bytes for ever, without checksums: nothing is thrown and every number is one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const pack = packHarness({
          change: (config) => void (config.board = { ...config.board, afe: { ...config.board.afe, crc: false } }),
        });
        const random = new Random(seed, 'bytes');
        pack.bms.wish = Wish.On;
        pack.bench.bus.attach(0x08, {
          readReg: (_, out) => void out.forEach((_, k) => (out[k] = Math.floor(256 * random.uniform()))),
          readFrom: () => {},
          writeTo: () => {},
        });
        pack.run(3000);
        expect(numbers(pack).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
