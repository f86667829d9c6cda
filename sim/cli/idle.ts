/** Options that were given and would do nothing. */
import type { Command } from 'commander';
import { InputError } from '../errors';

/** @param by the option that leaves others without effect, and why it does @param allowed what means something beside it */
export function refuseIdle(command: Command, by: string, allowed: readonly string[], why = ''): void {
  const meant = [by, ...allowed];
  const idle = command.options.find(
    (option) => !meant.includes(option.long!) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (idle !== undefined)
    throw new InputError(`${idle.long} has no effect with ${by}${why}; allowed with it: ${allowed.join(', ')}`);
}
