/** The state machine of the switches as a picture: its arrows are what a walk over every state and event finds. */
import { Switch, SwitchEvent } from '../../firmware/protect/switches';
import { colour } from '../picture/style';
import { toSvg } from '../picture/svg';
import { arrow, bendPoint, bentArrow, box, edgeOf, words, type Box, type Mark, type Point } from './manualDiagram';
import { eventName, stateName, STATES, turns, type Turn } from './manualSwitches';

const WIDTH_PX = 70;
const HEIGHT_PX = 26;
const PICTURE_PX = { width: 420, height: 452 };
/** Two ways between the same states pass each other at this distance. */
const APART_PX = 7;

/** Where each state stands: the only thing here that the walk does not give. */
const PLACE: Record<Exclude<Switch, Switch.length>, Point> = {
  [Switch.Off]: { x: 60, y: 48 },
  [Switch.Ship]: { x: 356, y: 48 },
  [Switch.SelfTest]: { x: 208, y: 120 },
  [Switch.Recovery]: { x: 78, y: 200 },
  [Switch.Idle]: { x: 208, y: 200 },
  [Switch.Charge]: { x: 78, y: 320 },
  [Switch.Precharge]: { x: 208, y: 320 },
  [Switch.Discharge]: { x: 338, y: 320 },
  [Switch.Fault]: { x: 208, y: 430 },
};
/** Ways that do not go straight: by how much they bend, or past which points they go. */
const BEND: Partial<Record<string, number>> = { [key(Switch.Discharge, Switch.Charge)]: 15 };
const PAST: Partial<Record<string, Point[]>> = {
  [key(Switch.Fault, Switch.Recovery)]: [
    { x: 14, y: 430 },
    { x: 14, y: 200 },
  ],
  [key(Switch.Fault, Switch.Ship)]: [
    { x: 407, y: 430 },
    { x: 407, y: 48 },
  ],
};

/** What is wished for is told by colour, all else by words. */
const WISH: Partial<Record<SwitchEvent, string>> = {
  [SwitchEvent.WishCharge]: colour.blue,
  [SwitchEvent.WishDischarge]: colour.orange,
  [SwitchEvent.WishNone]: colour.green,
};

function key(from: Switch, to: Switch): string {
  return `${from}>${to}`;
}

const boxOf = (state: Switch): Box => ({
  ...PLACE[state as Exclude<Switch, Switch.length>],
  width: WIDTH_PX,
  height: HEIGHT_PX,
});

/** Of the board that has every state: the one that fills the load's capacitors first. */
export function switchesPicture(all: readonly Turn[] = turns(true)): string {
  const { shared, members } = sharedTrip(all);
  const own = all.filter(
    ({ from, event, to }) => !(to === Switch.Fault && shared.has(event) && members.includes(from)),
  );
  const ways = [...new Set(own.map(({ from, to }) => key(from, to)))];
  return toSvg(
    {
      graphic: [
        ...frame(members, shared),
        ...ways.flatMap((way) =>
          wayBetween(
            own.filter(({ from, to }) => key(from, to) === way),
            own,
          ),
        ),
        ...STATES.flatMap(state),
        ...legend(),
      ],
    },
    PICTURE_PX.height,
    PICTURE_PX.width,
  );
}

/** Events that lead from several states to `Fault` in the same way: drawn once, from a frame around those states. */
function sharedTrip(all: readonly Turn[]): { shared: Set<SwitchEvent>; members: Switch[] } {
  const trips = all.filter(({ to }) => to === Switch.Fault);
  const events = [...new Set(trips.map(({ event }) => event))];
  const members = STATES.filter((from) =>
    events.every((event) => trips.some((t) => t.from === from && t.event === event)),
  );
  return { shared: new Set(members.length > 1 ? events : []), members };
}

function frame(members: readonly Switch[], shared: ReadonlySet<SwitchEvent>): Mark[] {
  if (shared.size === 0) return [];
  const boxes = members.map(boxOf);
  const [left, right] = [Math.min(...boxes.map(({ x }) => x)) - 48, Math.max(...boxes.map(({ x }) => x)) + 48];
  const [top, bottom] = [Math.min(...boxes.map(({ y }) => y)) - 24, Math.max(...boxes.map(({ y }) => y)) + 46];
  const outside = STATES.filter((state) => !members.includes(state)).map(boxOf);
  if (outside.some(({ x, y }) => x > left && x < right && y > top && y < bottom))
    throw new Error('a state that does not lead to the fault stands inside the frame of those that do');
  const around = { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
  const fault = boxOf(Switch.Fault);
  const way = [
    { x: fault.x, y: bottom },
    { x: fault.x, y: fault.y - fault.height / 2 - 2 },
  ];
  const why = [...shared].map(eventName).reverse().join(', ');
  return [
    { ...box(around, { fill: '#fdf3ec', stroke: colour.vermilion, lineDash: [4, 3] }), z: 0 },
    ...arrow(way, colour.vermilion),
    words({ x: fault.x + 6, y: bottom + 16 }, why, { fill: colour.vermilion, align: 'left' }),
  ];
}

function state(of: Switch): Mark[] {
  const fault = of === Switch.Fault;
  return [
    box(boxOf(of), fault ? { stroke: colour.vermilion, lineWidth: 2 } : {}),
    words(boxOf(of), stateName(of), { fontWeight: 'bold' }),
  ];
}

/** All that leads from one state to another; a wish has its colour, the other events their names beside it. */
function wayBetween(same: readonly Turn[], all: readonly Turn[]): Mark[] {
  const { from, to } = same[0]!;
  const past = PAST[key(from, to)];
  const color = WISH[same[0]!.event] ?? colour.black;
  const names = same.filter(({ event }) => WISH[event] === undefined).map(({ event }) => eventName(event));
  const [start, end] = [boxOf(from), boxOf(to)];
  if (past !== undefined) {
    const points = [edgeOf(start, start, past[0]!), ...past, edgeOf(end, end, past[past.length - 1]!)];
    const at = { x: (start.x + past[0]!.x) / 2, y: start.y - 9 };
    return [...arrow(points, color), words(at, names.join(', '))];
  }
  const bend = BEND[key(from, to)];
  if (bend !== undefined) {
    const lower = (of: Box): Point => ({ x: of.x, y: of.y + of.height / 2 + 2 });
    return bentArrow(lower(start), lower(end), bend, color);
  }
  const returns = all.some((turn) => turn.from === to && turn.to === from);
  const [a, b] = aside(start, end, returns ? APART_PX : 0);
  const line = [edgeOf(start, a, b), edgeOf(end, b, a)];
  const upright = Math.abs(b.x - a.x) < 1;
  const middle = bendPoint(line[0]!, line[1]!, 0);
  const at = upright ? { x: middle.x - 5, y: middle.y } : bendPoint(line[0]!, line[1]!, b.x > a.x ? 9 : -9);
  const align = upright ? 'right' : a.y === b.y ? 'center' : b.x > a.x === b.y > a.y ? 'left' : 'right';
  return [...arrow(line, color), ...(names.length === 0 ? [] : [words(at, names.join(', '), { align })])];
}

/** Both ends moved to the left of the way. */
function aside(from: Point, to: Point, by: number): [Point, Point] {
  const middle = bendPoint(from, to, 0);
  const moved = bendPoint(from, to, by);
  const [dx, dy] = [moved.x - middle.x, moved.y - middle.y];
  return [
    { x: from.x + dx, y: from.y + dy },
    { x: to.x + dx, y: to.y + dy },
  ];
}

function legend(): Mark[] {
  return Object.entries(WISH).flatMap(([event, color], k) => {
    const at = { x: 24 + 130 * k, y: 12 };
    return [
      ...arrow([at, { x: at.x + 24, y: at.y }], color),
      words({ x: at.x + 30, y: at.y }, eventName(Number(event)), { align: 'left' }),
    ];
  });
}
