/** The pack's firmware on the real interpreter: it asks, decides and commands as on Node, and what a further cell costs. */
import { expect, test } from 'vitest';
import { Wish } from '../../firmware/pack';
import type { PackWires } from '../../hal/boards/drone';
import { interpreter, onDevice } from '../device/interpreter';
import { deviceScript, printedLines } from '../service/deviceScript';
import { packHarness, type PackHarness } from './packHarness';
import { summary, Wire, type Recording } from './wire';

/** Listens to everything that goes over the wires from now on. */
function listen({ bench, bms }: PackHarness): number[] {
  const stream: number[] = [];
  const { bus } = bench;
  const wires: PackWires = {
    bus: {
      readReg: (address, register, count) => {
        const bytes = Array.from(bus.readReg(address, register, count) as ArrayLike<number>);
        stream.push(Wire.Read, register, Wire.Count, count, ...bytes);
        return bytes;
      },
      readFrom: (address, count) => bus.readFrom(address, count),
      writeTo: (address, bytes) => {
        stream.push(Wire.Write, bytes.length, ...Array.from(bytes as ArrayLike<number>));
        bus.writeTo(address, bytes);
      },
    },
    alert: {
      read: () => {
        const level = bench.alert.read();
        stream.push(Wire.Alert, Number(level));
        return level;
      },
    },
    precharge: {
      write: (level) => {
        stream.push(Wire.PrechargeWrite, Number(level));
        bench.precharge.write(level);
      },
      read: () => {
        const level = bench.precharge.read();
        stream.push(Wire.PrechargeRead, Number(level));
        return level;
      },
    },
    recoverBus: () => bench.recoverBus(),
  };
  bms.sense.wires = bms.fets.wires = wires;
  bms.sense.afe.bus = wires.bus;
  return stream;
}

/** Self-test, precharge, flight, a short circuit. */
function flight(count: number): { recording: Recording; summaries: string[] } {
  const pack = packHarness({ differences: Array.from({ length: count }, () => ({})), charged_V: 4.1 });
  const { bench, bms } = pack;
  const { afe } = bms.sense;
  const answer = (block: typeof afe.cells): number[] =>
    Array.from(bench.bus.readReg(afe.address, block.register, block.count) as ArrayLike<number>);
  // What goes over the wires when the device starts.
  const start = [Wire.PrechargeWrite, 0, Wire.Read, afe.fets.register, Wire.Count, afe.fets.count, ...answer(afe.fets)];
  const stream = listen(pack);
  const wishes: number[] = [];
  const summaries: string[] = [];
  pack.onTick = () => void summaries.push(summary(bms));
  const plain = (block: typeof afe.cells) => ({ ...block, at: Array.from(block.at) });
  for (let tick = 1; tick <= 45; tick++) {
    if (tick === 11) bms.wish = Wish.On;
    if (tick === 24) bench.load = () => 1.5;
    if (tick === 38) bench.defects = { short_A: 60 };
    wishes.push(bms.wish);
    pack.run(100);
  }
  return {
    summaries,
    recording: {
      config: pack.config,
      afe: {
        address: afe.address,
        stride: afe.stride,
        crc8: Array.from(afe.crc8),
        settings: Array.from(afe.settings),
        cells: plain(afe.cells),
        safety: plain(afe.safety),
        temperatures: plain(afe.temperatures),
        fets: plain(afe.fets),
        answer: plain(afe.answer),
      },
      wishes,
      start: Buffer.from(start).toString('base64'),
      wire: Buffer.from(stream).toString('base64'),
      block: answer(afe.cells),
      fets: answer(afe.fets),
    },
  };
}

/** What other work on the machine may make of a cost. */
const BUSY = 2;

onDevice('the pack on the interpreter', () => {
  test('asks, decides and commands what it does on Node, in flight and at a short circuit', async () => {
    const { recording, summaries } = flight(6);
    const script = (await deviceScript('../pack-firmware/device.ts')) + `device.replay(${JSON.stringify(recording)});`;
    const printed = await printedLines(interpreter, script);
    expect(printed).toEqual(summaries.map((line) => `${line} 0`));
    expect(new Set(summaries.map((line) => line[0])).size).toBeGreaterThan(4);
  });

  test('a further cell costs some 6 Leibniz steps at most in sense and protect together', async () => {
    const script = await deviceScript('../pack-firmware/device.ts');
    const cost = async (count: number): Promise<number> => {
      const data = JSON.stringify({ ...flight(count).recording, wire: '', wishes: [] });
      const [line] = await printedLines(interpreter, `${script}device.cost(${data});`);
      const [read, protect] = line!.split(' ').map(Number);
      return (read! + protect!) / 10;
    };
    // What else the machine does can only make it dearer, or the comparison meaningless: it is tried again.
    let perCell = Infinity;
    for (let tries = 0; tries < 8 && !(perCell > 0.5 && perCell < 6); tries++)
      perCell = ((await cost(16)) - (await cost(3))) / 13;
    expect(perCell).toBeLessThan(BUSY * 6);
    expect(perCell).toBeGreaterThan(0.5);
  });
});
