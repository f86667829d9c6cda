/** Tables, each in a box that scrolls by itself on a narrow screen. */
import { h, type Child } from './dom';

/** The box, which the keyboard can scroll too. @param label what a screen reader calls it */
export const scrollBox = (label: string, ...children: Child[]): HTMLElement =>
  h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': label }, ...children);

/** @param head of each column */
export function tableOf(
  head: readonly string[],
  rows: readonly HTMLElement[],
  { caption, look }: { caption?: string; look?: string } = {},
): HTMLElement {
  return h(
    'table',
    { class: look },
    caption !== undefined && h('caption', {}, caption),
    h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, ...rows),
  );
}

/** A row of cells. */
export const rowOf = (cells: readonly string[]): HTMLElement => h('tr', {}, ...cells.map((cell) => h('td', {}, cell)));
