/** Where scenarios run, and what each of them tells. */
import type { HilMemory, HilScenario } from '../results/types';
import { onBoard } from './memory';
import type { Scenario } from './scenarios';

/** JsVars that may be in use more at the end than right after the boot: what the first ticks set up stays. */
const GROWTH_VARS = 150;

/** What runs the scenarios is gone, or hangs: no other can be run. */
export class TargetLost extends Error {}

export interface Target {
  /** For the report: what it is, with its version. */
  interpreter: string;
  /** JsVars there are; 0 on Node. */
  total: number;
  /** @throws TargetLost */
  run(scenario: Scenario, options: TargetOptions): Promise<HilScenario>;
  /** Gives it back as it was. @throws TargetLost */
  close(): Promise<void>;
}

interface TargetOptions {
  realtime?: boolean;
  onTick?: (ticks: number) => void;
  signal?: AbortSignal;
}

/** What is wrong with the memory, if anything: it grows. */
export function grown({ booted, end }: { booted: number; end: number }): string | undefined {
  return end - booted > GROWTH_VARS ? `JsVars in use grew from ${booted} to ${end}` : undefined;
}

export function memoryOf(
  { booted, most, end }: { booted: number; most: number; end: number },
  bytesPerVar: number,
  arrays: readonly number[],
): HilMemory {
  const board = (vars: number): number => onBoard(vars, bytesPerVar, arrays);
  return { booted, most, end, board: { booted: board(booted), most: board(most), end: board(end) } };
}

/** With what is not known as 0. */
export function scenarioResult(
  known: Pick<HilScenario, 'name' | 'ticks'> & { problem: string | undefined } & Partial<Omit<HilScenario, 'problem'>>,
): HilScenario {
  const { problem, ...more } = known;
  return {
    pass: problem === undefined,
    worstTick_ms: 0,
    meanTick_ms: 0,
    worst_leibniz: 0,
    mean_leibniz: 0,
    worstSlice_leibniz: 0,
    differences: [],
    ...more,
    ...(problem !== undefined && { problem }),
  };
}
