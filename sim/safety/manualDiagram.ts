/** Boxes, arrows and words in the house style. Places are in pixels of the picture. */
import type { EChartsOption } from 'echarts';
import { colour, fontFamily } from '../picture/style';

/** One shape of a picture. */
export type Mark = Exclude<EChartsOption['graphic'], undefined | readonly unknown[]>;

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  /** `x`, `y` are its middle. */
  width: number;
  height: number;
}

const WORDS_PX = 11;
const HEAD_PX = 6;

export function words(at: Point, text: string, more: Record<string, unknown> = {}): Mark {
  return {
    type: 'text' as const,
    x: at.x,
    y: at.y,
    silent: true,
    z: 3,
    style: {
      text,
      fill: colour.black,
      fontFamily,
      fontSize: WORDS_PX,
      lineHeight: WORDS_PX + 3,
      align: 'center' as const,
      verticalAlign: 'middle' as const,
      ...more,
    },
  };
}

export function box({ x, y, width, height }: Box, style: Record<string, unknown> = {}): Mark {
  return {
    type: 'rect' as const,
    silent: true,
    z: 2,
    shape: { x: x - width / 2, y: y - height / 2, width, height, r: 5 },
    style: { fill: '#ffffff', stroke: colour.black, lineWidth: 1, ...style },
  };
}

/** A line through these points with a head at its end. */
export function arrow(points: readonly Point[], color: string = colour.black, dash?: number[]): Mark[] {
  const [before, end] = [points[points.length - 2]!, points[points.length - 1]!];
  return [
    {
      type: 'polyline' as const,
      silent: true,
      z: 1,
      shape: { points: points.map(({ x, y }) => [x, y]) },
      style: { stroke: color, fill: 'none', lineWidth: 1.2, ...(dash ? { lineDash: dash } : {}) },
    },
    head(before, end, color),
  ];
}

/** A curve from one point to another that bends by `bend` pixels to its left. */
export function bentArrow(from: Point, to: Point, bend: number, color: string = colour.black): Mark[] {
  const middle = bendPoint(from, to, 2 * bend);
  return [
    {
      type: 'bezierCurve' as const,
      silent: true,
      z: 1,
      shape: { x1: from.x, y1: from.y, cpx1: middle.x, cpy1: middle.y, x2: to.x, y2: to.y },
      style: { stroke: color, fill: 'none', lineWidth: 1.2 },
    },
    head(middle, to, color),
  ];
}

/** Half way, `by` pixels to the left of the way. */
export function bendPoint(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return {
    x: (from.x + to.x) / 2 + (by * (to.y - from.y)) / length,
    y: (from.y + to.y) / 2 - (by * (to.x - from.x)) / length,
  };
}

function head(before: Point, end: Point, color: string): Mark {
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [ux, uy] = [((end.x - before.x) / length) * HEAD_PX, ((end.y - before.y) / length) * HEAD_PX];
  const side = (turn: number): number[] => [end.x - ux + (turn * uy) / 2, end.y - uy - (turn * ux) / 2];
  return {
    type: 'polygon' as const,
    silent: true,
    z: 2,
    shape: { points: [[end.x, end.y], side(1), side(-1)] },
    style: { fill: color },
  };
}

/** Where a way that begins at `from`, inside the box, towards `to` leaves it. */
export function edgeOf(of: Box, from: Point, to: Point, gap = 2): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = (d: number, start: number, middle: number, half: number): number =>
    d === 0 ? Infinity : (middle + Math.sign(d) * (half + gap) - start) / d;
  const part = Math.min(along(dx, from.x, of.x, of.width / 2), along(dy, from.y, of.y, of.height / 2));
  return { x: from.x + dx * part, y: from.y + dy * part };
}
