/** The three layers, and what stands outside of them, as a picture. */
import { colour } from '../picture/style';
import { toSvg } from '../picture/svg';
import { arrow, box, words, type Box, type Mark, type Point } from './manualDiagram';

const HEIGHT_PX = 440;
const TINT = { steering: '#eef6fb', supervisor: '#eef7f3', frontEnd: '#fdf3ec' };

interface Part extends Box {
  name: string;
  does: string;
  style?: Record<string, unknown>;
}

const layer = (y: number, name: string, does: string, fill: string): Part => ({
  x: 150,
  y,
  width: 250,
  height: 60,
  name,
  does,
  style: { fill },
});

const STEERING = layer(48, '3  Steering (firmware)', 'wishes for a current;\nnever sees a switch', TINT.steering);
const SUPERVISOR = layer(
  150,
  '2  Supervisor (firmware)',
  'the fault table, at every tick;\nonly ever lowers what is allowed',
  TINT.supervisor,
);
const FRONT_END = layer(
  352,
  '1  Front end (hardware)',
  'comparators on every conversion;\nneed no processor',
  TINT.frontEnd,
);
const WATCHDOG: Part = {
  x: 352,
  y: 150,
  width: 116,
  height: 60,
  name: 'Watchdog',
  does: 'resets a controller\nthat hangs',
  style: { lineDash: [4, 3] },
};
const PINS: Part = { x: 150, y: 250, width: 116, height: 44, name: 'Pins, set-point', does: 'read back' };
const GATE: Part = {
  x: 352,
  y: 250,
  width: 116,
  height: 60,
  name: 'Gate: AND',
  does: 'closed only while\nboth say so',
};
const CELL: Part = { x: 352, y: 352, width: 116, height: 60, name: 'Switches, cell', does: 'shunt, thermistor' };

const below = ({ x, y, height }: Box): Point => ({ x, y: y + height / 2 + 1 });
const above = ({ x, y, height }: Box): Point => ({ x, y: y - height / 2 - 2 });
const right = ({ x, y, width }: Box): Point => ({ x: x + width / 2 + 1, y });
const left = ({ x, y, width }: Box): Point => ({ x: x - width / 2 - 2, y });

function part(of: Part): Mark[] {
  const lines = of.does.split('\n').length;
  return [
    box(of, of.style),
    words({ x: of.x, y: of.y - 7 * lines }, of.name, { fontWeight: 'bold' }),
    words({ x: of.x, y: of.y + 8 }, of.does),
  ];
}

export function layersPicture(): string {
  const beside = (at: Point, text: string): Mark => words(at, text, { align: 'left' });
  const sensed = [left({ ...CELL, y: CELL.y + 14 }), right({ ...FRONT_END, y: FRONT_END.y + 14 })];
  const alert = { x: right(FRONT_END).x, y: FRONT_END.y - 16 };
  return toSvg(
    {
      graphic: [
        ...[STEERING, SUPERVISOR, FRONT_END, WATCHDOG, PINS, GATE, CELL].flatMap(part),
        ...arrow([below(STEERING), above(SUPERVISOR)]),
        beside({ x: 156, y: 99 }, 'wished current'),
        ...arrow([below(SUPERVISOR), above(PINS)]),
        beside({ x: 156, y: 203 }, 'allowed current'),
        ...arrow([right(PINS), left(GATE)]),
        ...arrow([below(GATE), above(CELL)]),
        ...arrow(sensed as Point[]),
        // ALERT goes to the gate by itself, and to the supervisor.
        ...arrow(
          [alert, { x: 284, y: alert.y }, { x: 284, y: GATE.y + 18 }, { x: left(GATE).x, y: GATE.y + 18 }],
          colour.vermilion,
        ),
        words({ x: 282, y: 306 }, 'ALERT, latched', { align: 'right', fill: colour.vermilion }),
        ...arrow([
          { x: 56, y: above(FRONT_END).y + 1 },
          { x: 56, y: below(SUPERVISOR).y + 1 },
        ]),
        beside({ x: 62, y: 292 }, 'readings'),
        ...arrow([right(SUPERVISOR), left(WATCHDOG)], colour.black, [4, 3]),
        ...arrow([below(WATCHDOG), above(GATE)], colour.vermilion),
        beside({ x: 358, y: 199 }, 'reset: open'),
        words({ x: 210, y: 412 }, 'Beyond a welded switch there is only a fuse\nor a second contactor: fit one.'),
      ],
    },
    HEIGHT_PX,
  );
}
