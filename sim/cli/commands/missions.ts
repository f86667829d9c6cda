/** `simulate --mission`: a cell that flies, beside the same cell as planned. */
import type { Command } from 'commander';
import { describeMissions, type MissionCommandOptions } from '../../mission/command';
import type { FlightSecond } from '../../mission/missionRun';
import { missionPicture } from '../../picture/mission';
import { loadProfile } from '../../profiles/profile';
import { toCsv } from '../../results/csv';
import type { Context } from '../context';
import { refuseIdle } from '../idle';
import { addPicture, inResultFolder, printJson } from '../output';
import { withProgress } from '../progress';
import type { CyclingFlags } from './cycling';

export interface MissionFlags extends CyclingFlags {
  mission?: string;
  advice: boolean;
  mismatch: number;
}

/** Most missions, where --cycles does not say. */
const MISSIONS = 1000;
/** Options that mean something to a flight; its load and its rests are in the mission. */
const ALLOWED = '--cell --residue --plant --temperature --mismatch --seed --cycles --out --json --no-advice'.split(' ');

export async function runMissionCommand(flags: MissionFlags, command: Command, context: Context): Promise<void> {
  const { terminal, services } = context;
  refuseIdle(command, '--mission', ALLOWED, ', which says what the load asks for');
  const options: MissionCommandOptions = {
    mission: flags.mission!,
    cell: flags.cell,
    ...(flags.residue !== undefined && { rule: flags.residue }),
    plant: flags.plant,
    temperature_C: flags.temperature,
    mismatch: flags.mismatch,
    seed: flags.seed,
    missions: flags.cycles ?? MISSIONS,
    advice: flags.advice,
  };
  await inResultFolder(flags.out, async (folder) => {
    const flown = lastFlight();
    const report = await withProgress(terminal, (onProgress) =>
      services.missions(options, onProgress, terminal.signal, folder && flown.add),
    );
    const interrupted = terminal.signal.aborted;
    if (interrupted) context.exitCode = 130;
    if (folder) {
      folder.write('missions.csv', toCsv(report.missions));
      folder.write('result.json', `${JSON.stringify(report, null, 2)}\n`);
      folder.write('flight.csv', toCsv(flown.seconds()));
      if (options.advice && !interrupted) {
        // The same cell after as many missions without advice, or after its last one.
        const planned = lastFlight();
        await services.missions(
          { ...options, advice: false, missions: flown.seconds()[0]?.mission ?? 1 },
          undefined,
          terminal.signal,
          planned.add,
        );
        addPicture(terminal, folder, 'flight', missionPicture(planned.seconds(), flown.seconds()));
      }
      folder.commit({
        command: 'simulate',
        version: context.version,
        options,
        profile: loadProfile(options.cell, options.rule),
        interrupted,
        notes: { 'flight.csv': 'the last mission that was flown to its end, second by second, of one cell' },
      });
    }
    if (flags.json) printJson(terminal, report);
    else terminal.stdout(describeMissions(report));
    if (folder && !flags.json) terminal.stdout(`\nData: ${folder.path}\n`);
  });
}

/** Keeps the last flight that is whole: the last one, or the one before where that broke off. */
function lastFlight() {
  let before: FlightSecond[] = [];
  let now: FlightSecond[] = [];
  return {
    add(second: FlightSecond): void {
      if (second.mission !== now[0]?.mission) {
        before = now;
        now = [];
      }
      now.push({ ...second });
    },
    seconds: (): FlightSecond[] => (before.length > now.length ? before : now),
  };
}
