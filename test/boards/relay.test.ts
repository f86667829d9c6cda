import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBms, tick } from '../../firmware/bms';
import { Fault } from '../../firmware/protect/faults';
import { Switch } from '../../firmware/protect/switches';
import { CYCLER, type CyclerBoard, type CyclerWires, type Relay } from '../../hal/boards/cycler';
import type { CyclerProduct } from '../../sim/boards/product';
import { readBoardFile, readProduct } from '../../sim/boards/read';
import { startProblems } from '../../sim/boards/start';
import { Channel } from '../../sim/bench/channel';
import { RelayContact } from '../../sim/bench/relay';
import { Cell } from '../../sim/cell/cell';

function withRelay(relay: Relay): CyclerProduct {
  const file = readBoardFile('cycler') as { board: object };
  const { product, problems } = readProduct({ ...file, board: { ...file.board, relay } });
  if (product?.kind !== 'cycler') throw new Error(problems.join('\n'));
  return product;
}

describe('relays in place of the MOSFETs', () => {
  it('a contact follows its coil after its time', () => {
    const contact = new RelayContact(15);
    expect(contact.follow(true, 100)).toBe(false);
    expect(contact.left_ms(110)).toBe(5);
    expect(contact.follow(true, 115)).toBe(true);
    expect(contact.follow(false, 120)).toBe(true);
    // Back before it moved: it stays, only its time runs anew.
    expect(contact.follow(true, 125)).toBe(true);
    expect(contact.follow(true, 200)).toBe(true);
    expect(contact.left_ms(200)).toBe(Infinity);
  });

  it.each([5, 15, 100])('the self-test passes with %i ms', (time_ms) => {
    expect(startProblems(withRelay({ activeLow: true, time_ms }))).toEqual([]);
  });

  it('a relay that is slower than a phase of the self-test is found', () => {
    const product = withRelay({ activeLow: true, time_ms: 100 });
    product.config.board.relay!.time_ms = 300;
    expect(startProblems(product).join()).toMatch(/self-test ends with: self-test failed/);
  });

  it('charges, and opens its time after ALERT fell', () => {
    const { config, cell } = withRelay({ activeLow: false, time_ms: 15 });
    config.protocol = config.protocol.slice(0, 1);
    const channel = new Channel(config.board, new Cell(cell, 25), 1);
    const bms = createBms(structuredClone(config), channel, 0);
    let now_ms = 0;
    for (; now_ms < 20000; now_ms += 100) {
      channel.advanceTo(now_ms + 100);
      tick(bms, now_ms + 100);
    }
    expect(bms.protection.fault).toBe(Fault.None);
    expect(bms.switches).toBe(Switch.Charge);
    expect(channel.current_A).toBeCloseTo(-0.1, 2);
    // Far beyond the comparator's limit, at once.
    channel.stageGain = 30;
    let flowed_ms = 0;
    channel.onStep = (dt_s, current_A) => {
      if (current_A < -1) flowed_ms += dt_s * 1000;
    };
    channel.advanceTo(now_ms + 90);
    expect(channel.alert.read()).toBe(false);
    expect(channel.current_A).toBe(0);
    expect(flowed_ms).toBeGreaterThan(15);
    expect(flowed_ms).toBeLessThan(16.5);
  });
});

describe("the switches' pins on a board", () => {
  afterEach(() => void vi.unstubAllGlobals());

  /** As a board has them; loaded without its types, which are those of the interpreter. */
  async function pins(relay: Relay | undefined) {
    const file: string = '../../hal/espruino/cycler';
    const { cyclerWires } = (await import(file)) as { cyclerWires: (board: CyclerBoard) => CyclerWires };
    const levels: Record<string, boolean[]> = {};
    vi.stubGlobal('Pin', (name: string) => ({
      mode: () => undefined,
      write: (level: boolean) => void (levels[name] ??= []).push(level),
      read: () => levels[name]?.at(-1) ?? true,
    }));
    vi.stubGlobal('I2C1', { setup: () => undefined });
    return { levels, wires: cyclerWires({ ...CYCLER, relay }) };
  }

  it('are low from the first on, and high to close a MOSFET', async () => {
    const { levels, wires } = await pins(undefined);
    expect(levels.D25).toEqual([false]);
    wires.chargeSwitch.write(true);
    expect(levels.D25).toEqual([false, true]);
    expect(wires.chargeSwitch.read()).toBe(true);
  });

  it('are high from the first on, and low to close a relay that a low level closes', async () => {
    const { levels, wires } = await pins({ activeLow: true, time_ms: 15 });
    expect(levels.D25).toEqual([true]);
    expect(levels.D26).toEqual([true]);
    expect(wires.dischargeSwitch.read()).toBe(false);
    wires.dischargeSwitch.write(true);
    expect(levels.D26).toEqual([true, false]);
    expect(wires.dischargeSwitch.read()).toBe(true);
  });

  it("by Espruino's names close the simulated relays by the same level", () => {
    const channel = new Channel(
      { ...CYCLER, relay: { activeLow: true, time_ms: 15 } },
      new Cell(withRelay({ activeLow: true, time_ms: 15 }).cell),
      1,
    );
    channel.digitalWrite('D25', true);
    expect(channel.chargeSwitch.level).toBe(false);
    channel.digitalWrite('D25', false);
    expect(channel.chargeSwitch.level).toBe(true);
    expect(channel.digitalRead('D25')).toBe(false);
  });
});
