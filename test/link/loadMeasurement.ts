import { samples } from '../../sim/replay/measurementFile';

/** The samples of a file, as `caldera replay` reads them. */
export async function loadMeasurement(file: string): Promise<{ voltage_V: number; current_A: number }[]> {
  const all: { voltage_V: number; current_A: number }[] = [];
  for await (const batch of samples(file))
    for (let k = 0; k < batch.length; k++) all.push({ voltage_V: batch.voltage_V[k]!, current_A: batch.current_A[k]! });
  return all;
}
