/**
 * A small drawing board for wiring diagrams: parts as boxes with named pins, wires of right angles, two-terminal parts on a wire, names
 * of nets. Coordinates in CSS pixels, y down. It remembers what it drew and finds texts that overlap something (`collisions`).
 */
import { colour, fontFamily } from '../picture/style';

export interface Point {
  x: number;
  y: number;
}

/** Of nets; what is the same net has the same colour. */
export const WIRE = {
  power: colour.vermilion,
  ground: colour.black,
  supply: '#B8860B',
  data: colour.blue,
  clock: colour.green,
  alert: colour.purple,
  signal: colour.skyBlue,
  sense: colour.orange,
} as const;

type Side = 'left' | 'right' | 'top' | 'bottom';
/** A pin by its name: on which side of its box, and how far along it. */
export type Pins = Record<string, [side: Side, at: number]>;

/** Where a pin of a part is to be wired. */
export type PinOf = (pin: string) => Point;

interface Rectangle {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  what: string;
}
interface TextStyle {
  align?: 'start' | 'middle' | 'end';
  size?: number;
  bold?: boolean;
  fill?: string;
}

interface Segment {
  a: Point;
  b: Point;
}

const SIZE_PX = 12;
/** A text is wider than this never (Arimo, mean of capital and small letters and digits). */
const EM = 0.54;
const STUB_PX = 8;
const BODY_PX = 30;

export class Drawing {
  private readonly boxes: string[] = [];
  private readonly wires: string[] = [];
  private readonly marks: string[] = [];
  private readonly texts: Rectangle[] = [];
  /** Those outside of parts. */
  private readonly loose: Rectangle[] = [];
  private readonly segments: Segment[] = [];
  private readonly bodies: Rectangle[] = [];
  /** Of two-terminal parts. */
  private readonly symbols: Rectangle[] = [];

  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  /** A part. @returns where each of its pins is to be wired */
  part(
    [x, y, width, height]: readonly [x: number, y: number, width: number, height: number],
    title: string,
    pins: Pins,
    notes: readonly string[] = [],
  ): PinOf {
    this.boxes.push(
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="#f6f6f2" stroke="${colour.black}"/>`,
    );
    this.bodies.push({ x0: x, y0: y, x1: x + width, y1: y + height, what: title });
    const middle = x + width / 2;
    const first = title === '' ? y + height / 2 - 10 : y + height / 2 - (notes.length * 14) / 2 + 4;
    if (title !== '') this.write({ x: middle, y: first }, title, { align: 'middle', bold: true });
    notes.forEach((note, k) => this.write({ x: middle, y: first + 14 * (k + 1) }, note, { align: 'middle', size: 11 }));
    const places = new Map<string, Point>();
    for (const [name, [side, along]] of Object.entries(pins)) {
      const edge = {
        left: { x, y: y + along },
        right: { x: x + width, y: y + along },
        top: { x: x + along, y },
        bottom: { x: x + along, y: y + height },
      }[side];
      const out = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] }[side] as [number, number];
      const end = { x: edge.x + STUB_PX * out[0], y: edge.y + STUB_PX * out[1] };
      this.boxes.push(line([edge, end], colour.black, 1.2));
      const label = name.replace(/#.*$/, '');
      const inside = { left: 5, right: -5, top: 0, bottom: 0 }[side];
      this.write({ x: edge.x + inside, y: edge.y + { left: 4, right: 4, top: 13, bottom: -5 }[side] }, label, {
        align: side === 'left' ? 'start' : side === 'right' ? 'end' : 'middle',
        size: 10.5,
        fill: '#444444',
      });
      places.set(name, end);
    }
    return (pin) => {
      const place = places.get(pin);
      if (!place) throw new Error(`${title} has no pin ${pin}`);
      return place;
    };
  }

  /** A wire through the points; between two that are not in line it turns once, first along x. */
  wire(ink: string, ...points: Point[]): void {
    const path = [points[0]!];
    for (const point of points.slice(1)) {
      const last = path.at(-1)!;
      if (last.x !== point.x && last.y !== point.y) path.push({ x: point.x, y: last.y });
      path.push(point);
    }
    for (let k = 1; k < path.length; k++) this.segments.push({ a: path[k - 1]!, b: path[k]! });
    this.wires.push(line(path, ink, ink === WIRE.power ? 3 : 1.6));
  }

  /** Where wires meet. */
  dot(at: Point, ink: string = colour.black): void {
    this.marks.push(`<circle cx="${at.x}" cy="${at.y}" r="3.2" fill="${ink}"/>`);
  }

  /** A two-terminal part in the middle of a straight wire. @param label beside it (a vertical one: to its right) */
  between(
    kind: 'resistor' | 'capacitor' | 'fuse' | 'ntc' | 'diode' | 'cell',
    a: Point,
    b: Point,
    ink: string,
    label: string,
    beside: 'after' | 'before' = 'after',
  ): void {
    const vertical = a.x === b.x;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    const half = kind === 'capacitor' || kind === 'cell' ? 4 : BODY_PX / 2;
    const [from, to] = vertical
      ? [
          { x: a.x, y: middle.y - half * Math.sign(b.y - a.y) },
          { x: a.x, y: middle.y + half * Math.sign(b.y - a.y) },
        ]
      : [
          { x: middle.x - half * Math.sign(b.x - a.x), y: a.y },
          { x: middle.x + half * Math.sign(b.x - a.x), y: a.y },
        ];
    this.wire(ink, a, from);
    this.wire(ink, to, b);
    // Drawn from left to right, then turned to run from a to b.
    const angle = vertical ? (b.y > a.y ? 90 : -90) : b.x > a.x ? 0 : 180;
    const turn = angle === 0 ? '' : ` transform="rotate(${angle} ${middle.x} ${middle.y})"`;
    const { x, y } = middle;
    const body = `<rect x="${x - BODY_PX / 2}" y="${y - 6}" width="${BODY_PX}" height="12" fill="#ffffff" stroke="${colour.black}" stroke-width="1.4"/>`;
    const marks = {
      resistor: body,
      fuse: `${body}<path d="M${x - BODY_PX / 2} ${y}h${BODY_PX}" stroke="${colour.black}"/>`,
      ntc: `${body}<path d="M${x - 14} ${y + 11}l6 0l18 -22" fill="none" stroke="${colour.black}" stroke-width="1.2"/>`,
      capacitor: `<path d="M${x - 4} ${y - 9}v18M${x + 4} ${y - 9}v18" stroke="${colour.black}" stroke-width="2"/>`,
      // The long plate is plus, at the second end.
      cell: `<path d="M${x + 4} ${y - 14}v28" stroke="${colour.black}" stroke-width="1.8"/><path d="M${x - 4} ${y - 8}v16" stroke="${colour.black}" stroke-width="4"/>`,
      diode: `<path d="M${x - 8} ${y - 8}v16l14 -8zM${x + 7} ${y - 8}v16" fill="${colour.black}" stroke="${colour.black}" stroke-width="1.4"/><path d="M${x - 15} ${y}h30" stroke="${colour.black}" stroke-width="1.4"/>`,
    }[kind];
    this.marks.push(`<g${turn}>${marks}</g>`);
    const breadth = kind === 'resistor' || kind === 'fuse' ? 6.5 : 9;
    const [wide, high] = vertical ? [breadth, half] : [half, breadth];
    this.symbols.push({ x0: x - wide, y0: y - high, x1: x + wide, y1: y + high, what: `${kind} ${label}` });
    const reach = kind === 'capacitor' ? 13 : kind === 'cell' ? 18 : kind === 'diode' ? 13 : kind === 'ntc' ? 15 : 10;
    const side = beside === 'after' ? 1 : -1;
    if (vertical) this.text({ x: x + side * reach, y: y + 4 }, label, { align: side > 0 ? 'start' : 'end', size: 11 });
    else this.text({ x, y: side > 0 ? y - reach : y + reach + 9 }, label, { align: 'middle', size: 11 });
  }

  ground(at: Point): void {
    const { x, y } = at;
    this.marks.push(
      `<path d="M${x} ${y}v5M${x - 8} ${y + 5}h16M${x - 5} ${y + 8.5}h10M${x - 2} ${y + 12}h4" fill="none" stroke="${colour.black}" stroke-width="1.6"/>`,
    );
  }

  /** A supply's name over a short bar. */
  supply(at: Point, name: string): void {
    this.marks.push(`<path d="M${at.x - 8} ${at.y}h16" stroke="${WIRE.supply}" stroke-width="2.4"/>`);
    this.text({ x: at.x, y: at.y - 5 }, name, { align: 'middle', size: 11, fill: '#7a5a00', bold: true });
  }

  /** The name of a net, which goes on wherever else it stands. */
  net(at: Point, name: string, side: 'left' | 'right', ink: string): void {
    const width = name.length * 11 * EM + 14;
    const sign = side === 'right' ? 1 : -1;
    const x = (along: number): number => at.x + sign * along;
    this.marks.push(
      `<path d="M${x(0)} ${at.y}L${x(7)} ${at.y - 8}H${x(width)}V${at.y + 8}H${x(7)}Z" fill="#ffffff" stroke="${ink}" stroke-width="1.3"/>`,
    );
    this.text({ x: x(3 + width / 2), y: at.y + 4 }, name, { align: 'middle', size: 11 });
  }

  text(at: Point, content: string, style: TextStyle = {}): void {
    this.write(at, content, style);
    this.loose.push(this.texts.at(-1)!);
  }

  private write(
    at: Point,
    content: string,
    { align = 'start', size = SIZE_PX, bold = false, fill = colour.black }: TextStyle = {},
  ): void {
    const width = content.length * size * EM * (bold ? 1.06 : 1);
    const x0 = at.x - { start: 0, middle: width / 2, end: width }[align];
    this.texts.push({ x0, y0: at.y - size * 0.75, x1: x0 + width, y1: at.y + size * 0.2, what: content });
    this.marks.push(
      `<text x="${at.x}" y="${at.y}" font-size="${size}"${align === 'start' ? '' : ` text-anchor="${align}"`}${bold ? ' font-weight="bold"' : ''} fill="${fill}">${escape(content)}</text>`,
    );
  }

  /** Texts that overlap another text or a wire, and wires that run through a part: none in a drawing that can be read. */
  collisions(): string[] {
    const found: string[] = [];
    this.texts.forEach((one, k) => {
      for (const other of this.texts.slice(k + 1))
        if (overlap(one, other)) found.push(`"${one.what}" over "${other.what}"`);
      for (const symbol of this.symbols) if (overlap(one, symbol)) found.push(`"${one.what}" over the ${symbol.what}`);
      for (const segment of this.segments)
        if (crosses(segment, one, 0))
          found.push(`a wire through "${one.what}" at ${Math.round(one.x0)}, ${Math.round(one.y0)}`);
      if (one.x0 < 0 || one.y0 < 0 || one.x1 > this.width || one.y1 > this.height) found.push(`"${one.what}" outside`);
    });
    for (const body of this.bodies) {
      for (const text of this.loose) if (overlap(text, body)) found.push(`"${text.what}" over the part "${body.what}"`);
      for (const segment of this.segments)
        if (crosses(segment, body, 1)) found.push(`a wire through the part "${body.what}"`);
    }
    return found;
  }

  toSvg(): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${this.width} ${this.height}" width="${this.width}" height="${this.height}" font-family="${fontFamily}">`,
      `<rect width="${this.width}" height="${this.height}" fill="#ffffff"/>`,
      ...this.wires,
      ...this.boxes,
      ...this.marks,
      '</svg>',
      '',
    ].join('\n');
  }
}

function line(points: readonly Point[], ink: string, width: number): string {
  return `<polyline points="${points.map(({ x, y }) => `${x},${y}`).join(' ')}" fill="none" stroke="${ink}" stroke-width="${width}" stroke-linejoin="round"/>`;
}

const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.x0 < other.x1 && other.x0 < one.x1 && one.y0 < other.y1 && other.y0 < one.y1;

function crosses({ a, b }: Segment, box: Rectangle, margin: number): boolean {
  const [x0, x1] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [y0, y1] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return x0 < box.x1 - margin && x1 > box.x0 + margin && y0 < box.y1 - margin && y1 > box.y0 + margin;
}

const escape = (content: string): string => content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** 2,200 as "2.2k": a resistance as it is written beside it. */
export function ohms(value: number): string {
  if (value >= 1e6) return `${value / 1e6} MΩ`;
  if (value >= 1e3) return `${value / 1e3} kΩ`;
  if (value >= 1) return `${value} Ω`;
  return `${Number((value * 1e3).toPrecision(3))} mΩ`;
}
