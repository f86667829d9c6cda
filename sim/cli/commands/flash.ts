import type { Command } from 'commander';
import type { FlashOptions } from '../../flash/flashBoard';
import type { FlashResult } from '../../flash/flash';
import type { Context } from '../context';
import * as parse from '../options';
import { printJson } from '../output';
import { withProgress } from '../progress';

interface Flags {
  port: string;
  board?: string;
  config?: string;
  production?: boolean;
  keyFile?: string;
  json?: boolean;
}

export function addFlash(program: Command, context: Context): void {
  program
    .command('flash')
    .description(
      'Builds the firmware and puts it on a board that runs Espruino: uploads it beside the firmware that is there, reads it back, starts it and says how its self-test went. Exits 1 when it is not what runs in the end.',
    )
    .requiredOption(
      '--port <port>',
      'serial port, such as /dev/ttyUSB0 or COM3, or tcp://host:port',
      parse.nonEmpty('--port', 'a serial port or tcp://host:port'),
    )
    .option(
      '--board <name>',
      'kind of board: cycler or drone-6s (default: that of --config, else of the firmware on the board, else cycler)',
      parse.nonEmpty('--board', 'the name of a board, such as cycler'),
    )
    .option(
      '--config <name|file>',
      'configuration to put on the board: a built-in board or a FILE.json (default: what is there stays)',
      parse.nonEmpty('--config', 'the name of a board or a FILE.json'),
    )
    .option('--production', "close the interpreter's console; docs/authorisation.md says how to get it back")
    .option(
      '--key, --key-file <file>',
      'file with the commissioning key, for a board whose console is closed',
      parse.nonEmpty('--key-file', 'a file with 64 hexadecimal digits'),
    )
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera flash --port /dev/ttyUSB0 --config my-channel.json')
    .action((flags: Flags) => runFlash(flags, context));
}

async function runFlash(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const options: FlashOptions = {
    port: flags.port,
    production: flags.production === true,
    ...(flags.board !== undefined && { board: flags.board }),
    ...(flags.config !== undefined && { config: flags.config }),
    ...(flags.keyFile !== undefined && { keyFile: flags.keyFile }),
  };
  const result = await withProgress(terminal, (onProgress) => services.flash(options, onProgress, terminal.signal));
  const { start } = result;
  if (!start.asFlashed || start.selfTest === '') context.exitCode = 1;
  if (flags.json) printJson(terminal, { port: flags.port, ...result });
  else terminal.stdout(describe(flags.port, result));
}

function describe(port: string, result: FlashResult): string {
  const { interpreter, start } = result;
  const bytes = result.files.reduce((sum, file) => sum + file.bytes, 0);
  const uploaded = result.files.filter((file) => file.uploaded).length;
  const lines = [
    `${port}: ${interpreter.board}, Espruino ${interpreter.version}`,
    `slot ${result.slot}: ${result.board} ${result.version} build ${result.hash}: ${result.files.length} files, ${bytes} bytes, ${uploaded} uploaded, all read back and as they were built`,
    ...(result.loader ? ['boot code: written'] : []),
    ...(result.alone ? ['there was no room for two firmwares: the one before is gone'] : []),
    ...(result.config ? ['configuration: written'] : []),
    `self-test: ${selfTest(start)}`,
  ];
  if (!start.asFlashed) lines.push(`what runs now: ${start.runs === '' ? 'nothing' : start.runs}`, ...start.said);
  return `${lines.join('\n')}\n`;
}

function selfTest({ selfTest, confirmed, asFlashed }: FlashResult['start']): string {
  if (!asFlashed) return 'the new firmware did not pass it';
  if (selfTest === '') return 'the board says nothing of it';
  if (selfTest !== 'ready') return `failed: ${selfTest}`;
  if (confirmed === false) return 'ready, but not passed yet: until then the firmware is on trial';
  return confirmed ? 'passed' : 'ready';
}
