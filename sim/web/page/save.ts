/** The files of a chart: numbers, a drawing, a picture. */
import { download, h } from './dom';

export interface Files {
  csv: () => string;
  svg: () => string;
}

/** Buttons behind one word. `files` is asked when a button is pressed. */
export function saveMenu(title: string, files: () => Files): HTMLElement {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const button = (label: string, save: () => void): HTMLElement =>
    h('button', { type: 'button', onclick: save, 'aria-label': `Save "${title}" as ${label}` }, label);
  const menu: HTMLDetailsElement = h(
    'details',
    { class: 'save', onfocusout: leave, onkeydown: leave },
    h('summary', { 'aria-label': `Save "${title}"` }, 'Save'),
    h(
      'div',
      { class: 'save-buttons' },
      button('CSV', () => download(`${name}.csv`, files().csv(), 'text/csv')),
      button('SVG', () => download(`${name}.svg`, files().svg(), 'image/svg+xml')),
      button('PNG', () => void toPng(files().svg()).then((png) => download(`${name}.png`, png))),
    ),
  );
  /** Closes when the focus goes on, or with Escape. */
  function leave(event: Event): void {
    const stays =
      event instanceof KeyboardEvent
        ? event.key !== 'Escape'
        : event instanceof FocusEvent && menu.contains(event.relatedTarget as Node | null);
    if (!stays) menu.open = false;
  }
  return menu;
}

/** Twice as many pixels as the drawing has, for print. */
const SCALE = 2;

async function toPng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = h('canvas', { width: SCALE * image.naturalWidth, height: SCALE * image.naturalHeight });
    const context = canvas.getContext('2d')!;
    context.scale(SCALE, SCALE);
    context.drawImage(image, 0, 0);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no PNG of it'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
