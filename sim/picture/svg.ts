import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';
import { base, figureWidth_px } from './style';

/**
 * Draws a chart as a standalone SVG document of the given size in CSS pixels, one column wide unless told otherwise. The same chart
 * is the same document, whatever was drawn before.
 */
export function toSvg(option: EChartsOption, height_px: number, width_px: number = figureWidth_px): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width_px, height: height_px });
  try {
    chart.setOption({ ...base, ...option });
    return withoutPointer(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** Drops what is for a page's mouse, and the count of all charts of a process in names. */
function withoutPointer(svg: string): string {
  return svg
    .replace(/<style ><!\[CDATA\[[^\]]*\]\]>\s*<\/style>\n?/g, '')
    .replace(/ (class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="\w+")/g, '')
    .replace(/\bzr\d+-/g, 'part-');
}
