/** Pictures and bills of materials of the built-in boards, by their files in docs/boards/. */
import { materials, materialsMarkdown } from './materials';
import { boardNames, loadProduct } from './read';
import { wiringDiagram } from './wiring';

export function boardDocuments(): Record<string, string> {
  const entries = boardNames().flatMap((name) => {
    const product = loadProduct(name);
    const title = `# Bill of materials: ${name}`;
    const made = `<!-- Made from the board file: npm run boards:docs, or caldera config parts ${name} -->`;
    return [
      [`docs/boards/${name}.svg`, wiringDiagram(product)],
      [`docs/boards/${name}-parts.md`, `${made}\n\n${title}\n\n${materialsMarkdown(materials(product))}\n`],
    ];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
