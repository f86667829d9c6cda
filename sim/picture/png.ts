import { createRequire } from 'node:module';
import { fontFamily } from './style';

/** Loaded when first used: where the renderer's native part is missing, only PNG is lost. */
const load = createRequire(__filename);

/** Dots per CSS pixel: 502 dpi at 85 mm. */
const zoom = 4;

/**
 * Renders an SVG picture as PNG on white. The type is always the Arimo that ships with the project, never a font of the
 * machine: the same picture everywhere, also where no font is installed at all. Throws where the renderer is missing.
 */
export function toPng(svg: string): Buffer {
  const { Resvg } = load('@resvg/resvg-js') as typeof import('@resvg/resvg-js');
  const arimo = (style: string): string => load.resolve(`@expo-google-fonts/arimo/${style}/Arimo_${style}.ttf`);
  const renderer = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: zoom },
    font: {
      loadSystemFonts: false,
      fontFiles: [arimo('400Regular'), arimo('700Bold')],
      defaultFontFamily: fontFamily.split(',')[0]!,
    },
  });
  return renderer.render().asPng();
}
