/** Result folders that the server of this page lists (`caldera dashboard --dir`). */
import type { ListedResult } from '../../serverResults';
import { h } from '../dom';
import { serverOffers } from '../live/serverStream';
import type { Dropped } from './files';

/** Undefined where the server lists none. */
export function createResultList(open: (result: Dropped) => void): HTMLElement | undefined {
  if (!serverOffers('results')) return undefined;
  const list = h('ul', { class: 'open-results' });
  const section = h('section', { class: 'card' }, h('h2', {}, 'Results on this machine'), list);
  const say = (text: string): void => list.replaceChildren(h('li', {}, text));
  fetch('api/results')
    .then((response) => response.json() as Promise<ListedResult[]>)
    .then((results) => {
      if (results.length === 0)
        say('No result in it yet: --dir names the folder in which commands of caldera made theirs with --out.');
      for (const result of results) {
        const button = h('button', { type: 'button', class: 'quiet', onclick: () => void load(result) }, result.name);
        list.append(h('li', {}, button, ` ${result.command}, ${new Date(result.at_ms).toLocaleString()}`));
      }
    })
    .catch(() => say('The server cannot be reached; start caldera dashboard again and reload the page.'));

  async function load({ name, files }: ListedResult): Promise<void> {
    const fetched = await Promise.all(
      files
        .filter((file) => /\.(json|csv|svg|png|parquet)$/i.test(file.name))
        .filter(({ bytes }) => bytes < LARGEST)
        .map(async (file) => {
          const response = await fetch(`api/results/${encodeURIComponent(name)}/${encodeURIComponent(file.name)}`);
          return new File([await response.blob()], file.name);
        }),
    );
    open({ folder: name, files: new Map(fetched.map((file) => [file.name, file])) });
  }
  return section;
}

const LARGEST = 64 << 20;
