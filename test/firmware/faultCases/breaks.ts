/** Ways to break a running channel, and what a case of it says. */
import type { Config } from '../../../firmware/config/config';
import { Fault } from '../../../firmware/protect/faults';
import { Alarm, clear, Level, raise, Reason } from '../../../firmware/watch/alarms';
import type { ChannelDefects } from '../../../sim/bench/faults';
import type { I2cPart } from '../../../sim/chips/bus';
import { WHAT, type ChannelBench } from '../channelBench';

export type State = keyof typeof WHAT;
export const STATES = Object.keys(WHAT) as State[];
export const FLOWS: State[] = ['charge', 'discharge'];

/** Breaks something in a running channel. @returns what mends it */
export type Break = (bench: ChannelBench) => () => void;

export interface Case {
  fault: Fault;
  /** What breaks, where a row has more than one way to it. */
  how?: string;
  states: State[];
  breaks: Break;
  /** Of the configuration, so that nothing else trips. */
  change?: (config: Config) => void;
  /** How long it takes until the value is beyond its level. */
  grows_ms?: number;
  /** The row is not the only one that trips by it: what it takes away by itself is not to be seen. */
  shared?: boolean;
  /** The DAC, or a switch, does not do what it is told: that no current flows is all that can be asked for. */
  deaf?: boolean;
  /** Setting up the parts anew is all it takes. */
  heals?: boolean;
  /** How long what is compared still holds what was wrong. */
  lasts_ms?: number;
  /** It is the watchers of the lithium that say so. */
  watched?: boolean;
}

export const defect =
  (defects: ChannelDefects): Break =>
  ({ channel }) => {
    channel.defects = defects;
    return () => (channel.defects = undefined);
  };

export const temperature =
  (temperature_C: number): Break =>
  ({ channel }) => {
    channel.sensorTemperature_C = temperature_C;
    return () => (channel.sensorTemperature_C = undefined);
  };

export const detached =
  (which: 'ina' | 'dac' | 'ads'): Break =>
  ({ channel, config: { board } }) => {
    const address =
      which === 'ina' ? board.ina228.address : which === 'dac' ? board.dac.address : board.ads1115.address;
    channel.bus.detach(address);
    return () => channel.bus.attach(address, channel[which]);
  };

/** A part whose result registers are never written again. */
export const frozen =
  (which: 'ina' | 'ads', registers: number[]): Break =>
  ({ channel, config: { board } }) => {
    const part: I2cPart = channel[which];
    const address = which === 'ina' ? board.ina228.address : board.ads1115.address;
    const held = new Map<number, Uint8Array>();
    channel.bus.attach(address, {
      readFrom: (out, time_ms) => part.readFrom(out, time_ms),
      writeTo: (bytes, time_ms) => part.writeTo(bytes, time_ms),
      readReg(register, out, time_ms) {
        part.readReg(register, out, time_ms);
        if (!registers.includes(register)) return;
        if (!held.has(register)) held.set(register, out.slice());
        out.set(held.get(register)!);
      },
    });
    return () => channel.bus.attach(address, part);
  };

/** Both sensors see this, so that they agree. */
export const voltage = (volts: number): Break => defect({ voltage: { stuck: volts }, coarseVoltage: { stuck: volts } });

/** Does something again and again, from half-way between two ticks on. */
export const repeated =
  (every_ms: number, act: (bench: ChannelBench, n: number) => void, mend: (bench: ChannelBench) => void): Break =>
  (bench) => {
    const { clock } = bench.channel;
    let on = true;
    let n = 0;
    const again = (): void => {
      if (!on) return;
      bench.channel.live();
      act(bench, n++);
      clock.at(clock.now_ms + every_ms, again);
    };
    again();
    return () => {
      on = false;
      mend(bench);
    };
  };

export const alarm =
  (which: Alarm, reason: Reason): Break =>
  ({ bms, channel }) => {
    const { alarms } = bms.watch!;
    raise(alarms, which, Level.Alarm, reason, 1, channel.clock.now_ms);
    return () => clear(alarms, which);
  };
