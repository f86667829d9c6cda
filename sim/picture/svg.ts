import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';
import { base, figureWidth_px } from './style';

/** Draws a chart as a standalone SVG document of the given size in CSS pixels, one column wide unless told otherwise. */
export function toSvg(option: EChartsOption, height_px: number, width_px: number = figureWidth_px): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width_px, height: height_px });
  try {
    chart.setOption({ ...base, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
