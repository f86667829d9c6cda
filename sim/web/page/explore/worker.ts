/** Runs cells and firmware beside the page, from the sources that the command line runs. */
import { Estimated, Why } from '../../../../firmware/estimate/estimates';
import { createRun, type CellRun } from '../../../campaign/createRun';
import { profileOf } from '../../../campaign/profileOf';
import { cycleThrough } from '../../../campaign/simulate';
import type { CycleResult, SimulateOptions } from '../../../results/types';
import { faultsOf, runFault } from './faultRun';
import { Field, type Answer, type Ask, type Told } from './messages';

/** Cycles and samples are told so often. */
const TELL_EVERY_MS = 60;
const stops = new Map<number, AbortController>();
/** One run after the other. */
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data: { id, options, fault, faultsOf: cell } }: MessageEvent<Ask>): void => {
  if (fault !== undefined || cell !== undefined) {
    answer(id, () =>
      fault ? { kind: 'fault', outcome: runFault(fault) } : { kind: 'faults', faults: faultsOf(cell!) },
    );
    return;
  }
  if (options === undefined) {
    stops.get(id)?.abort();
    return;
  }
  stops.set(id, new AbortController());
  last = last.then(() => work(id, options));
};

const tell = (answer: Answer, transfer: Transferable[] = []): void => self.postMessage(answer, { transfer });

function answer(id: number, find: () => Told): void {
  try {
    tell({ id, ...find() });
  } catch (error) {
    tell({ id, kind: 'failed', message: (error as Error).message });
  }
}

async function work(id: number, options: SimulateOptions): Promise<void> {
  const { signal } = stops.get(id)!;
  let cycles: CycleResult[] = [];
  let told_ms = 0;
  const recorder = createRecorder();
  const flush = (): void => {
    const samples = recorder.take();
    tell({ id, kind: 'cycles', cycles, samples }, [samples.buffer]);
    cycles = [];
    told_ms = performance.now();
  };
  try {
    const profile = profileOf(options);
    const run: CellRun = createRun(profile, options, (sample) => {
      const { cell } = run;
      const { value, sigma, why } = estimatorOf(run)?.known ?? {};
      const valid = why?.[Estimated.EtaConc_mV] === Why.Valid;
      recorder.add([
        sample.time_s,
        sample.cycle,
        sample.step,
        sample.voltage_V,
        sample.current_A,
        sample.temperature_C,
        1000 * cell.etaConc_V,
        1000 * cell.etaFast_V,
        1000 * cell.etaCathode_V,
        valid ? value![Estimated.EtaConc_mV]! : NaN,
        valid ? sigma![Estimated.EtaConc_mV]! : NaN,
      ]);
    });
    const result = await cycleThrough(run, profile.name, options, {
      signal,
      onCycle: (cycle) => {
        cycles.push(cycle);
        if (performance.now() - told_ms > TELL_EVERY_MS) flush();
      },
    });
    flush();
    const { kind, parameters, area_cm2 } = profile;
    tell({
      id,
      kind: 'done',
      result,
      lithium_mAh: kind === 'full' ? (parameters.Qcat + parameters.Ainit) * area_cm2 : null,
    });
  } catch (error) {
    tell({ id, kind: 'failed', message: (error as Error).message });
  } finally {
    stops.delete(id);
  }
}

function estimatorOf(run: CellRun) {
  if ('bms' in run) return run.bms.estimator;
  return 'estimator' in run ? run.estimator : undefined;
}

/** Samples one after the other in an array that grows. */
function createRecorder() {
  let data = new Float64Array(1024 * Field.length);
  let used = 0;
  return {
    add(sample: readonly number[]): void {
      if (used + Field.length > data.length) {
        const larger = new Float64Array(2 * data.length);
        larger.set(data);
        data = larger;
      }
      data.set(sample, used);
      used += Field.length;
    },
    take(): Float64Array<ArrayBuffer> {
      const taken = data.slice(0, used);
      used = 0;
      return taken;
    },
  };
}
