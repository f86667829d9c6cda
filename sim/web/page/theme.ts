/** Light or dark: as the system has it, until the user says otherwise. */

export type Theme = 'light' | 'dark';
const KEY = 'caldera-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
/** Asking the browser is slow. */
const now = new Map<string, string>();

export const theme = (): Theme =>
  (document.documentElement.dataset.theme as Theme | undefined) ?? (system.matches ? 'dark' : 'light');

/** Call before anything is shown. */
export function startTheme(): void {
  const kept = stored();
  if (kept) document.documentElement.dataset.theme = kept;
  system.addEventListener('change', notify);
}

export function switchTheme(): void {
  const next: Theme = theme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage it holds until the page is closed.
  }
  notify();
}

/** @returns what ends it */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A colour of look.css by its name without `--`, as it is now: `rgb(r, g, b)`. */
export function colour(name: string): string {
  const known = now.get(name) ?? resolved(name, theme());
  now.set(name, known);
  return known;
}

/** The same in light colours, for paper. */
export const printColour = (name: string): string => resolved(name, 'light');

function resolved(name: string, scheme: Theme): string {
  const probe = document.createElement('span');
  probe.className = `${scheme}-scheme`;
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function notify(): void {
  now.clear();
  for (const listener of listeners) listener();
}

function stored(): Theme | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : undefined;
  } catch {
    return undefined;
  }
}
