/** The page: a header with the views, and the view that the address names. */
import { benchView } from './bench';
import { exploreView } from './explore/view';
import { liveView } from './live/view';
import { openView } from './open/view';
import { readAddress } from './address';
import { startTheme, switchTheme, theme } from './theme';
import type { View } from './view';
import './look.css';

const VIEWS: Readonly<Record<string, View>> = {
  explore: exploreView,
  open: openView,
  live: liveView,
  // Not in the navigation.
  bench: benchView,
};
const FIRST = 'explore';

startTheme();
const root = document.getElementById('view')!;
const themeButton = document.getElementById('theme') as HTMLButtonElement;
let shown: { name: string; unmount: () => void } | undefined;

function show(): void {
  const { view } = readAddress();
  const name = view in VIEWS ? view : FIRST;
  if (shown?.name === name) return;
  const again = shown !== undefined;
  shown?.unmount();
  root.replaceChildren();
  delete root.dataset.state;
  const { title, mount } = VIEWS[name]!;
  document.title = `${title} – Caldera`;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#views a')) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  shown = { name, unmount: mount(root) };
  // A screen reader goes on where the new content begins.
  if (again) root.focus();
}

function labelTheme(): void {
  themeButton.textContent = theme() === 'dark' ? 'Light' : 'Dark';
  themeButton.setAttribute('aria-label', theme() === 'dark' ? 'Use light colours' : 'Use dark colours');
}

document.querySelector('.skip')!.addEventListener('click', (event) => {
  // The address is for the views.
  event.preventDefault();
  root.focus();
});
themeButton.addEventListener('click', () => {
  switchTheme();
  labelTheme();
});
labelTheme();
addEventListener('hashchange', show);
show();
