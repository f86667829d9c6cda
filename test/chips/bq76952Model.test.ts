import { describe, expect, it } from 'vitest';
import { Bq76952Fault, bq76952Read } from '../../hal/chips/bq76952';
import { BusFault, UndefinedAccess } from '../../sim/chips/bus';
import { Bq76952Model } from '../../sim/chips/bq76952';
import { BQ76952_TYPICAL } from '../../sim/chips/bq76952Measure';
import { Random } from '../../sim/random';
import { Bench, IDEAL } from './bq76952Bench';
import { BOTH, calm, SILENT_FOR_EVER } from './bq76952Bench';

describe('a BQ76952 as it comes', () => {
  const model = new Bq76952Model([0, 1, 2, 3, 4, 15], new Random(1, 'part'), IDEAL);
  const read = (register: number, count: number): number[] => {
    const out = new Uint8Array(count);
    model.wire.readReg(register, out, 0);
    return [...out];
  };

  it('has no CRC, most protections off, its switches open, and says that it has been reset', () => {
    expect(model.memory.get(0x9261)).toBe(0x88);
    expect(model.memory.get(0x9262)).toBe(0);
    expect(model.memory.get(0x9263)).toBe(0);
    expect(read(0x12, 2)).toEqual([0x08, 0x01]);
    const cells_V = new Float64Array(6).fill(2);
    const temperatures_C = Float64Array.of(90, 90, 90);
    for (let k = 0; k < 100; k++) model.run(0.1, cells_V, 7, temperatures_C);
    expect(read(0x02, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(read(0x7f, 1)).toEqual([0]);
  });

  it('protects against a short circuit of 10 mV and 4.35 V all the same', () => {
    model.run(0.1, new Float64Array(6).fill(4), 11, Float64Array.of(25, 25, 25));
    expect(read(0x03, 1)[0]! & Bq76952Fault.Short).not.toBe(0);
    model.run(0.4, new Float64Array(6).fill(4.36), 0, Float64Array.of(25, 25, 25));
    expect(read(0x03, 1)[0]! & Bq76952Fault.CellOver).not.toBe(0);
  });

  it.each([0x08, 0x3c, 0x7c, 0x7e])('has no register %i', (register) => {
    expect(() => read(register, 1)).toThrow(UndefinedAccess);
  });

  it('answers a subcommand when it is done, and not before', () => {
    model.wire.writeTo([0x3e, 0x01, 0x00], 10);
    const early = new Uint8Array(4);
    model.wire.readReg(0x3e, early, 10.3);
    expect([...early.subarray(0, 2)]).toEqual([0xff, 0xff]);
    const done = new Uint8Array(4);
    model.wire.readReg(0x3e, done, 10.41);
    expect([...done]).toEqual([0x01, 0x00, 0x95, 0x76]);
    expect(read(0x60, 2)).toEqual([~(1 + 0x95 + 0x76) & 255, 6]);
  });

  it('takes data memory with the right checksum and length, in CONFIG_UPDATE alone', () => {
    const part = new Bq76952Model([0, 1, 15], new Random(1, 'part'), IDEAL);
    const write = (value: number, checksum: number, length: number, time_ms: number): void => {
      part.wire.writeTo([0x3e, 0x78, 0x92, value], time_ms);
      part.wire.writeTo([0x60, checksum, length], time_ms);
    };
    const checksum = (value: number): number => ~(0x78 + 0x92 + value) & 255;
    expect(() => write(70, checksum(70), 5, 1)).toThrow(UndefinedAccess);
    part.wire.writeTo([0x3e, 0x90, 0x00], 2);
    expect(() => write(70, checksum(70), 5, 3.9)).toThrow(UndefinedAccess);
    write(70, checksum(70) ^ 1, 5, 4.1);
    write(70, checksum(70), 4, 4.2);
    write(70, checksum(70), 60, 4.2);
    expect(part.memory.get(0x9278)).toBe(86);
    write(70, checksum(70), 5, 4.3);
    expect(part.memory.get(0x9278)).toBe(70);
    expect(() => write(111, checksum(111), 5, 4.4)).toThrow('0x9278 is 111; allowed: 20 to 110');
    expect(() => part.wire.writeTo([0x61, 5], 5)).toThrow(UndefinedAccess);
    expect(() => part.wire.writeTo([0x14, 5], 5)).toThrow('register 0x14 cannot be written');
    expect(() => part.wire.writeTo([0x3e, 0x77, 0x77], 5)).toThrow('subcommand 0x7777');
  });
});

describe('a run of the model', () => {
  it('comes out the same in one piece or in many', () => {
    const states = [1, 7, 100].map((pieces) => {
      const bench = calm();
      bench.cells_V[0] = 4.32;
      bench.current_A = 40;
      for (let k = 0; k < pieces; k++) bench.live(2 / pieces);
      return [bench.faults(), bench.fets(), bench.cells()[0]];
    });
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });

  it('a wrong CRC of a write is not acknowledged, and what came before it counts', () => {
    const bench = calm();
    expect(() => bench.model.wire.writeTo([0x3e, 0x95, 0x00, 0x00, 0x00], bench.wire.time_ms)).toThrow(BusFault);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it('a typical specimen raises no fault at legal extremes', () => {
    const bench = new Bench(BQ76952_TYPICAL, SILENT_FOR_EVER).close();
    bench.cells_V.set([4.28, 2.55, 3.8, 3.8, 3.8, 3.8]);
    bench.temperatures_C.set([43, 2]);
    for (let k = 0; k < 200; k++) {
      bench.current_A = k % 2 ? 115 : -28;
      bench.live(0.5);
      const out = new Float64Array(3);
      bq76952Read(bench.afe, bench.afe.safety, out);
      expect(bench.faults()).toBe(0);
    }
  });
});
