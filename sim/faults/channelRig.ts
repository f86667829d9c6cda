/** What a cycler channel's rigs have in common, whichever way its firmware is run. */
import type { Bms } from '../../firmware/bms';
import type { Config } from '../../firmware/config/config';
import { Fault } from '../../firmware/protect/faults';
import type { Protection } from '../../firmware/protect/protection';
import { Switch } from '../../firmware/protect/switches';
import type { Channel } from '../bench/channel';
import type { Random } from '../random';
import type { ChannelInjection } from './injections/injection';
import { FLOWING, TOLERANCE, type Rig } from './rig';
import type { Scenario } from './scenario';
import { setUp } from './setup';
import { NOTHING_MA, Truth, wasBeyond } from './truth';

/** Part of the plating number at which lithium plates rough from which on a warning is none too many: the limiting current is estimated. */
const PLATES_ROUGH = 0.6;
/** Warming from outside that counts as such, where the cell has no heat balance. */
const WARMED_K = 1;

export abstract class ChannelRig implements Rig {
  readonly channel: Channel;
  readonly config: Config;
  readonly truth: Truth;
  crash: unknown;
  onTick: (() => void) | undefined;
  /** Charge current over limiting current, the largest so far. */
  private platingNumber = 0;

  constructor(
    protected readonly scenario: Scenario,
    protected readonly injection: ChannelInjection | undefined,
  ) {
    const { config, createChannel } = setUp(scenario);
    this.config = config;
    this.channel = createChannel();
    const { channel } = this;
    const { cell } = channel;
    const tolerance = { ...TOLERANCE, ...injection?.tolerance };
    this.truth = new Truth(config, config.pace.period_ms, tolerance, () => {
      const mV = 1000 * cell.voltage_V;
      return { highest_mV: mV, lowest_mV: mV, hottest_C: cell.temperature_C, coldest_C: cell.temperature_C };
    });
    this.truth.forbid(Fault.CurrentWhenOpen, 'both switches told to close', () =>
      channel.chargeSwitch.level && channel.dischargeSwitch.level ? 1 : 0,
    );
    channel.onStep = (dt_s, current_A) => {
      this.truth.step(dt_s, current_A);
      if (current_A >= 0) return;
      const number = (-1000 * current_A) / cell.area_cm2 / cell.limitingCurrent_mA_cm2;
      if (number > this.platingNumber) this.platingNumber = number;
    };
  }

  abstract get bms(): Bms | undefined;
  abstract readonly error: string;
  abstract readonly startFault: Fault;
  abstract run(until_ms: number, until?: () => boolean): void;
  abstract release(fault: Fault): string;
  abstract restart(): void;
  abstract stop(): void;

  get now_ms(): number {
    return this.channel.clock.now_ms;
  }
  get protection(): Protection | undefined {
    return this.bms?.protection;
  }

  begin(size: number, random: Random): void {
    this.channel.live();
    this.injection?.start?.(this.channel, this.config, size, random);
  }

  end(): void {
    this.injection?.stop?.(this.channel, this.config);
  }

  isBeyond(): boolean {
    const { injection, bms, channel, config } = this;
    if (injection?.isBeyond === undefined) return true;
    return bms !== undefined && injection.isBeyond(channel, config, bms);
  }

  inService(): boolean {
    const { bms } = this;
    if (bms === undefined || bms.protection.open || bms.selfTest !== undefined) return false;
    const asked_mA = Math.abs(bms.actuator.wish_mA);
    if (bms.switches === Switch.Idle) return asked_mA === 0 && (this.scenario.state.kind === 'rest' || this.hasEnded());
    if (bms.switches !== Switch.Charge && bms.switches !== Switch.Discharge) return false;
    return Math.abs(this.truth.current_mA) > FLOWING * asked_mA && asked_mA > NOTHING_MA;
  }

  /** The protocol has come to its final rest. */
  hasEnded(): boolean {
    const { bms } = this;
    return this.scenario.state.kind !== 'rest' && bms !== undefined && bms.run.index === bms.run.steps.length - 1;
  }

  /** A cell that plates fast, is warmed by something else than its losses, or leaves its limits by itself because it is worn. */
  isTrue(fault: Fault): boolean {
    const { cell } = this.channel;
    if (fault === Fault.SelfHeating) return cell.temperature_C > this.scenario.state.temperature_C + WARMED_K;
    if (fault === Fault.PlatingTooFast) return this.platingNumber > PLATES_ROUGH * cell.profile.parameters.P0;
    return wasBeyond(this.truth, this.config.limits, fault, TOLERANCE.voltage_mV);
  }

  describe(): string {
    const { cell } = this.channel;
    const switches = this.bms === undefined ? `does not start: ${this.error}` : Switch[this.bms.switches]!;
    const [mV, mA] = [1000 * cell.voltage_V, this.truth.current_mA].map((value) => value.toFixed(0).padStart(6));
    return `${mV} mV ${mA} mA ${cell.temperature_C.toFixed(1).padStart(6)} degC  ${switches.padEnd(10)}`;
  }
}
