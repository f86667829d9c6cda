/** The volcano as an SVG in colours of look.css. Rates stand on a logarithmic axis. */
import { roundScale } from '../../../picture/style';
import { escape } from '../figure';
import type { Picture, Place } from './volcanoPictures';

const TICKS_C = [0.25, 0.5, 0.75, 1, 1.5, 2, 3];
const NARROW_PX = 520;
/** Of bold type, about. */
const LETTER_PX = 8;

export function drawVolcano(picture: Picture, width: number): string {
  const narrow = width < NARROW_PX;
  const height = Math.round(Math.min(430, Math.max(300, 0.52 * width)));
  const [left, right, top, bottom] = [narrow ? 46 : 58, 14, 44, height - 46];
  const values = [
    ...[picture.main, ...picture.earlier, ...picture.paths].flatMap(({ points }) => points.map(({ value }) => value)),
    ...[...picture.marks, ...picture.ranges].map(({ value }) => value),
  ];
  const rates = [picture.main, ...picture.earlier, ...picture.paths].flatMap(({ points }) =>
    points.map(({ rate_C }) => rate_C),
  );
  const { max, interval } = roundScale([0, picture.yMax ?? Math.max(10, 1.08 * Math.max(0, ...values))]);
  const [from, to] = [
    Math.log2(Math.min(0.22, 0.92 * Math.min(...rates, 1))),
    Math.log2(Math.max(3.3, 1.08 * Math.max(...rates, 1))),
  ];
  const x = (rate_C: number): number => left + ((Math.log2(rate_C) - from) / (to - from)) * (width - left - right);
  const y = (value: number): number => bottom - (value / max) * (bottom - top);
  const xy = ({ rate_C, value }: Place): string => `${n(x(rate_C))} ${n(y(value))}`;

  const yTicks = Array.from({ length: Math.floor(max / interval + 1e-9) + 1 }, (_, k) => k * interval);
  const parts = [
    ...yTicks.map(
      (v) =>
        `<path d="M${left} ${n(y(v))}H${width - right}" stroke="var(--line)"/><text x="${left - 8}" y="${n(y(v) + 4)}" text-anchor="end" fill="var(--ink-soft)">${Number(v.toFixed(3))}</text>`,
    ),
    ...TICKS_C.filter((rate) => !narrow || rate !== 0.75).map(
      (rate) =>
        `<path d="M${n(x(rate))} ${bottom}v5" stroke="var(--ink-soft)"/><text x="${n(x(rate))}" y="${bottom + 19}" text-anchor="middle" fill="var(--ink-soft)">${rate}C</text>`,
    ),
    `<text x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle" fill="var(--ink)">Discharge rate</text>`,
    `<text x="${narrow ? 4 : left}" y="${narrow ? 34 : 14}" fill="var(--ink)">${escape(picture.yTitle)}</text>`,
  ];
  const { points } = picture.main;
  const [first, last] = [points[0], points.at(-1)];
  if (first && last && points.length > 1) {
    parts.push(
      `<path d="M${n(x(first.rate_C))} ${bottom}L${points.map(xy).join('L')}L${n(x(last.rate_C))} ${bottom}Z" fill="var(--rock)"/>`,
      ...picture.earlier.map(
        ({ points: line }) =>
          `<path d="M${line.map(xy).join('L')}" fill="none" stroke="var(--fixed)" stroke-opacity="0.45" stroke-dasharray="2 4"/>`,
      ),
      ...(narrow
        ? []
        : picture.earlier.map(({ label, points: line }) =>
            line[0]
              ? `<text x="${n(x(line[0].rate_C) + 2)}" y="${n(y(line[0].value) - 6)}" font-size="11" fill="var(--ink-soft)">${label}</text>`
              : '',
          )),
      `<path d="M${points.map(xy).join('L')}" fill="none" stroke="var(--fixed)" stroke-width="2.5" stroke-linejoin="round"/>`,
      ...points.map(
        (point) => `<circle cx="${n(x(point.rate_C))}" cy="${n(y(point.value))}" r="3.5" fill="var(--fixed)"/>`,
      ),
      ...slopesInWords(points, x, y, narrow),
    );
  }
  for (const mark of picture.marks)
    parts.push(
      `<circle cx="${n(x(mark.rate_C))}" cy="${n(y(mark.value))}" r="6.5" fill="none" stroke="var(--paper)" stroke-width="2"><title>${escape(mark.text)}</title></circle>`,
    );
  for (const { colour, label, value, mean_C, from_C, to_C } of picture.ranges)
    parts.push(
      `<path d="M${n(x(from_C))} ${n(y(value))}H${n(x(to_C))}" stroke="var(--${colour})" stroke-width="3"/>`,
      diamond(x(mean_C), y(value), colour),
      halo(x(mean_C), y(value) - 14, `${label}: ${value.toFixed(1)}`, 'middle'),
    );
  picture.paths.forEach((path, k) => {
    const end = path.points.at(-1)!;
    const words = `${path.label}: ${end.rate_C.toFixed(2)}C, ${end.value.toFixed(1)} %`;
    const over = x(end.rate_C) + 14 + LETTER_PX * words.length > width;
    parts.push(
      `<path d="M${path.points.map(xy).join('L')}" fill="none" stroke="var(--surface)" stroke-width="5" stroke-opacity="0.7" stroke-linejoin="round"/>`,
      `<path d="M${path.points.map(xy).join('L')}" fill="none" stroke="var(--${path.colour})" stroke-width="2.5" stroke-linejoin="round"/>`,
      diamond(x(end.rate_C), y(end.value), path.colour),
      halo(x(end.rate_C) + (over ? -12 : 12), y(end.value) - 10 - 4 * k, words, over ? 'end' : 'start'),
    );
  });
  parts.push(legend(picture, left, width));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, Arial, Liberation Sans, sans-serif" font-size="13"><rect width="${width}" height="${height}" fill="var(--surface)"/>${parts.join('')}</svg>`;
}

/** What makes the slopes: on the rock, where there is room. */
function slopesInWords(
  points: readonly Place[],
  x: (rate_C: number) => number,
  y: (value: number) => number,
  narrow: boolean,
): string[] {
  if (narrow) return [];
  const top = points.reduce((best, point) => (point.value > best.value ? point : best));
  const foot = y(0);
  const words = (at: number, anchor: string, lines: readonly string[]): string =>
    lines
      .map(
        (line, k) =>
          `<text x="${n(at)}" y="${n(foot - 18 * (lines.length - k) + 4)}" text-anchor="${anchor}" font-size="${k === 0 ? 13 : 12}" ${k === 0 ? 'font-weight="600" ' : ''}fill="var(--ink)">${line}</text>`,
      )
      .join('');
  const room = (value: number): boolean => foot - y(value) > 70;
  return [
    points[0]!.value < top.value && room(points[0]!.value)
      ? words(x(points[0]!.rate_C) + 10, 'start', [
          'Too slow',
          'lithium is stripped unevenly,',
          'what stays behind is buried',
        ])
      : '',
    points.at(-1)!.value < top.value && top.rate_C < 2.5
      ? words(x(points.at(-1)!.rate_C) - 8, 'end', [
          'Too fast',
          'ions crowd at the surface, the discharge',
          'ends with lithium still on the copper',
        ])
      : '',
  ];
}

function legend(picture: Picture, left: number, width: number): string {
  const items = [
    ...(picture.main.points.length > 0
      ? [
          {
            text: 'fixed rates',
            icon: '<path d="M0 0H18" stroke="var(--fixed)" stroke-width="2.5"/><circle cx="9" r="3.5" fill="var(--fixed)"/>',
          },
        ]
      : []),
    ...(picture.marks.length > 0
      ? [
          {
            text: 'measured (paper)',
            icon: '<circle cx="9" r="6" fill="none" stroke="var(--paper)" stroke-width="2"/>',
          },
        ]
      : []),
  ];
  let at = Math.max(left, width - 14 - items.reduce((sum, { text }) => sum + 34 + 6.8 * text.length, 0));
  return items
    .map(({ text, icon }) => {
      const item = `<g transform="translate(${n(at)} 10)">${icon}<text x="24" y="4" fill="var(--ink)">${text}</text></g>`;
      at += 34 + 6.8 * text.length;
      return item;
    })
    .join('');
}

const diamond = (x: number, y: number, colour: string): string =>
  `<path d="M${n(x)} ${n(y - 9)}l9 9l-9 9l-9 -9z" fill="var(--${colour})" stroke="var(--surface)" stroke-width="1.5"/>`;

/** Words that can be read on any ground. */
const halo = (x: number, y: number, words: string, anchor: string): string =>
  `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}" font-weight="650" fill="var(--ink)" stroke="var(--surface)" stroke-width="4" paint-order="stroke">${escape(words)}</text>`;

const n = (value: number): string => String(Math.round(value * 10) / 10);
