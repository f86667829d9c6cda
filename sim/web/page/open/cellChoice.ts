/** Which cell a measurement is of, for the firmware's estimates: as `--cell`, `--area`, `--temperature` of `caldera replay`. */
import { loadProfile, profileNames } from '../../../profiles/profile';
import type { RecordedCell } from '../../../replay/estimated';
import { h } from '../dom';

export interface CellChoice {
  readonly elements: readonly HTMLElement[];
  /** Undefined: not known, and nothing is estimated. */
  recorded(): RecordedCell | undefined;
}

export function createCellChoice(onChange: () => void): CellChoice {
  const full = profileNames()
    .map((name) => loadProfile(name))
    .filter(({ kind }) => kind === 'full');
  const cell = h(
    'select',
    { onchange: onChange },
    h('option', { value: '' }, 'not known: nothing is estimated'),
    ...full.map(({ name, title }) => h('option', { value: name, title }, name)),
  );
  const area = h('input', {
    type: 'number',
    min: 0.01,
    max: 1e6,
    step: 'any',
    placeholder: 'of the profile',
    onchange: onChange,
  });
  const temperature = h('input', {
    type: 'number',
    min: -20,
    max: 60,
    step: 'any',
    placeholder: '25',
    onchange: onChange,
  });
  const field = (name: string, input: HTMLElement): HTMLElement =>
    h('label', { class: 'field' }, h('span', {}, name), input);
  const number = (input: HTMLInputElement): number | undefined =>
    input.value !== '' && input.checkValidity() ? input.valueAsNumber : undefined;
  return {
    elements: [
      field('The measurement is of a cell such as', cell),
      field('Copper area / cm²', area),
      field('Temperature where the file tells none / °C', temperature),
    ],
    recorded: () => {
      if (cell.value === '') return undefined;
      const [area_cm2, temperature_C] = [number(area), number(temperature)];
      return {
        cell: cell.value,
        ...(area_cm2 !== undefined && { area_cm2 }),
        ...(temperature_C !== undefined && { temperature_C }),
      };
    },
  };
}
