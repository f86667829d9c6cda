/** What `simulate` and `volcano` have in common: the options of the cell, the protocol and the output. */
import type { Command } from 'commander';
import { profileOf } from '../../campaign/profileOf';
import { PHYSICS_TERMS } from '../../cell/physics';
import { PLANT_KINDS, type PlantKind } from '../../cell/createPlant';
import { profileNames } from '../../profiles/profile';
import { RESIDUE_RULES, type ResidueRule } from '../../profiles/terms';
import type { CyclingOptions } from '../../results/types';
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
  direct?: boolean;
  seed: number;
  out?: string;
  json?: boolean;
}

export function addCyclingOptions(command: Command): Command {
  const cells = `${profileNames().join(', ')} or a FILE.json`;
  return command
    .option('--cell <name|file>', `cell profile: ${cells}`, parse.nonEmpty('--cell', cells), 'afl-l1')
    .option('--charge <rate>', 'charge rate', parse.rate('--charge'), 0.2)
    .option('--cycles <n>', 'cycles to run after formation', parse.cycles('--cycles'))
    .option('--temperature <degC>', 'ambient temperature, -20 to 60 degC', parse.temperature('--temperature'), 25)
    .option('--plant <model>', `cell model: ${PLANT_KINDS.join(', ')}`, parse.oneOf('--plant', PLANT_KINDS), 'reduced')
    .option('--residue <rule>', `residue rule: ${RESIDUE_RULES.join(', ')}`, parse.oneOf('--residue', RESIDUE_RULES))
    .option(
      '--cooling <W/K>',
      'let the cell warm itself, with this heat transfer to the surroundings (0: none)',
      parse.within('--cooling', 0, 100, ' W/K'),
    )
    .option('--without <terms>', `physics to switch off: ${TERMS.join(', ')}`, parse.list('--without', TERMS))
    .option('--direct', 'the cell alone, without firmware and chips: faster')
    .option('--seed <n>', 'seed of every random draw', parse.seed('--seed'), 1)
    .option('--out <dir>', 'result folder: data, configuration and pictures', parse.nonEmpty('--out', 'a folder'))
    .option('--json', 'print one JSON document and nothing else');
}

/** Throws InputError where the cell does not exist or is not valid. */
export function cyclingOptions(flags: CyclingFlags, defaultCycles: number): CyclingOptions {
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
    direct: flags.direct ?? false,
    seed: flags.seed,
  };
}

/** The same in words, for the head of a table. */
export function describeRun(options: CyclingOptions): string {
  const how = options.direct ? 'cell alone' : 'firmware on simulated chips';
  const model = [
    ...(options.plant === undefined || options.plant === 'reduced' ? [] : [`${options.plant} cell model`]),
    ...(options.residue === undefined ? [] : [`residue rule ${options.residue}`]),
    ...(options.cooling_W_K === undefined ? [] : [`warming itself against ${options.cooling_W_K} W/K`]),
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
