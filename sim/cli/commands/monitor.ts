import type { Command } from 'commander';
import { AUTHORISED } from '../../../firmware/service/serve';
import { InputError } from '../../errors';
import { downloadLog, writeLog } from '../../link/log';
import { MonitorFile } from '../../link/csv';
import { isStale, monitorLine, monitorView } from '../../link/view';
import type { Monitored } from '../../link/session';
import { uploadConfiguration } from '../../link/upload';
import { authorise } from '../../service/authorise';
import { readJson } from '../../readJson';
import { readKeyFile } from '../../service/keyFile';
import type { Context } from '../context';
import * as parse from '../options';
import { inResultFolder, printJson } from '../output';
import { withProgress } from '../progress';
import type { Terminal } from '../terminal';

interface Flags {
  port: string;
  out?: string;
  rate: number;
  for?: number;
  log?: string;
  send: string[];
  upload?: string;
  keyFile?: string;
  json?: boolean;
}

const REDRAW_MS = 250;
const portText = 'a serial port, such as /dev/ttyUSB0, or tcp://host:port';

export function addMonitor(program: Command, context: Context): void {
  program
    .command('monitor')
    .description(
      'Shows a device live: voltage, current, temperature, overpotentials, lithium, limits with their reasons, faults. Ctrl-C ends it.',
    )
    .requiredOption('--port <port>', portText, parse.nonEmpty('--port', portText))
    .option(
      '--out <file>',
      'also write what is measured as CSV with the columns of the Battery Data Format; it must not exist yet',
      parse.nonEmpty('--out', 'a file'),
    )
    .option(
      '--rate <ms>',
      'time between two measurements, 100 to 3600000 ms',
      parse.count('--rate', 100, 3600000),
      1000,
    )
    .option('--for <s>', 'stop by itself after so many seconds', parse.within('--for', 1, 1e9, ' s'))
    .option(
      '--log <dir>',
      "instead: fetch the device's log of faults, with the ten seconds before each trip, into a result folder",
      parse.nonEmpty('--log', 'a folder'),
    )
    .option(
      '--send <command>',
      'instead: give the device a command, such as limits or "release over-voltage", and print its answer; may be repeated',
      collect,
      [],
    )
    .option(
      '--upload <file>',
      'instead: give the device a whole configuration; it takes it when it is valid and no current flows',
      parse.nonEmpty('--upload', 'a JSON file'),
    )
    .option(
      '--key-file <file>',
      'the commissioning key, 64 hexadecimal digits, for --upload and for commands that take it',
      parse.nonEmpty('--key-file', 'a file'),
    )
    .option('--json', 'print one JSON document at the end and nothing else')
    .addHelpText('after', '\nExample:\n  caldera monitor --port /dev/ttyUSB0 --out cell-7.csv')
    .action((flags: Flags) => {
      if (flags.log !== undefined) return fetchLog(flags.log, flags, context);
      if (flags.upload !== undefined) return upload(flags.upload, flags, context);
      return flags.send.length > 0 ? giveCommands(flags, context) : runMonitor(flags, context);
    });
}

const collect = (text: string, before: string[]): string[] => [...before, text];

async function runMonitor(flags: Flags, { terminal, services }: Context): Promise<void> {
  const file = flags.out === undefined ? undefined : new MonitorFile(flags.out);
  const screen = new Screen(terminal, flags.json === true);
  const ended = flags.for === undefined ? terminal.signal : either(terminal.signal, flags.for * 1000);
  try {
    const state = await services.monitor(
      { port: flags.port, rate_ms: flags.rate },
      {
        opened: (now) => screen.open(now),
        measured: (now) => {
          file?.add(now);
          screen.measured(now);
        },
        event: (text) => screen.event(text),
      },
      ended,
    );
    screen.close();
    if (flags.json) printJson(terminal, { ...document(state), ...(file && { file: file.file, rows: file.rows }) });
    else if (file) terminal.stderr(`${file.rows} rows in ${file.file}\n`);
  } finally {
    screen.close();
    file?.close();
  }
}

/** Ends with Ctrl-C, or when the time is over. */
function either(signal: AbortSignal, time_ms: number): AbortSignal {
  // Not AbortSignal.any with a timeout: the garbage collector of Node 20 may take that before its time.
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = setTimeout(end, time_ms);
  timer.unref();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  return ended.signal;
}

function document({ port, version, measurement, estimates, frames, lost, events }: Monitored): object {
  return { port, version, frames, lost, measurement: measurement ?? null, estimates: estimates ?? null, events };
}

/** Draws the live view over itself on a terminal; in a pipe writes a line for each measurement. */
class Screen {
  private state: Readonly<Monitored> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private drawn = 0;
  private saidStale = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly silent: boolean,
  ) {}

  open(state: Readonly<Monitored>): void {
    this.state = state;
    if (!this.silent) this.timer = setInterval(() => this.draw(), REDRAW_MS);
  }

  measured(state: Readonly<Monitored>): void {
    this.saidStale = false;
    if (this.terminal.width === undefined && !this.silent) this.terminal.stdout(`${monitorLine(state, new Date())}\n`);
  }

  event(text: string): void {
    if (this.terminal.width === undefined && !this.silent) this.terminal.stdout(`# ${text}\n`);
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private draw(): void {
    const { state, terminal } = this;
    if (state === undefined) return;
    const { width } = terminal;
    if (width === undefined) {
      if (state.frames === 0 || this.saidStale || !isStale(state, Date.now())) return;
      this.saidStale = true;
      terminal.stdout('# STALE: nothing came for more than 2 s\n');
      return;
    }
    const lines = monitorView(state, Date.now(), width);
    const back = this.drawn > 0 ? `\u001b[${this.drawn}A` : '';
    terminal.stdout(`${back}\u001b[J${lines.join('\n')}\n`);
    this.drawn = lines.length;
  }
}

async function fetchLog(directory: string, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  await inResultFolder(directory, async (folder) => {
    const { log, version } = await withProgress(terminal, async (onProgress) => {
      const link = await services.openDevice(flags.port);
      try {
        const fetched = await downloadLog(
          link,
          (fraction) => onProgress?.(Math.min(1, fraction), 'log'),
          terminal.signal,
        );
        return { log: fetched, version: link.version };
      } finally {
        await link.close();
      }
    });
    writeLog(log, folder!);
    folder!.commit({
      command: 'monitor',
      version: context.version,
      options: { port: flags.port, log: directory },
      interrupted: false,
      device: version,
    });
    const [events, traces] = [log.events.length, log.traces.length];
    if (flags.json) printJson(terminal, { port: flags.port, folder: folder!.path, events, traces });
    else terminal.stdout(`${events} events and ${traces} traces in ${folder!.path}\n`);
  });
}

async function giveCommands(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const key = flags.keyFile === undefined ? undefined : readKeyFile(flags.keyFile);
  const link = await services.openDevice(flags.port);
  try {
    const answers: { command: string; answer: string }[] = [];
    for (const command of flags.send) {
      const word = command.trim().split(' ')[0]!;
      const takesKey = AUTHORISED.split(' ').includes(word);
      // The first key is set without one.
      const answer =
        takesKey && key !== undefined
          ? await authorise((line) => link.request(line), command, key)
          : await link.request(command.trim());
      answers.push({ command, answer });
      if (!answer.startsWith('ok')) context.exitCode = 1;
      if (!flags.json) terminal.stdout(`${answer}\n`);
      if (takesKey && key === undefined && answer.startsWith('refused'))
        terminal.stderr(`caldera: ${word} takes the commissioning key: --key-file FILE\n`);
    }
    if (flags.json) printJson(terminal, { port: flags.port, answers });
  } finally {
    await link.close();
  }
}

async function upload(file: string, flags: Flags, { terminal, services }: Context): Promise<void> {
  if (flags.keyFile === undefined)
    throw new InputError('--upload: needs --key-file, a file with the commissioning key');
  const key = readKeyFile(flags.keyFile);
  const configuration = readConfiguration(file);
  await withProgress(terminal, async (onProgress) => {
    const link = await services.openDevice(flags.port);
    try {
      await uploadConfiguration(link, configuration, key, (fraction) => onProgress?.(fraction, 'configuration'));
    } finally {
      await link.close();
    }
  });
  if (flags.json) printJson(terminal, { port: flags.port, file, applied: true });
  else terminal.stdout(`the device starts with ${file}\n`);
}

function readConfiguration(file: string): object {
  const configuration = readJson(file, '--upload:');
  if (typeof configuration !== 'object' || configuration === null || Array.isArray(configuration))
    throw new InputError(
      `--upload: ${file} is not an object; allowed: a configuration, as caldera config init writes it`,
    );
  return configuration;
}
