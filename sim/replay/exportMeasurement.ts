import * as fs from 'node:fs';
import * as path from 'node:path';
import { InputError } from '../errors';
import { bdfTitle, turnSign } from '../results/bdf';
import { type ColumnWriter, csvWriter, parquetWriter } from '../results/columnWriter';
import { openMeasurement } from './measurementFile';
import type { Measurement, SampleBatch } from './samples';

const writers: Record<string, (path: string, titles: readonly string[]) => ColumnWriter> = {
  '.csv': csvWriter,
  '.parquet': parquetWriter,
};

/** @throws InputError for a target whose extension names no format */
export function checkExportTarget(target: string): string {
  if (!(path.extname(target).toLowerCase() in writers))
    throw new InputError(
      `--export: '${target}' is not valid; allowed: a file ending in ${Object.keys(writers).join(' or ')}`,
    );
  return target;
}

/**
 * Writes a measurement with BDF columns and signs, as CSV or Parquet by the target's extension, with constant memory. The target is
 * there only when it is complete.
 * @throws InputError for a target of another extension, that cannot be written, or that is the measurement itself; see
 *   `openMeasurement`
 */
export async function exportMeasurement(file: string, target: string): Promise<void> {
  const makeWriter = writers[path.extname(checkExportTarget(target)).toLowerCase()]!;
  const measurement = await openMeasurement(file);
  const columns = bdfColumns(measurement);
  const unfinished = path.join(path.dirname(target), `.writing-${process.pid}-${path.basename(target)}`);
  try {
    if (fs.existsSync(target) && fs.realpathSync(target) === fs.realpathSync(file))
      throw new InputError(`--export: ${target} is the measurement itself; allowed: another file`);
    const writer = openWriter(
      () =>
        makeWriter(
          unfinished,
          columns.map(({ title }) => title),
        ),
      target,
    );
    try {
      for await (const batch of measurement.batches) writer.write(columns.map(({ values }) => values(batch)));
    } finally {
      writer.close();
    }
    fs.renameSync(unfinished, target);
  } finally {
    await measurement.batches.return(undefined);
    fs.rmSync(unfinished, { force: true });
  }
}

function openWriter(open: () => ColumnWriter, target: string): ColumnWriter {
  try {
    return open();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new InputError(`--export: ${target} cannot be written (${reason}); allowed: a file in an existing folder`);
  }
}

interface BdfColumn {
  title: string;
  values(batch: SampleBatch): Float64Array;
}

/** The columns that the measurement has; cycle and step numbers are always there. */
function bdfColumns({ columns, counterScope }: Measurement): BdfColumn[] {
  const column = (name: Exclude<keyof SampleBatch, 'length'>, title: string): BdfColumn => ({
    title,
    values: (batch) => batch[name].subarray(0, batch.length),
  });
  const counter = (name: 'charge_Ah' | 'discharge_Ah', words: string): BdfColumn[] =>
    columns[name] ? [column(name, [counterScope(columns[name].title), `${words} / Ah`].join(' ').trim())] : [];
  const shared = columns.charge_Ah && columns.charge_Ah.index === columns.discharge_Ah?.index;
  return [
    column('time_s', bdfTitle.time_s),
    column('voltage_V', bdfTitle.voltage_V),
    { title: bdfTitle.current_A, values: (batch) => batch.current_A.subarray(0, batch.length).map(turnSign) },
    column('cycle', bdfTitle.cycle),
    column('step', bdfTitle.step),
    ...(columns.temperature_C ? [column('temperature_C', bdfTitle.temperature_C)] : []),
    ...(columns.stepTime_s ? [column('stepTime_s', bdfTitle.stepTime_s)] : []),
    ...(shared
      ? [column('charge_Ah', 'Step Cumulative Capacity / Ah')]
      : [...counter('charge_Ah', 'Charging Capacity'), ...counter('discharge_Ah', 'Discharging Capacity')]),
  ];
}
