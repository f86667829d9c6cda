/** Elements in one line, what is said to screen readers, and files for the user. */

type Attribute = string | number | boolean | EventListener | undefined;
export type Child = Node | string | undefined | false;

/**
 * An HTML element. `class`, `for` and all other attributes as in HTML; `onclick` and the like are listeners; `true` sets a bare
 * attribute, `false` and `undefined` none.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

/** Says something to a screen reader, once it has finished what it is saying. */
export function announce(text: string): void {
  document.getElementById('announcer')!.textContent = text;
}

/** Gives the user a file. */
export function download(name: string, content: Blob | string, type = 'text/plain'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  h('a', { href: url, download: name }).click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
