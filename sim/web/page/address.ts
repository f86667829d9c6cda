/** The page's address: `#view?key=value&...`. What is in it can be shared. */

export interface Address {
  view: string;
  parameters: URLSearchParams;
}

export function readAddress(): Address {
  const [view = '', query = ''] = location.hash.slice(1).split('?');
  return { view, parameters: new URLSearchParams(query) };
}

/** Writes parameters into the address of the view that is shown, without a step in the browser's history. */
export function writeParameters(parameters: URLSearchParams): void {
  const { view } = readAddress();
  const query = parameters.toString();
  history.replaceState(null, '', `#${view || 'explore'}${query ? `?${query}` : ''}`);
}
