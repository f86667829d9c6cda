/** Pieces that several results share. Charts are ended with the view. */
import { createChart, type Chart } from '../chart';
import type { ChartSpec, Columns } from '../chartSpec';
import { download, h, type Child } from '../dom';

/** A place that results are shown in, one at a time. */
export class Stage {
  private charts: Chart[] = [];
  private urls: string[] = [];
  private insides: Stage[] = [];

  constructor(readonly element: HTMLElement) {}

  clear(): void {
    for (const inside of this.insides) inside.clear();
    for (const chart of this.charts) chart.destroy();
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.charts = [];
    this.urls = [];
    this.insides = [];
    this.element.replaceChildren();
  }

  card(...children: Child[]): HTMLElement {
    return this.element.appendChild(h('section', { class: 'card' }, ...children));
  }

  /** A part of a card, whose content changes by itself. */
  inside(card: HTMLElement): Stage {
    const stage = new Stage(card.appendChild(h('div')));
    this.insides.push(stage);
    return stage;
  }

  chart(spec: ChartSpec, columns: Columns): void {
    const chart = createChart(this.card(), spec);
    chart.setData(columns);
    this.charts.push(chart);
  }

  /** The file as a picture. SVG shown this way runs no scripts. */
  picture(file: File, type: string): void {
    const url = URL.createObjectURL(new Blob([file], { type }));
    this.urls.push(url);
    this.card(
      h('h3', {}, file.name),
      h('img', { src: url, alt: `Picture ${file.name} of the result`, class: 'open-picture' }),
    );
  }
}

export const lines = (texts: readonly string[]): HTMLElement => h('ul', {}, ...texts.map((text) => h('li', {}, text)));

export function saveButton(name: string, content: () => string): HTMLElement {
  return h('button', { type: 'button', onclick: () => download(name, content(), 'text/csv') }, `Save ${name}`);
}

export const facts = (values: readonly (readonly [string, string])[]): HTMLElement =>
  h('dl', { class: 'facts' }, ...values.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
