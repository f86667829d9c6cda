import { describe, expect, it } from 'vitest';
import { CYCLER } from '../../hal/boards/cycler';
import { ads1115Ready, ads1115Start } from '../../hal/chips/ads1115';
import { ina228Holds, ina228Status } from '../../hal/chips/ina228';
import { ina228Current_mA, ina228Voltage_mV } from './ina228Registers';
import { ina228Open, type Ina228Limits } from '../../hal/chips/ina228Open';
import { mcp4725Open, mcp4725Read, mcp4725Write } from '../../hal/chips/mcp4725';
import { Channel } from '../../sim/bench/channel';
import { Cell } from '../../sim/cell/cell';
import { BusFault } from '../../sim/chips/bus';
import { WrongPart } from '../../sim/chips/wrongPart';
import { loadProfile } from '../../sim/profiles/profile';
import { Random } from '../../sim/random';

const LIMITS: Ina228Limits = { highest_mA: 5000, lowest_mA: -5000, highest_mV: 4400, lowest_mV: 0, hottest_C: 85 };
const INA = CYCLER.ina228.address;
const DAC = CYCLER.dac.address;
const ADS = CYCLER.ads1115.address;
const profile = loadProfile('afl-l1');

function bench() {
  const channel = new Channel(CYCLER, new Cell(profile), 1);
  const { bus } = channel;
  const ina = ina228Open(bus, CYCLER.ina228, LIMITS);
  const dac = mcp4725Open(bus, DAC);
  const ads = { bus, address: ADS };
  channel.advanceTo(1000);
  return { channel, bus, ina, dac, ads };
}

describe('a part that does not acknowledge its address', () => {
  it('fails every transaction with it, and those with the others go on', () => {
    const { bus, ina, dac, ads } = bench();
    bus.defects = { address: INA, noAddress: true };
    expect(() => ina228Voltage_mV(ina)).toThrow(/no acknowledge from address 0x40/);
    expect(() => ina228Holds(ina)).toThrow(BusFault);
    expect(() => mcp4725Write(dac, 5)).not.toThrow();
    expect(() => ads1115Ready(ads)).not.toThrow();
    bus.defects = undefined;
    expect(ina228Holds(ina)).toBe(true);
  });

  it('may be all of them', () => {
    const { bus, ina, dac, ads } = bench();
    bus.defects = { noAddress: true };
    for (const use of [() => ina228Status(ina), () => mcp4725Read(dac), () => ads1115Ready(ads)])
      expect(use).toThrow(BusFault);
    expect(bus.misuse).toBeUndefined();
  });
});

describe('a part that does not acknowledge a byte', () => {
  it.each([1, 2])('byte %s of a write: nothing of it takes effect', (noByte) => {
    const { channel, bus, dac } = bench();
    mcp4725Write(dac, 100);
    bus.defects = { address: DAC, noByte };
    expect(() => mcp4725Write(dac, 200)).toThrow(`no acknowledge of byte ${noByte} from address 0x60`);
    expect(channel.dac.output).toBe(100 / 4096);
    expect(mcp4725Read(dac)).toBe(100);
  });

  it('a write that is shorter is not concerned', () => {
    const { bus, dac } = bench();
    bus.defects = { noByte: 3 };
    expect(() => mcp4725Write(dac, 200)).not.toThrow();
    expect(mcp4725Read(dac)).toBe(200);
  });

  it('the register of a read is the first byte written', () => {
    const { bus, ina } = bench();
    bus.defects = { noByte: 1 };
    expect(() => ina228Voltage_mV(ina)).toThrow(/byte 1 from address 0x40/);
  });
});

describe('a data line held low', () => {
  const recoveries = {
    'by the wire method': ({ channel }: ReturnType<typeof bench>) => channel.recoverBus(),
    'by pins, as a board in front of the bench does': ({ channel }: ReturnType<typeof bench>) => {
      const { scl, sda } = CYCLER.i2c;
      channel.digitalWrite(sda, true);
      for (let clock = 0; clock < 9; clock++) {
        expect(channel.digitalRead(sda)).toBe(false);
        channel.digitalWrite(scl, false);
        expect(channel.digitalRead(scl)).toBe(false);
        channel.digitalWrite(scl, true);
      }
      expect(channel.digitalRead(sda)).toBe(true);
    },
  };

  it.each(Object.entries(recoveries))('fails everything until nine clocks have been given, %s', (_, recover) => {
    const all = bench();
    const { bus, ina, dac } = all;
    bus.defects = { sdaHeld_clocks: 9 };
    for (let k = 0; k < 20; k++) {
      expect(() => ina228Status(ina)).toThrow('time-out: SDA is held low');
      expect(() => mcp4725Write(dac, 5)).toThrow(BusFault);
    }
    recover(all);
    expect(ina228Holds(ina)).toBe(true);
    mcp4725Write(dac, 5);
    expect(mcp4725Read(dac)).toBe(5);
  });

  it('is not freed by eight clocks, nor by clocks that do not fall', () => {
    const { channel, bus, ina } = bench();
    const { scl } = CYCLER.i2c;
    bus.defects = { sdaHeld_clocks: 9 };
    for (let k = 0; k < 20; k++) channel.digitalWrite(scl, true);
    for (let clock = 0; clock < 8; clock++) {
      channel.digitalWrite(scl, false);
      channel.digitalWrite(scl, true);
    }
    expect(() => ina228Status(ina)).toThrow(BusFault);
  });

  it('by a short stays, whatever is tried', () => {
    const { channel, bus, ina } = bench();
    bus.defects = { sdaHeld_clocks: Infinity };
    for (let k = 0; k < 5; k++) channel.recoverBus();
    expect(() => ina228Status(ina)).toThrow(/SDA/);
  });

  it('a recovery without need changes nothing', () => {
    const { channel, ina } = bench();
    const before = channel.bus.transactions;
    channel.recoverBus();
    expect(channel.bus.transactions).toBe(before);
    expect(ina228Holds(ina)).toBe(true);
  });
});

describe('a clock line held low', () => {
  it('is not freed by clocks, fails everything, and all is well when it is let go', () => {
    const { channel, bus, ina } = bench();
    bus.defects = { sclHeld: true, sdaHeld_clocks: 9 };
    channel.recoverBus();
    expect(channel.digitalRead(CYCLER.i2c.scl)).toBe(false);
    expect(() => ina228Status(ina)).toThrow('time-out: SCL is held low');
    bus.defects.sclHeld = false;
    expect(() => ina228Status(ina)).toThrow('time-out: SDA is held low');
    channel.recoverBus();
    expect(ina228Holds(ina)).toBe(true);
  });
});

describe('latency', () => {
  it('is time on the wire, counted from when the clock last moved', () => {
    const { channel, bus, ina } = bench();
    expect(bus.busy_ms).toBe(0);
    ina228Voltage_mV(ina);
    expect(bus.busy_ms).toBeCloseTo((6 * 9) / 400, 9);
    bus.defects = { latency_ms: 12 };
    for (let k = 0; k < 4; k++) ina228Status(ina);
    expect(bus.busy_ms).toBeGreaterThan(48);
    expect(bus.busy_ms).toBeLessThan(49);
    expect(channel.now_ms()).toBe(1000);
    channel.advanceTo(1100);
    expect(bus.busy_ms).toBe(0);
  });

  it('is time that parts live through: a conversion ends while the wire is slow', () => {
    const { bus, ads } = bench();
    ads1115Start(ads, 0);
    expect(ads1115Ready(ads)).toBe(false);
    bus.defects = { latency_ms: 10 };
    expect(ads1115Ready(ads)).toBe(true);
  });

  it('of a second is a time-out, and a line held low takes one each time', () => {
    const { bus, ina } = bench();
    bus.defects = { latency_ms: 1000 };
    expect(() => ina228Status(ina)).toThrow(/time-out: 0x40 holds the clock/);
    bus.defects = { sclHeld: true };
    expect(() => ina228Status(ina)).toThrow(/time-out/);
    expect(Math.floor(bus.busy_ms)).toBe(2000);
  });
});

describe('bits that arrive inverted', () => {
  it('do so as often as asked, the same for a seed, and only from the part named', () => {
    const readings = (seed: number): number[] => {
      const { bus, ina, dac } = bench();
      bus.defects = { address: INA, bitErrors: { chance: 0.01, random: new Random(seed) } };
      mcp4725Write(dac, 1234);
      const seen: number[] = [];
      for (let k = 0; k < 2000; k++) {
        seen.push(ina228Voltage_mV(ina));
        expect(mcp4725Read(dac)).toBe(1234);
      }
      return seen;
    };
    const seen = readings(7);
    expect(readings(7)).toEqual(seen);
    expect(readings(8)).not.toEqual(seen);
    // Twenty of the 24 bits count.
    const whole = seen.filter((value) => value === seen.at(-1)).length / seen.length;
    expect(whole).toBeCloseTo(0.99 ** 20, 1);
  });

  it('do not stay in the part', () => {
    const { bus, ina } = bench();
    const voltage_mV = ina228Voltage_mV(ina);
    bus.defects = { bitErrors: { chance: 1, random: new Random(1) } };
    expect(ina228Voltage_mV(ina)).not.toBe(voltage_mV);
    expect(ina228Holds(ina)).toBe(false);
    bus.defects = undefined;
    expect(ina228Voltage_mV(ina)).toBe(voltage_mV);
    expect(ina228Holds(ina)).toBe(true);
  });
});

describe('parts', () => {
  it.each([0x00, 0xff, 0x54])('a wrong one that answers %s for ever is no INA228, DAC or kept setting', (answer) => {
    const { bus, ina, dac } = bench();
    for (const address of [INA, DAC]) bus.attach(address, new WrongPart(answer));
    expect(() => ina228Open(bus, CYCLER.ina228, LIMITS)).toThrow(/not an INA228/);
    const refused = answer === 0xff ? 'MCP4725 does not hold zero' : 'part at 0x60 is not an MCP4725 that works';
    expect(() => mcp4725Open(bus, DAC)).toThrow(refused);
    expect(ina228Holds(ina)).toBe(false);
    mcp4725Write(dac, 1000);
    expect(mcp4725Read(dac)).not.toBe(1000);
    expect(bus.misuse).toBeUndefined();
  });

  it('an INA228 that reset itself reads another current scale and has neither limits nor settings', () => {
    const { channel, bus, ina } = bench();
    channel.ina.reset();
    expect(ina228Holds(ina)).toBe(false);
    expect(() => ina228Current_mA(ina)).not.toThrow();
    expect([...(bus.readReg(INA, 0x0e, 2) as Uint8Array)]).toEqual([0x7f, 0xff]);
  });

  it('an ADS1115 that reset itself converts nothing until it is told again', () => {
    const { channel, ads } = bench();
    ads1115Start(ads, 0);
    channel.ads.reset();
    channel.advanceTo(2000);
    expect([...(ads.bus.readReg(ADS, 1, 2) as Uint8Array)]).toEqual([0x85, 0x83]);
    expect([...(ads.bus.readReg(ADS, 0, 2) as Uint8Array)]).toEqual([0, 0]);
    ads1115Start(ads, 0);
    channel.advanceTo(2010);
    expect(ads1115Ready(ads)).toBe(true);
    expect(ads.bus.readReg(ADS, 0, 2)[0]).toBeGreaterThan(0);
  });

  it('a DAC that reset itself gives what its EEPROM holds: zero after the first opening', () => {
    const { channel, dac } = bench();
    mcp4725Write(dac, 3000);
    channel.dac.powerUp();
    expect(channel.dac.output).toBe(0);
    expect(mcp4725Read(dac)).toBe(0);
  });
});
