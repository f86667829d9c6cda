import { Command } from 'commander';
import { addArc } from './commands/arc';
import { addBuild } from './commands/build';
import { addCells } from './commands/cells';
import { addConfig } from './commands/config';
import { addDashboard } from './commands/dashboard';
import { addDoctor } from './commands/doctor';
import { addFaults } from './commands/faults';
import { addFlash } from './commands/flash';
import { addHil } from './commands/hil';
import { addMonitor } from './commands/monitor';
import { addPack } from './commands/pack';
import { addReplay } from './commands/replay';
import { addReport } from './commands/report';
import { addReproduce } from './commands/reproduce';
import { addSimulate } from './commands/simulate';
import { addSweep } from './commands/sweep';
import { addVolcano } from './commands/volcano';
import { addWorker } from './commands/worker';
import type { Context } from './context';

/** The command line `caldera`. Errors are thrown (InputError, CommanderError), never printed here. */
export function createProgram(context: Context): Command {
  const program = new Command('caldera')
    .description(
      'Battery manager for anode-free lithium-metal cells: its firmware, and a simulated cell and chips to run it on.',
    )
    .version(context.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.stdout(text),
      writeErr: (text) => context.terminal.stderr(text),
      outputError: () => undefined,
    })
    .addHelpText('after', '\nExample:\n  caldera volcano --cell afl-l1 --out results/volcano-l1');
  addSimulate(program, context);
  addVolcano(program, context);
  addReproduce(program, context);
  addCells(program, context);
  addPack(program, context);
  addArc(program, context);
  addFaults(program, context);
  addSweep(program, context);
  addWorker(program, context);
  addReport(program, context);
  addReplay(program, context);
  addConfig(program, context);
  addBuild(program, context);
  addFlash(program, context);
  addHil(program, context);
  addMonitor(program, context);
  addDashboard(program, context);
  addDoctor(program, context);
  return program;
}
