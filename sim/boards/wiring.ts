/** The wiring diagram of a product, drawn from its file. */
import { cyclerDiagram } from './cyclerDiagram';
import type { Drawing } from './drawing';
import { packDiagram } from './packDiagram';
import type { Product } from './product';

export const wiring = (product: Product): Drawing =>
  product.kind === 'cycler' ? cyclerDiagram(product) : packDiagram(product);

/** As an SVG document. */
export const wiringDiagram = (product: Product): string => wiring(product).toSvg();
