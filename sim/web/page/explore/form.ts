/** The choices of a run. */
import { cells, NUMBER_FIELDS, POLICIES, problemOf, type NumberField, type Settings } from './settings';
import { h } from '../dom';

export interface Form {
  readonly element: HTMLFormElement;
  /** Puts other settings into the fields. */
  set(settings: Settings): void;
}

const GROUPS: readonly { label: string; has: (name: string) => boolean }[] = [
  { label: 'Full cells', has: (kind) => kind === 'full' },
  { label: 'Half cells (fixed rates only)', has: (kind) => kind === 'half' },
];

/** Fields that few need. */
const MORE: readonly NumberField['key'][] = ['charge_C', 'seed', 'mismatch'];

export function createForm(initial: Settings, onRun: (settings: Settings) => void, buttons: HTMLElement): Form {
  const all = cells();
  const cell = h(
    'select',
    { onchange: refresh },
    ...GROUPS.map(({ label, has }) =>
      h(
        'optgroup',
        { label },
        ...all
          .filter(({ kind }) => has(kind))
          .map(({ name, title }) => h('option', { value: name }, `${name}: ${title}`)),
      ),
    ),
  );
  const source = h('p', { class: 'small soft' });
  const policy = h(
    'select',
    { onchange: refresh },
    ...POLICIES.map(({ value, label }) => h('option', { value }, label)),
  );
  const meaning = h('p', { class: 'small soft' });
  const numbers = NUMBER_FIELDS.map((field) => ({
    field,
    input: h('input', {
      type: 'number',
      min: field.min,
      max: field.max,
      step: field.step,
      required: true,
      inputmode: 'decimal',
    }),
  }));
  const chips = h('input', { type: 'checkbox' });
  const labelled = ({ field, input }: (typeof numbers)[number]): HTMLElement =>
    h(
      'label',
      { class: 'field' },
      h('span', {}, field.unit === '' ? field.label : `${field.label} / ${field.unit}`),
      input,
    );
  const number = (key: NumberField['key']): (typeof numbers)[number] => numbers.find(({ field }) => field.key === key)!;
  const rate = labelled(number('rate_C'));
  const problem = h('p', { class: 'notice bad', role: 'alert', hidden: true });

  const element = h(
    'form',
    { novalidate: true, 'aria-label': 'The run', onsubmit: submit },
    h('label', { class: 'field' }, h('span', {}, 'Cell'), cell),
    source,
    h('label', { class: 'field' }, h('span', {}, 'Policy'), policy),
    meaning,
    h('div', { class: 'controls' }, rate, labelled(number('temperature_C')), labelled(number('cycles'))),
    h(
      'details',
      {},
      h('summary', {}, 'More choices'),
      h('div', { class: 'controls' }, ...MORE.map((key) => labelled(number(key)))),
      h(
        'p',
        { class: 'small soft' },
        'Model error: the cell differs from the model that the firmware was given by up to this share, in every parameter.',
      ),
      h(
        'label',
        { class: 'check' },
        chips,
        ' Simulated chips: the whole firmware, ten readings a second (slow: up to a second a cycle)',
      ),
    ),
    problem,
    buttons,
  );

  function submit(event: Event): void {
    event.preventDefault();
    const wrong = numbers.filter(
      ({ field, input }) => !(field.key === 'rate_C' && rate.hidden) && problemOf(field, input.value),
    );
    problem.hidden = wrong.length === 0;
    problem.textContent = wrong.map(({ field, input }) => problemOf(field, input.value)).join(' ');
    const [first] = wrong;
    if (first) {
      for (const more of element.querySelectorAll('details')) more.open ||= more.contains(first.input);
      first.input.focus();
      return;
    }
    onRun(read());
  }

  function read(): Settings {
    const values = Object.fromEntries(numbers.map(({ field, input }) => [field.key, Number(input.value)]));
    return {
      ...(values as Pick<Settings, NumberField['key']>),
      cell: cell.value,
      policy: policy.value as Settings['policy'],
      chips: chips.checked,
    };
  }

  /** What one choice leaves of the others. */
  function refresh(): void {
    const profile = all.find(({ name }) => name === cell.value)!;
    source.textContent = `Source: ${profile.source}`;
    const half = profile.kind === 'half';
    for (const option of policy.options) option.disabled = half && option.value !== 'fixed';
    if (half) policy.value = 'fixed';
    chips.disabled = half;
    if (half) chips.checked = false;
    rate.hidden = policy.value !== 'fixed';
    meaning.textContent = POLICIES.find(({ value }) => value === policy.value)!.means;
  }

  function set(settings: Settings): void {
    cell.value = settings.cell;
    policy.value = settings.policy;
    for (const { field, input } of numbers) input.value = String(settings[field.key]);
    chips.checked = settings.chips;
    problem.hidden = true;
    refresh();
  }

  set(initial);
  return { element, set };
}
