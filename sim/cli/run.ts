import { CommanderError, type Command } from 'commander';
import { InputError } from '../errors';
import type { Context } from './context';
import { createProgram } from './program';
import type { Services } from './services';
import type { Terminal } from './terminal';
import { packageVersion } from './version';

/**
 * Runs one command line (without `node` and the script) and returns the exit code: 0 done, 1 failed, 2 wrong input, 130
 * stopped by Ctrl-C. Every error becomes one line on stderr; the stack is shown where DEBUG is set.
 */
export async function run(args: readonly string[], services: Services, terminal: Terminal): Promise<number> {
  const context: Context = { terminal, services, version: packageVersion(), exitCode: 0 };
  const program = createProgram(context);
  const complain = (text: string): void => terminal.stderr(`caldera: error: ${text.replace(/\s*\n\s*/g, ' ')}\n`);
  try {
    await program.parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Without a command the help has been shown.
      if (error.code !== 'commander.help')
        complain(error.message.replace(/^error: /, '') + whatIsAllowed(error, program, args));
      return 2;
    }
    if (error instanceof InputError) {
      complain(error.message);
      return 2;
    }
    if (terminal.signal.aborted) {
      terminal.stderr('caldera: stopped; nothing is written\n');
      return 130;
    }
    complain(error instanceof Error ? error.message || error.name : String(error));
    if (process.env.DEBUG && error instanceof Error) terminal.stderr(`${error.stack}\n`);
    return 1;
  }
}

/** Commander says what is wrong; this adds what would be right. */
function whatIsAllowed(error: CommanderError, program: Command, args: readonly string[]): string {
  let command = program;
  for (const arg of args) command = command.commands.find((child) => child.name() === arg) ?? command;
  if (error.code === 'commander.unknownOption') {
    const flags = command
      .createHelp()
      .visibleOptions(command)
      .map((option) => option.long ?? option.short);
    return `; allowed: ${flags.join(', ')}`;
  }
  if (command.commands.length > 0) return `; allowed: ${command.commands.map((child) => child.name()).join(', ')}`;
  return `; usage: ${command.createHelp().commandUsage(command)}`;
}
