/**
 * What the commands take and give. The keys of `SimulateResult` and `VolcanoResult` are those of `--json`: other tools rely
 * on them. Amounts are per cell of the profile, discharge current is positive, and `null` means "there is no such number"
 * (not reached, not run, not estimated), never zero.
 */

import type { PlantKind } from '../cell/createPlant';
import type { ResidueRule } from '../profiles/terms';

/**
 * How the discharge rate is chosen. `adaptive`: by the firmware's steering; `+tail`: and lithium is won back where it pays; `+taper`:
 * and the end of life is put off by slowing down.
 */
export type Strategy = 'fixed' | 'adaptive' | 'adaptive+tail' | 'adaptive+taper';

/** The cell, the protocol and the seed: the same for every command that cycles a cell. */
export interface CyclingOptions {
  /** Name of a built-in cell profile or of a member of its ensemble, or the path of a cell file ending in `.json`. */
  cell: string;
  /** Which model of the cell. Default: `reduced`. */
  plant?: PlantKind;
  /** Residue rule with the parameters that were fitted under it. Default: the profile's own. */
  residue?: ResidueRule;
  /** Heat transfer to the surroundings [W/K], 0 to 100: the cell warms itself. Default: it stays at `temperature_C`. */
  cooling_W_K?: number;
  /** Terms of the cell's physics to switch off (see `sim/cell/physics.ts`). Default: none. */
  without?: readonly string[];
  /** Parameters of the profile by key, where they differ from it. Default: none. */
  parameters?: Readonly<Record<string, number>>;
  /** Charge rate, 0.01 to 20 C. */
  charge_C: number;
  /** Largest number of cycles to run after formation, 1 to 100000. */
  cycles: number;
  /** Ambient temperature, -20 to 60 degC. */
  temperature_C: number;
  /** True: no chips; at a fixed rate no firmware either. False: the firmware on simulated chips. */
  direct: boolean;
  /** Interrupts of each discharge, 0 to 20. Default: none. */
  interrupts?: number;
  /** The slowest rate that the steering may choose, 0.01 to 3 C. Default: 0.15 C. */
  slowest_C?: number;
  /** The longest that `adaptive+tail` may make a cycle, 0 to 240 min. Default: 40 min. */
  recovery_min?: number;
  /** Cell profile that the firmware is told, under the cell's own capacity and voltage limits. Default: that of the cell. */
  told?: string;
  /** Seed of every random draw, 0 to 4294967295. */
  seed: number;
}

export interface SimulateOptions extends CyclingOptions {
  /** How the discharge rate is chosen. Default: `fixed`. */
  strategy?: Strategy;
  /** Discharge rate, 0.01 to 20 C; null: the strategy chooses it. */
  discharge_C: number | null;
  /** Stop after the first cycle whose retention is below this, in percent; null: run all cycles. */
  untilRetention_pct: number | null;
  /** A slow strip in every so many cycles, 0: never. Default: none. */
  slowStripEvery?: number;
  /** The true cell's parameters differ from the firmware's profile by up to this share, 0 to 0.5. Default: 0. */
  mismatch?: number;
  /** Longest time between two samples of the time series, in simulated seconds; null: no time series is wanted. */
  sampleEvery_s: number | null;
}

export interface VolcanoOptions extends CyclingOptions {
  /** Discharge rates, each 0.01 to 20 C, ascending, without repeats. */
  rates_C: number[];
  /** What is run: `fixed` at each of the rates, any other once. Default: `fixed` alone. */
  strategies?: readonly Strategy[];
  /** Worker threads to use; null: one per processor core, at most one per run. */
  threads: number | null;
}

/** Called now and then with the finished fraction, 0 to 1, and a few words on what is running. */
export type OnProgress = (fraction: number, text: string) => void;

/** One row of the time series. */
export interface Sample {
  /** Simulated seconds since the start of formation. */
  time_s: number;
  /** 1, 2, ... from the first cycle after formation; 0 in formation. */
  cycle: number;
  /** Counts the protocol's steps (charge, rest, discharge, rest, ...) from 1 over the whole test. */
  step: number;
  voltage_V: number;
  /** Discharge positive. */
  current_A: number;
  temperature_C: number;
}

/**
 * Called at least every `sampleEvery_s` (of a bare cell: as often as the simulation steps, if that is longer) and at the first
 * and last moment of each step, in order of time. The callee keeps
 * nothing of the object, which may be reused.
 */
export type OnSample = (sample: Readonly<Sample>) => void;

/**
 * Cycles one cell.
 *
 * It gives control back to the event loop at least every 0.2 s, and when `signal` aborts it resolves soon with the
 * cycles finished so far. Throws InputError for a cell that does not exist or is not valid.
 */
export type Simulate = (
  options: SimulateOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
  onSample?: OnSample,
) => Promise<SimulateResult>;

/**
 * Runs `Simulate` for each rate and strategy; on abort it resolves with the runs that have finished. Otherwise as `Simulate`.
 * `onRun` is given every finished run as a whole beside its point, in the order of the points.
 */
export type Volcano = (
  options: VolcanoOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
  onRun?: (point: VolcanoPoint, run: SimulateResult) => void,
) => Promise<VolcanoResult>;

/** Where the lithium outside the cathode is at the end of a discharge, in mAh per cell. */
export interface Lithium<Amount = number> {
  /** Connected metal on the foil. */
  active: Amount;
  /** The part of `active` that transport limitation left behind: not added to it. */
  residual: Amount;
  /** Disconnected metal that can be won back. */
  isolated: Amount;
  dead: Amount;
  /** Lithium ions bound in the interphase. */
  sei: Amount;
}

/** One cycle. Amounts per cell; `null`: there is no such number. */
export interface CycleResult {
  /** 1 is the first cycle after formation. */
  n: number;
  /** Of the main discharge, as it was set. */
  rate_C: number;
  charge_mAh: number;
  discharge_mAh: number;
  /** Won back by a slow strip or a tail after the discharge, in cycles that had one. */
  strip_mAh?: number;
  /** Recovery after the discharge (a tail with the rest before it, or a longer rest), in cycles that had one. */
  recovery_s?: number;
  /** Discharged (with what was stripped) over charged charge of this cycle, in percent. */
  ce_pct: number;
  /** Concentration overpotential of the cell model, mean over the discharge. */
  etaConc_mV: number;
  /** The firmware's estimate, where there is one: mean over those seconds in which it was valid, which leaves the end out... */
  etaConcEstimated_mV: number | null;
  /** ...and the cell model's mean over the same seconds, to compare it with. */
  etaConcThen_mV?: number;
  lithium_mAh: Lithium;
  lithiumEstimated_mAh: Lithium<number | null>;
  /** One standard deviation of each. */
  lithiumSigma_mAh?: Lithium<number | null>;
  /** All lithium outside the cathode after the discharge, as the firmware measures it, and one standard deviation. */
  lambdaEstimated_mAh?: number | null;
  lambdaSigma_mAh?: number | null;
  /** What the manager decided for this cycle, in a word or two (see firmware/steer/explain.ts)... */
  action: string;
  /** ...and the numbers behind it where it steers: limiting current as estimated, rate over it; null where it does not know... */
  limitingCurrentEstimated_mA?: number | null;
  strippingNumber?: number | null;
  /** ...and the learned target over the model's, before a trial. */
  targetOfModel_pct?: number;
}

/** What the cycles come to. `null`: there is no such number, or it was not reached. */
export interface SimulateSummary {
  /** Cycles, interpolated, until the discharge capacity is below 80 % of the first one at 0.2C. */
  cyclesTo80: number | null;
  /** Cycles, interpolated, until the capacity at 0.2C is below 80 % of the first one at 0.2C. */
  checkupLife: number | null;
  /** Last discharge capacity over the first one, both at the cell's own rate. */
  retention_pct: number | null;
  /** Mean of `ce_pct` over the cycles run, at most the first 100. */
  averageCe_pct: number | null;
  /** Of the main discharges alone; what a tail gives is not counted. */
  energyToEol_Wh: number | null;
  energyFirst100_Wh: number | null;
  meanDischargePower_W: number | null;
  simulatedSeconds: number;
  wallSeconds: number;
  /** Of `adaptive+tail`: what its recovery took in all cycles together. */
  recoveryMinutes?: number;
  /** Highest temperature of the cell, where it warms itself. */
  highestTemperature_C?: number;
  /** What the firmware's watchers warned of, each with its cycle; absent when they had nothing to say. */
  alarms?: string[];
  /** Why the run ended before it was done, when it did: a fault, or a cell that can no longer be cycled. */
  stopped?: string;
}

/** What `simulate` gives, and the command as `--json`: the cycles that were finished, and what they come to. */
export interface SimulateResult {
  cell: string;
  strategy: Strategy;
  cycles: CycleResult[];
  summary: SimulateSummary;
}

export interface VolcanoPoint {
  strategy: Strategy;
  /** Of an adaptive run: the mean over its cycles. */
  rate_C: number;
  /** That were run: a life of `null` is longer than these. */
  cycles: number;
  cyclesTo80: number | null;
  checkupLife: number | null;
  /** Discharge capacity of cycle 100 over that of cycle 1; null when fewer cycles were run. */
  retention100_pct: number | null;
  averageCe_pct: number | null;
  energyToEol_Wh: number | null;
  energyFirst100_Wh: number | null;
}

export interface VolcanoResult {
  cell: string;
  /** The fixed rates ascending, then the strategies that choose theirs. */
  points: VolcanoPoint[];
  /** The fixed rate that lived longest; null when none reached its end of life, or several outlived the test. */
  optimum_C: number | null;
}

interface BuildOptions {
  /** Name of a board wiring, such as `cycler`. */
  board: string;
  /** Closes the interpreter's console (docs/authorisation.md). Default: it stays open. */
  production?: boolean;
}

export interface BuildResult {
  board: string;
  /** What runs from the boot on, as one minified script. */
  code: string;
  /** What it takes from Storage when it needs it, by name. */
  parts: Readonly<Record<string, string>>;
  version: string;
  /** First 16 hexadecimal digits of the SHA-256 of code and parts; the firmware tells it too. */
  hash: string;
  /** What each property of the sources is called in the code, where it was renamed. */
  names: Readonly<Record<string, string>>;
}

/** What a build takes on a real interpreter. */
export interface BuildCost {
  /** Its version. */
  interpreter: string;
  /** JsVars in use after the boot from flash: of this interpreter, and counted for a board's of 16 bytes. */
  vars: number;
  boardVars: number;
  /** Of ticks at 10 Hz with their code in memory; the worst is one measured on a machine that may do other things too. */
  meanTick_leibniz: number;
  worstTick_leibniz: number;
}

/** Bundles the firmware for a board. Throws InputError for an unknown board. */
export type Build = (options: BuildOptions) => Promise<BuildResult>;

export interface HilOptions {
  /** Where the firmware runs: a device at `tcp://host:port` or a serial port; a real interpreter (its path); else on Node alone. */
  port?: string;
  espruino?: string;
  /** Only scenarios whose names contain one of these; default: all. */
  scenarios?: readonly string[];
  /** On a port: every tick at its time by the clock. */
  realtime?: boolean;
  /** In place of the scenarios: cycles for so many simulated hours. */
  soak_h?: number;
  /** Called with each result as it comes. */
  onScenario?: (result: HilScenario, number: number, of: number) => void;
}

export interface HilScenario {
  name: string;
  pass: boolean;
  ticks: number;
  /** 0 where none was timed. */
  worstTick_ms: number;
  meanTick_ms: number;
  /** The same in Leibniz steps of the same interpreter. */
  worst_leibniz: number;
  mean_leibniz: number;
  /** Of what is done between ticks. */
  worstSlice_leibniz: number;
  /** Where it does not run on Node alone. */
  memory?: HilMemory;
  /** What differs from the simulator's decisions and numbers. */
  differences: string[];
  /** How late ticks began, in real time. */
  worstLate_ms?: number;
  meanLate_ms?: number;
  /** What went wrong where `pass` is false: a difference, or the outcome. */
  problem?: string;
}

/** JsVars in use without what stands in for the hardware, as the interpreter counts them and for the 16 bytes that a board's have. */
export interface HilMemory {
  booted: number;
  most: number;
  end: number;
  board: { booted: number; most: number; end: number };
}

export interface HilReport {
  target: string;
  interpreter: string;
  scenarios: HilScenario[];
  /** In JsVars: the most in use where code runs from flash, and how many there are. */
  memory: { usage: number; total: number };
  /** Cost of a tick in Leibniz steps over all scenarios. */
  tick?: { mean_leibniz: number; worst_leibniz: number };
  passed: number;
  failed: number;
  /** Why it ended before all scenarios had run, or the device was not given back: it is gone, or it hangs. */
  lost?: string;
}

/** Runs the scenarios. Throws InputError when the target cannot be reached or holds another build. */
export type Hil = (options: HilOptions, onProgress?: OnProgress, signal?: AbortSignal) => Promise<HilReport>;
