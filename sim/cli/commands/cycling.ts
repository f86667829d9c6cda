/** What `simulate` and `volcano` have in common: the options of the cell, the protocol and the output. */
import type { Command } from 'commander';
import { ADAPTIVE, DEFAULTS, LIMITS } from '../../campaign/limits';
import { profileOf } from '../../campaign/profileOf';
import { PHYSICS_TERMS } from '../../cell/physics';
import { PLANT_KINDS, type PlantKind } from '../../cell/createPlant';
import { loadProfile, profileNames } from '../../profiles/profile';
import { RESIDUE_RULES, type ResidueRule } from '../../profiles/terms';
import { InputError } from '../../errors';
import type { CyclingOptions, Strategy } from '../../results/types';
import * as parse from '../options';

const TERMS = PHYSICS_TERMS.map(({ name }) => name);

export interface CyclingFlags {
  cell: string;
  charge: number;
  cycles?: number;
  temperature: number;
  plant: PlantKind;
  residue?: ResidueRule;
  without?: string[];
  cooling?: number;
  interrupts: number;
  slowest?: number;
  recoveryMinutes?: number;
  told?: string;
  direct?: boolean;
  seed: number;
  out?: string;
  json?: boolean;
}

export function addCyclingOptions(command: Command): Command {
  const cells = `${profileNames().join(', ')} or a FILE.json`;
  command
    .option('--cell <name|file>', `cell profile: ${cells}`, parse.nonEmpty('--cell', cells), 'afl-l1')
    .option('--charge <rate>', 'charge rate', parse.rate('--charge'), DEFAULTS.charge_C)
    .option('--cycles <n>', 'cycles to run after formation', parse.cycles('--cycles'))
    .option(
      '--temperature <degC>',
      'ambient temperature, -20 to 60 degC',
      parse.temperature('--temperature'),
      DEFAULTS.temperature_C,
    );
  return addModelOptions(command)
    .option(
      '--cooling <W/K>',
      'let the cell warm itself, with this heat transfer to the surroundings (0: none)',
      parse.limited('--cooling', LIMITS.cooling_W_K),
    )
    .option('--without <terms>', `physics to switch off: ${TERMS.join(', ')}`, parse.list('--without', TERMS))
    .option(
      '--interrupts <n>',
      'interrupts of the current in each discharge, ten seconds each: the firmware tells its overpotentials apart by them',
      parse.limited('--interrupts', LIMITS.interrupts),
      DEFAULTS.interrupts,
    )
    .option(
      '--slowest <rate>',
      'adaptive: the slowest discharge that the load allows (default: 0.15C)',
      parse.rateUpTo('--slowest', LIMITS.slowest_C.max),
    )
    .option(
      '--recovery-minutes <min>',
      'adaptive+tail: the longest that recovery may make a cycle, 0 to 240 min; below 5 nothing is tried (default: 40)',
      parse.limited('--recovery-minutes', LIMITS.recovery_min),
    )
    .option(
      '--told <name|file>',
      "the profile that the firmware is told, under the cell's own capacity and voltage limits (default: the cell's own)",
      parse.nonEmpty('--told', cells),
    )
    .option(
      '--direct',
      'without chips: faster. At a fixed rate the cell alone, else with estimator and steering at 1 Hz',
    )
    .option('--seed <n>', 'seed of every random draw', parse.seed('--seed'), DEFAULTS.seed)
    .option('--out <dir>', 'result folder: data, configuration and pictures', parse.nonEmpty('--out', 'a folder'))
    .option('--json', 'print one JSON document and nothing else');
}

/** Which model of the cell is run. */
export function addModelOptions(command: Command): Command {
  return command
    .option('--plant <model>', `cell model: ${PLANT_KINDS.join(', ')}`, parse.oneOf('--plant', PLANT_KINDS), 'reduced')
    .option('--residue <rule>', `residue rule: ${RESIDUE_RULES.join(', ')}`, parse.oneOf('--residue', RESIDUE_RULES));
}

/** Throws InputError where a cell does not exist or is not valid, or where an option has no effect on any of the strategies. */
export function cyclingOptions(
  flags: CyclingFlags,
  defaultCycles: number,
  strategies: readonly Strategy[],
): CyclingOptions {
  if (flags.slowest !== undefined && strategies.every((strategy) => strategy === 'fixed'))
    throw new InputError(`--slowest has no effect at a fixed rate; allowed with: ${ADAPTIVE.join(', ')}`);
  if (flags.recoveryMinutes !== undefined && !strategies.includes('adaptive+tail'))
    throw new InputError(`--recovery-minutes has no effect without recovery; allowed with: adaptive+tail`);
  if (flags.told !== undefined) loadProfile(flags.told);
  const choice = {
    cell: flags.cell,
    plant: flags.plant,
    ...(flags.residue !== undefined && { residue: flags.residue }),
    ...(flags.cooling !== undefined && { cooling_W_K: flags.cooling }),
    ...(flags.without !== undefined && { without: flags.without }),
  };
  profileOf(choice);
  return {
    ...choice,
    charge_C: flags.charge,
    cycles: flags.cycles ?? defaultCycles,
    temperature_C: flags.temperature,
    interrupts: flags.interrupts,
    ...(flags.slowest !== undefined && { slowest_C: flags.slowest }),
    ...(flags.recoveryMinutes !== undefined && { recovery_min: flags.recoveryMinutes }),
    ...(flags.told !== undefined && { told: flags.told }),
    direct: flags.direct ?? false,
    seed: flags.seed,
  };
}

/** For the help of both commands: what the strategies do, and at what price. */
export const strategiesHelp = `
Strategies, beside a fixed rate:
  adaptive        The firmware chooses the rate of each discharge: it holds the stripping current at a part of the limiting
                  current, as it estimates that, and learns which part from the lithium that the cell loses.
  adaptive+tail   The same, and a slow tail or a longer rest after a discharge to win lithium back: up to --recovery-minutes
                  more a cycle, used only where the cell shows that it pays.
  adaptive+taper  The same as adaptive, a little slower, and near the end of life slower and slower. Longer above 80 % by the
                  discharge at the cell's own rate, at less power; lithium is burnt faster, so the check-up life is shorter.
                  Energy to the end of life grows by some 5 to 10 % in the mean; a cell that lives some 30 cycles can lose.
On cells unlike the firmware's model (--plant detailed) the rate that is found is best for energy, not for check-up life, which
only grows with the rate there, and tapering costs energy in the first 100 cycles. Figures: docs/steering.md.
With --interrupts 0 the firmware learns from the discharges and rests alone: a
mistaken profile (--told) is corrected more slowly, and a taper can lose its hold at slow rates and fall back to 1C.
`;

/** The same in words, for the head of a table. */
export function describeRun(options: CyclingOptions): string {
  const how = options.direct ? 'no chips' : 'firmware on simulated chips';
  const model = [
    ...(options.plant === undefined || options.plant === 'reduced' ? [] : [`${options.plant} cell model`]),
    ...(options.residue === undefined ? [] : [`residue rule ${options.residue}`]),
    ...(options.cooling_W_K === undefined ? [] : [`warming itself against ${options.cooling_W_K} W/K`]),
    ...(options.told === undefined ? [] : [`firmware told ${options.told}`]),
    ...(options.without === undefined ? [] : [`without ${options.without.join(', ')}`]),
  ];
  return [
    `${options.charge_C}C charge`,
    `${options.temperature_C} degC`,
    `up to ${options.cycles} cycles`,
    how,
    ...model,
    `seed ${options.seed}`,
  ].join(', ');
}
