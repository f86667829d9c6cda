/** Results and recorded measurements, opened in the page: nothing is uploaded. */
import { InputError } from '../../../errors';
import { announce, h } from '../dom';
import type { View } from '../view';
import { showFiles, showMaker } from './anyResult';
import { RUNS_FILE, showCampaign } from './campaign';
import { showFaults, showSimulation, showVolcano } from './campaignResults';
import { Stage } from './cards';
import { createCellChoice } from './cellChoice';
import { chosen, dropped, type Dropped } from './files';
import { kindOf } from './kinds';
import { checkConfig, readJson, recogniseResult, type Result } from './recognise';
import { Refused, startReplay, Stopped, type ReplayJob } from './replayJob';
import { showReplay } from './replayResult';
import { createResultList } from './serverResults';
import './look.css';

const FORMATS = 'a text export of Maccor, Arbin, Neware or BioLogic, or a BDF CSV';
const HOW_TO = `Open a folder that caldera wrote with --out, its result.json, or ${FORMATS}.`;

export const openView: View = {
  title: 'Open',
  mount: (root) => {
    let job: ReplayJob | undefined;
    let measurement: File | undefined;
    let last: Promise<void> = Promise.resolve();
    const stage = new Stage(h('div', { class: 'open-stage' }));
    const status = h('div', { 'aria-live': 'polite' });
    const cell = createCellChoice(() => measurement && void guard(() => replay(measurement!)));
    const picker = (more: Record<string, boolean>): HTMLInputElement => {
      const input = h('input', { type: 'file', hidden: true, ...more });
      input.addEventListener('change', () => {
        if (input.files!.length === 0) return;
        const picked = chosen(input.files!);
        void guard(() => open(picked)).then(() => (input.value = ''));
      });
      return input;
    };
    const file = picker({});
    const folder = picker({ webkitdirectory: true });
    const pick = (input: HTMLInputElement, label: string, style: string): HTMLElement =>
      h('button', { type: 'button', class: style, onclick: () => input.click() }, label);
    const zone = h(
      'section',
      { class: 'card drop', 'aria-label': 'Choose or drop' },
      h(
        'p',
        {},
        `Drop a measurement here (${FORMATS}), a result folder of caldera, or its result.json. It stays on this machine.`,
      ),
      h(
        'p',
        { class: 'controls' },
        pick(file, 'Choose a file', 'button primary'),
        pick(folder, 'Choose a result folder', 'button'),
      ),
      file,
      folder,
      h('div', { class: 'controls' }, ...cell.elements),
    );
    root.append(
      h('h1', {}, 'Open'),
      zone,
      createResultList((result) => void guard(() => open(result))) ?? '',
      status,
      stage.element,
    );

    const onDrag = (event: DragEvent): void => {
      event.preventDefault();
      zone.classList.toggle('over', event.type === 'dragover');
    };
    const onDrop = (event: DragEvent): void => {
      onDrag(event);
      const data = event.dataTransfer;
      if (!data) return;
      // Its content is there only while this event is handled.
      const taken = dropped(data);
      void guard(async () => open(await taken));
    };
    // Anywhere on the page: a file that misses the zone would replace the page.
    addEventListener('dragover', onDrag);
    addEventListener('dragleave', onDrag);
    addEventListener('drop', onDrop);

    /** Begins anew, when what goes on has ended; what goes wrong becomes a sentence that says what to do. */
    function guard(work: () => Promise<void>): Promise<void> {
      job?.cancel();
      last = last.then(async () => {
        stage.clear();
        status.replaceChildren();
        try {
          await work();
        } catch (error) {
          stage.clear();
          status.replaceChildren(...explain(error as Error));
        }
        job = undefined;
      });
      return last;
    }

    async function open({ folder: name, files }: Dropped): Promise<void> {
      measurement = undefined;
      if (name !== undefined || files.has('config.json')) return openResult(name ?? 'Result', files);
      if (files.size !== 1)
        throw new InputError(
          files.size === 0
            ? 'There is no file in it.'
            : `These are ${files.size} files. Open one at a time, or the folder of a result.`,
        );
      const [only] = files.values();
      const found = await kindOf(only!);
      if (found.kind === 'other') throw new InputError(found.why);
      if (found.kind === 'text') return replay(only!);
      const result = recogniseResult(await readJson(only!));
      if (result.kind === 'cell')
        throw new InputError(
          `${only!.name} is a cell file, and this page has the built-in cells only. Use it with "caldera simulate --cell ${only!.name} --out DIR" and open that folder.`,
        );
      if (!show(result)) throw new InputError(`${only!.name} is no result that this page can draw.`);
    }

    async function openResult(name: string, files: ReadonlyMap<string, File>): Promise<void> {
      const config = files.get('config.json');
      if (config === undefined) {
        const results = [...files.keys()].filter((path) => path.endsWith('/config.json'));
        throw new InputError(
          `${name} is no result of caldera: it has no config.json.` +
            (results.length > 0
              ? ` In it are some: open ${results[0]!.replace('/config.json', '')}, for example.`
              : ''),
        );
      }
      const made = checkConfig(await readJson(config));
      showMaker(stage, name, made);
      const own = new Map(made.files.flatMap((path) => (files.has(path) ? [[path, files.get(path)!] as const] : [])));
      const result = own.get('result.json');
      const runs = own.get(RUNS_FILE);
      const isDrawn = result !== undefined && show(recogniseResult(await readJson(result)));
      if (runs !== undefined) await showCampaign(stage, runs);
      const isShown = await showFiles(stage, own, !isDrawn);
      if (!isDrawn && !isShown && runs === undefined)
        stage.card(h('p', { class: 'notice' }, `Nothing of it can be drawn here: ${made.files.join(', ')}.`));
      announce(`${name} is open.`);
    }

    /** @returns whether there is something to draw */
    function show(found: Result): boolean {
      if (found.kind === 'replay') showReplay(stage, found.result);
      else if (found.kind === 'simulate') showSimulation(stage, found.result);
      else if (found.kind === 'volcano') showVolcano(stage, found.result);
      else if (found.kind === 'faults') showFaults(stage, found.result);
      return found.kind !== 'other' && found.kind !== 'cell';
    }

    async function replay(recording: File): Promise<void> {
      measurement = recording;
      const bar = h('progress', { max: 1, value: 0, 'aria-label': `Reading ${recording.name}` });
      const cancel = h('button', { type: 'button', onclick: () => job?.cancel() }, 'Stop');
      const megabytes = (recording.size / 1e6).toFixed(1);
      status.replaceChildren(h('p', {}, `Reading ${recording.name}, ${megabytes} MB `, bar, ' ', cancel));
      job = startReplay(recording, cell.recorded(), (part) => (bar.value = part));
      const { report, trace } = await job.result;
      status.replaceChildren();
      showReplay(stage, report, trace);
      announce(`${recording.name} is read: ${report.summary.cycles} cycles.`);
    }

    return () => {
      job?.cancel();
      stage.clear();
      removeEventListener('dragover', onDrag);
      removeEventListener('dragleave', onDrag);
      removeEventListener('drop', onDrop);
    };
  },
};

function explain(error: Error): HTMLElement[] {
  if (error instanceof Stopped) return [h('p', { class: 'notice' }, 'Stopped; nothing of the file is shown.')];
  const ours = error instanceof InputError || error instanceof Refused;
  const text = ours ? error.message : `It could not be read: ${error.message}.`;
  return [h('p', { class: 'notice bad' }, text), h('p', {}, HOW_TO)];
}
