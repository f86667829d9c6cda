/** A list of names and values, such as `Voltage: 3.712 V`, whose values change. */
import { h } from '../dom';

export interface Facts {
  readonly element: HTMLElement;
  /** In the order of the names. Of a stale value the reader is told so before it. */
  show(values: readonly string[], isStale: boolean): void;
}

export function createFacts(names: readonly string[]): Facts {
  const values = names.map(() => h('dd', {}, '–'));
  const element = h('dl', { class: 'facts' }, ...names.map((name, k) => h('div', {}, h('dt', {}, name), values[k])));
  return {
    element,
    show: (texts, isStale) => {
      element.classList.toggle('stale', isStale);
      texts.forEach((text, k) => {
        const shown = isStale && text !== '–' ? `last: ${text}` : text;
        if (values[k]!.textContent !== shown) values[k]!.textContent = shown;
      });
    },
  };
}
