/** The firmware in charge of a simulated channel: every tick reads chips over the bus and moves the cell through them. */
import { createBms, tick, type Bms } from '../../firmware/bms';
import { cyclerConfig } from '../../firmware/config/defaults';
import type { Config } from '../../firmware/config/config';
import { Fault } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { StepKind } from '../../firmware/protocol/step';
import { Alarm, alarmLevel, alarmReason, alarmText, Level } from '../../firmware/watch/alarms';
import { CYCLER, type CyclerBoard } from '../../hal/boards/cycler';
import { Channel } from '../bench/channel';
import { createPlant, type PlantKind } from '../cell/createPlant';
import type { Plant } from '../cell/plant';
import type { Ina228Errors } from '../chips/ina228';
import { InputError } from '../errors';
import type { CellProfile } from '../profiles/profile';
import type { OnSample, Sample } from '../results/types';
import type { HeatBalance } from '../thermal/heatBalance';
import { balanceOf } from '../thermal/selfHeat';
import { cellModelOf } from './cellModel';
import { CycleObserver } from './cycleObserver';
import { PATIENCE, ranAway, type CyclingRun, type Observation } from './cyclingRun';
import { FASTEST_C, steerSettings, type SteeringOptions } from './steerSettings';

export interface ChannelOptions extends SteeringOptions {
  charge_C: number;
  discharge_C: number;
  cycles: number;
  temperature_C: number;
  plant?: PlantKind;
  cooling_W_K?: number;
  seed: number;
  /** Longest time between two samples; Infinity: step edges only. */
  sampleEvery_s: number;
  onSample?: OnSample | undefined;
  /** Interrupts of each discharge, and a slow strip in every so many cycles (0: never). Default: none. */
  interrupts?: number;
  slowStripEvery?: number;
  /** Called after every tick of the firmware. */
  onTick?: (now_ms: number) => void;
  /** What the specimen of the current monitor has other than a typical one. */
  ina228?: Partial<Ina228Errors>;
}

/** An interrupt is over in ten seconds: it is sampled at least so often. */
const INTERRUPT_SAMPLE_MS = 1000;
/** How many ticks pass between two looks at the wall clock. */
const TICKS_PER_LOOK = 5000;
/** Steps of a constant current, whose nominal time is known. */
const PATIENT = [StepKind.Charge, StepKind.Discharge, StepKind.SlowStrip];
/** The reference board is laid out for 1 Ah and currents up to 5C of it. */
const BOARD_CAPACITY_MAH = 1000;
const BOARD_RATE_C = 5;

/**
 * `believed` is what the firmware is told of the cell, `profile` what it is.
 */
export class ChannelRun implements CyclingRun {
  stopped: string | undefined;
  readonly bms: Bms;
  readonly channel: Channel;
  readonly cell: Plant;
  private readonly sampleEvery_ms: number;
  private readonly sample: Sample;
  /** Index of the protocol's first step after formation. */
  private readonly mainFrom: number;
  private readonly observer: CycleObserver;
  private cyclesDone = 0;
  private stepBegan_ms = 0;
  private sampleDue_ms = 0;
  private last_ms = 0;
  private formationLoop = true;
  readonly alarms: string[] = [];
  private readonly alarmLevels: number[] = [];
  private interrupted = false;
  constructor(
    profile: CellProfile,
    private readonly options: ChannelOptions,
    believed: CellProfile = profile,
  ) {
    if (profile.kind === 'half')
      throw new InputError(
        `cell "${profile.name}" is a half cell, which no channel can charge; allowed: with --direct`,
      );
    const config = channelConfig(believed, options);
    this.cell = createPlant(options.plant ?? 'reduced', profile, options.temperature_C);
    this.channel = new Channel(config.board, this.cell, options.seed, options.ina228);
    if (options.cooling_W_K !== undefined)
      this.channel.balance = balanceOf(profile, options.temperature_C, options.cooling_W_K);
    this.bms = createBms(config, this.channel, 0);
    this.mainFrom = config.protocol.findIndex((step) => step.kind === StepKind.Repeat) + 1;
    this.observer = new CycleObserver(this.cell, this.bms, this.mainFrom);
    this.sampleEvery_ms = options.sampleEvery_s * 1000;
    this.sample = { time_s: 0, cycle: 0, step: 1, voltage_V: 0, current_A: 0, temperature_C: 0 };
    const { clock } = this.channel;
    const onTick = (): void => {
      const now_ms = clock.now_ms;
      this.channel.live();
      const next_ms = tick(this.bms, now_ms);
      this.observe(now_ms);
      options.onTick?.(now_ms);
      clock.at(now_ms + next_ms, onTick);
    };
    clock.at(config.pace.period_ms, onTick);
  }

  get balance(): HeatBalance | undefined {
    return this.channel.balance;
  }

  get simulated_s(): number {
    return this.channel.clock.now_ms / 1000;
  }

  advance(budget_ms: number): Observation | undefined {
    const deadline_ms = performance.now() + budget_ms;
    const { clock } = this.channel;
    do {
      for (let k = 0; k < TICKS_PER_LOOK; k++) {
        clock.next();
        if (this.bms.run.finished !== this.cyclesDone) {
          this.cyclesDone = this.bms.run.finished;
          if (this.formationLoop) this.formationLoop = this.bms.run.index < this.mainFrom;
          else return this.observer.observation();
        }
      }
      this.look();
    } while (this.stopped === undefined && performance.now() < deadline_ms);
    return undefined;
  }

  /** What can only go wrong slowly. */
  private look(): void {
    const { bms, channel } = this;
    if (channel.bus.misuse) throw channel.bus.misuse;
    const cycle = this.formationLoop ? 'formation' : `cycle ${bms.run.turns + 1}`;
    if (bms.protection.fault !== Fault.None)
      this.stopped = `${cycle}: the firmware opened its switches: ${faultName(bms.protection.fault)}`;
    this.stopped ??= ranAway(this.balance, cycle);
    this.noteAlarms(cycle);
    const step = bms.run.steps[bms.run.index];
    if (step === undefined || !PATIENT.includes(step.kind)) return;
    const nominal_ms = (3.6e6 * this.cell.nominal_mAh_cm2 * this.cell.area_cm2) / step.current_mA;
    if (channel.clock.now_ms - this.stepBegan_ms > PATIENCE * nominal_ms)
      this.stopped = `${cycle}: ${step.current_mA} mA did not reach ${step.until_mV} mV within ${PATIENCE} times its nominal time`;
  }

  /** The watchers' alarms, once each, with the cycle they were raised in. */
  private noteAlarms(cycle: string): void {
    const alarms = this.bms.watch?.alarms;
    if (alarms === undefined) return;
    for (let alarm = 1; alarm < Alarm.length; alarm++) {
      const level = alarmLevel(alarms, alarm);
      if (level > (this.alarmLevels[alarm] ?? 0))
        this.alarms.push(
          `${cycle}: ${level === Level.Alarm ? 'alarm' : 'warning'}: ${alarmText(alarmReason(alarms, alarm))}`,
        );
      this.alarmLevels[alarm] = level;
    }
  }

  private observe(now_ms: number): void {
    const { channel, bms } = this;
    const dt_s = (now_ms - this.last_ms) / 1000;
    this.last_ms = now_ms;
    const changed = this.observer.tick(channel.current_A, dt_s);
    const interrupted = bms.run.interrupts.until_ms > now_ms;
    const edge = changed || interrupted !== this.interrupted;
    if (this.options.onSample && (edge || now_ms >= this.sampleDue_ms)) this.emit(now_ms);
    if (edge) this.sampleDue_ms = 0;
    this.interrupted = interrupted;
    if (!changed) return;
    this.stepBegan_ms = now_ms;
    this.sample.step++;
    this.sample.cycle = bms.run.index < this.mainFrom ? 0 : bms.run.turns + 1;
  }

  /** The time series holds what the firmware measured. */
  private emit(now_ms: number): void {
    const { sample } = this;
    const { sense } = this.bms;
    sample.time_s = now_ms / 1000;
    sample.voltage_V = sense.voltage_mV / 1000;
    sample.current_A = sense.current_mA / 1000;
    sample.temperature_C = sense.temperature_C;
    this.sampleDue_ms =
      now_ms + (this.interrupted ? Math.min(INTERRUPT_SAMPLE_MS, this.sampleEvery_ms) : this.sampleEvery_ms);
    this.options.onSample?.(sample);
  }
}

/** The firmware's configuration for a cell: the reference board with shunt and full scale chosen for its size and rates. */
export function channelConfig(
  profile: CellProfile,
  options: SteeringOptions &
    Pick<ChannelOptions, 'charge_C' | 'discharge_C' | 'cycles' | 'interrupts' | 'slowStripEvery'>,
): Config {
  const capacity_mAh = profile.parameters.Qn * profile.area_cm2;
  const cell = {
    capacity_mAh,
    chargeTo_mV: profile.chargeCutoff_V * 1000,
    dischargeTo_mV: profile.dischargeCutoff_V * 1000,
  };
  const steer = steerSettings(options, capacity_mAh);
  const config = cyclerConfig(cell, options.charge_C, options.discharge_C, options.cycles, {
    interrupts: options.interrupts ?? 0,
    slowStripEvery: options.slowStripEvery ?? 0,
    steerTo_C: steer && FASTEST_C,
  });
  config.steer = steer;
  const fastest_C = Math.max(BOARD_RATE_C, options.charge_C, options.discharge_C);
  config.board = scaledBoard(CYCLER, (capacity_mAh / BOARD_CAPACITY_MAH) * (fastest_C / BOARD_RATE_C));
  config.cell = cellModelOf(profile);
  return config;
}

function scaledBoard(board: CyclerBoard, factor: number): CyclerBoard {
  const { ina228, dac } = board;
  return {
    ...board,
    ina228: { ...ina228, shunt_uOhm: ina228.shunt_uOhm / factor, maxCurrent_mA: ina228.maxCurrent_mA * factor },
    dac: { ...dac, fullScale_mA: dac.fullScale_mA * factor },
  };
}
