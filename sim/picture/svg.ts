import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';
import { base, figureWidth_px } from './style';

/** Draws a chart as a standalone SVG document of the figure's width and the given height in CSS pixels. */
export function toSvg(option: EChartsOption, height_px: number): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: figureWidth_px, height: height_px });
  try {
    chart.setOption({ ...base, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
