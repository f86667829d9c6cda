/** The wiring of a pack, drawn from its file. */
import { Drawing, ohms, WIRE, type PinOf, type Pins, type Point } from './drawing';
import type { PackProduct } from './product';

const at = (x: number, y: number): Point => ({ x, y });

/** Between two inputs of the front end. */
const ROW_PX = 36;
const AFE_Y = 340;
const AFE_HEIGHT = 16 * ROW_PX + 80;
const BOTTOM_Y = AFE_Y + AFE_HEIGHT;
const STACK_X = 140;
/** Through the switches, through the precharge resistor, and of the other terminal. */
const RAIL_Y = 200;
const PRECHARGE_Y = 110;
const RETURN_Y = BOTTOM_Y + 120;
const RIGHT_X = 1250;
const BUS_Y = [440, 470, 500] as const;
const CONTROLLER_X = 1130;

export function packDiagram(product: PackProduct): Drawing {
  const d = new Drawing(1340, RETURN_Y + 60);
  const { board } = product.config;
  d.text(at(30, 32), `${board.name}: ${product.cells} cells ${product.cell.name} in series`, { size: 17, bold: true });
  d.text(
    at(30, 54),
    'Thick: carries the current of the pack. Same name, same net. GND is the negative end of cell 1, in front of the shunt.',
  );
  const afe = drawFrontEnd(d, product);
  drawCells(d, product, afe);
  drawShunt(d, product, afe);
  drawSwitches(d, product, afe);
  const controller = drawController(d, product, afe);
  drawPrecharge(d, product, controller);
  drawThermistors(d, product, afe);
  drawFlightController(d, product, controller);
  return d;
}

/** Of input VCn. */
const inputY = (input: number): number => AFE_Y + 40 + (16 - input) * ROW_PX;

function drawFrontEnd(d: Drawing, { config }: PackProduct): PinOf {
  const pins: Pins = {
    BAT: ['top', 40],
    CP1: ['top', 90],
    CHG: ['top', 160],
    DSG: ['top', 310],
    PACK: ['top', 395],
    LD: ['top', 445],
    SRP: ['bottom', 90],
    SRN: ['bottom', 220],
    VSS: ['bottom', 340],
    REG18: ['right', 600],
  };
  for (let input = 16; input >= 0; input--) pins[`VC${input}`] = ['left', inputY(input) - AFE_Y];
  ['SDA', 'SCL', 'ALERT'].forEach((name, k) => (pins[name] = ['right', BUS_Y[k]! - AFE_Y]));
  ['TS1', 'TS2', 'TS3'].forEach((name, k) => (pins[name] = ['right', 300 + 95 * k]));
  const { address, crc } = config.board.afe;
  const how = `I2C 0x${address.toString(16).padStart(2, '0')}${crc ? ' with CRC' : ''}`;
  return d.part([430, AFE_Y, 470, AFE_HEIGHT], 'BQ76952', pins, ['measures, protects, drives both switches', how]);
}

/** The stack with its filters; an input without a cell is shorted to the one below. */
function drawCells(d: Drawing, { config, parts, capacity_mAh }: PackProduct, afe: PinOf): void {
  const mask = config.board.afe.cells;
  const filterX = 330;
  let number = 0;
  for (let input = 0; input <= 16; input++) {
    const pin = afe(`VC${input}`);
    const holds = input > 0 && ((mask >> (input - 1)) & 1) === 1;
    if (input > 0 && !holds) {
      const below = afe(`VC${input - 1}`);
      d.wire(WIRE.sense, pin, at(pin.x - 10, pin.y), at(pin.x - 10, below.y), below);
      continue;
    }
    const filtered = at(filterX, pin.y);
    d.between(
      'resistor',
      at(STACK_X, pin.y),
      filtered,
      WIRE.sense,
      input === 16 ? `${parts.inputResistor_ohm} Ω at each` : '',
    );
    d.wire(WIRE.sense, filtered, pin);
    d.dot(at(STACK_X, pin.y), WIRE.power);
    if (!holds) continue;
    const lowerY = inputY(previousTap(mask, input));
    d.between('cell', at(STACK_X, lowerY), at(STACK_X, pin.y), WIRE.power, `cell ${++number}`, 'before');
    d.between(
      'capacitor',
      filtered,
      at(filterX, lowerY),
      WIRE.sense,
      number === 1 ? `${parts.inputCapacitor_nF} nF each` : '',
    );
    d.dot(filtered);
    d.dot(at(filterX, lowerY));
  }
  d.text(at(20, inputY(16) - 4), `${Math.round(capacity_mAh)} mAh each`, { size: 11 });
}

/** The next input below whose upper end is a cell's; 0: the stack's negative end. */
function previousTap(mask: number, input: number): number {
  for (let lower = input - 1; lower > 0; lower--) if ((mask >> (lower - 1)) & 1) return lower;
  return 0;
}

function drawShunt(d: Drawing, { config }: PackProduct, afe: PinOf): void {
  const [srp, srn] = [afe('SRP'), afe('SRN')];
  d.wire(WIRE.power, at(STACK_X, inputY(0)), at(STACK_X, RETURN_Y), at(srp.x, RETURN_Y));
  d.between(
    'resistor',
    at(srp.x, RETURN_Y),
    at(srn.x, RETURN_Y),
    WIRE.power,
    `R1 ${ohms(config.board.afe.shunt_uOhm * 1e-6)} shunt`,
    'before',
  );
  d.wire(WIRE.power, at(srn.x, RETURN_Y), at(RIGHT_X, RETURN_Y));
  terminal(d, at(RIGHT_X, RETURN_Y), 'PACK −');
  for (const pin of [srp, srn]) {
    const end = at(pin.x, RETURN_Y);
    d.wire(WIRE.sense, pin, at(pin.x, pin.y + 30));
    d.between('resistor', at(pin.x, pin.y + 30), end, WIRE.sense, '100 Ω', pin === srp ? 'before' : 'after');
    d.dot(end, WIRE.power);
  }
  const [a, b] = [at(srp.x, srp.y + 20), at(srn.x, srn.y + 20)];
  d.between('capacitor', a, b, WIRE.sense, '100 nF', 'before');
  d.dot(a);
  d.dot(b);
  d.ground(afe('VSS'));
  d.ground(at(250, RETURN_Y));
  d.dot(at(250, RETURN_Y), WIRE.power);
}

/** The rail from the cells to the terminal, with what the front end needs of it. */
function drawSwitches(d: Drawing, { parts }: PackProduct, afe: PinOf): void {
  const fused = at(300, RAIL_Y);
  d.wire(WIRE.power, at(STACK_X, inputY(16)), at(STACK_X, RAIL_Y));
  d.between('fuse', at(STACK_X, RAIL_Y), fused, WIRE.power, `F1 ${parts.fuse_A} A`, 'before');
  const height = 70;
  const box = (x: number) => [x, RAIL_Y - height / 2, 130, height] as const;
  const charge = d.part(box(545), 'charge switch', { S: ['left', 35], D: ['right', 35], G: ['bottom', 45] }, [
    parts.switch,
  ]);
  const discharge = d.part(box(695), 'discharge', { D: ['left', 35], S: ['right', 35], G: ['bottom', 45] }, [
    parts.switch,
  ]);
  d.wire(WIRE.power, fused, charge('S'));
  d.wire(WIRE.power, charge('D'), discharge('D'));
  d.wire(WIRE.power, discharge('S'), at(RIGHT_X, RAIL_Y));
  terminal(d, at(RIGHT_X, RAIL_Y), 'PACK +');
  for (const [gate, pin] of [
    [charge('G'), afe('CHG')],
    [discharge('G'), afe('DSG')],
  ] as const)
    d.between('resistor', gate, pin, WIRE.signal, '5.1 kΩ');
  d.text(at(604, 258), '10 MΩ from G to S', { size: 11 });
  const [bat, cp1] = [afe('BAT'), afe('CP1')];
  d.between('diode', at(bat.x, RAIL_Y), at(bat.x, RAIL_Y + 55), WIRE.supply, '', 'before');
  d.between('resistor', at(bat.x, RAIL_Y + 55), at(bat.x, 296), WIRE.supply, '100 Ω', 'before');
  d.wire(WIRE.supply, at(bat.x, 296), bat);
  d.dot(at(bat.x, RAIL_Y), WIRE.power);
  d.between('capacitor', at(bat.x, 310), at(cp1.x, 310), WIRE.supply, '470 nF');
  d.wire(WIRE.supply, at(cp1.x, 310), cp1);
  d.between('capacitor', at(bat.x, 310), at(390, 310), WIRE.supply, '1 µF');
  d.ground(at(390, 310));
  d.dot(at(bat.x, 310));
  for (const [pin, side] of [
    [afe('PACK'), 'before'],
    [afe('LD'), 'after'],
  ] as const) {
    d.between('resistor', at(pin.x + 25, RAIL_Y), at(pin.x + 25, 300), WIRE.sense, '10 kΩ', side);
    d.wire(WIRE.sense, at(pin.x + 25, 300), at(pin.x + 25, 316), at(pin.x, 316), pin);
    d.dot(at(pin.x + 25, RAIL_Y), WIRE.power);
  }
}

function drawController(d: Drawing, { config, parts }: PackProduct, afe: PinOf): PinOf {
  const { i2c, pins } = config.board;
  const { mavlink } = config;
  const names = [i2c.sda, i2c.scl, pins.alert];
  const top = 400;
  const wired: Pins = {
    [pins.precharge]: ['top', 30],
    '3V3': ['top', 90],
    '5V': ['right', 60],
    GND: ['right', 130],
    ...Object.fromEntries(names.map((name, k) => [name, ['left', BUS_Y[k]! - top] as const])),
  } as Pins;
  if (mavlink) {
    wired[mavlink.tx] = ['bottom', 30];
    wired[mavlink.rx] = ['bottom', 90];
  }
  const pin = d.part([CONTROLLER_X, top, 120, 170], 'ESP32', wired, ['Espruino']);
  d.supply(pin('3V3'), '3V3');
  d.supply(at(1290, pin('5V').y), '5 V');
  d.wire(WIRE.supply, pin('5V'), at(1290, pin('5V').y));
  d.ground(pin('GND'));
  const inks = [WIRE.data, WIRE.clock, WIRE.alert];
  ['SDA', 'SCL', 'ALERT'].forEach((name, k) => {
    const ink = inks[k]!;
    d.wire(ink, afe(name), pin(names[k]!));
    const pullX = 985 + 55 * k;
    d.supply(at(pullX, 360), '3V3');
    d.between(
      'resistor',
      at(pullX, 360),
      at(pullX, 420),
      ink,
      ohms(k === 2 ? parts.alertPullUp_ohm : parts.i2cPullUp_ohm),
      'before',
    );
    d.wire(ink, at(pullX, 420), at(pullX, BUS_Y[k]!));
    d.dot(at(pullX, BUS_Y[k]!), ink);
  });
  const supply = d.part(
    [1070, 860, 190, 60],
    parts.supply.split(',')[0]!,
    { 'CELLS +': ['left', 30], '5 V': ['right', 30] },
    [parts.supply.split(',').slice(1).join(',').trim()],
  );
  d.net(supply('CELLS +'), 'F1', 'left', WIRE.supply);
  d.supply(at(1290, supply('5 V').y), '5 V');
  d.wire(WIRE.supply, supply('5 V'), at(1290, supply('5 V').y));
  d.net(at(340, RAIL_Y - 40), 'F1', 'right', WIRE.supply);
  d.wire(WIRE.supply, at(325, RAIL_Y), at(325, RAIL_Y - 40), at(340, RAIL_Y - 40));
  d.dot(at(325, RAIL_Y), WIRE.power);
  return pin;
}

/** Beside the switches: a resistor that fills the load's capacitors, and a diode that lets no charger past the charge switch. */
function drawPrecharge(d: Drawing, { config, parts }: PackProduct, controller: PinOf): void {
  const branch = at(430, RAIL_Y);
  d.dot(branch, WIRE.power);
  const pass = d.part(
    [515, 80, 130, 60],
    parts.prechargeSwitch,
    { S: ['left', 30], D: ['right', 30], G: ['bottom', 40] },
    ['precharge'],
  );
  d.wire(WIRE.power, branch, at(branch.x, PRECHARGE_Y), pass('S'));
  const joined = at(980, RAIL_Y);
  d.between('resistor', pass('D'), at(760, PRECHARGE_Y), WIRE.power, `${parts.precharge_ohm} Ω`);
  d.between('diode', at(760, PRECHARGE_Y), at(860, PRECHARGE_Y), WIRE.power, '1N5404');
  d.wire(WIRE.power, at(860, PRECHARGE_Y), at(joined.x, PRECHARGE_Y), joined);
  d.dot(joined, WIRE.power);
  const gate = pass('G');
  d.between('resistor', at(448, PRECHARGE_Y), at(448, gate.y), WIRE.signal, '100 kΩ');
  d.dot(at(448, PRECHARGE_Y), WIRE.power);
  d.wire(WIRE.signal, at(448, gate.y), gate);
  d.dot(gate);
  const driver = d.part([1040, 80, 100, 60], parts.prechargeDriver, {
    D: ['left', 45],
    S: ['right', 30],
    G: ['bottom', 50],
  });
  d.between('resistor', gate, at(780, gate.y), WIRE.signal, '47 kΩ');
  d.wire(WIRE.signal, at(780, gate.y), at(1010, gate.y), at(1010, driver('D').y), driver('D'));
  d.ground(driver('S'));
  d.text(at(665, 75), '12 V zener from G to S', { size: 11 });
  const pin = controller(config.board.pins.precharge);
  const low = driver('G');
  d.wire(WIRE.signal, low, at(low.x, 300), at(pin.x, 300), pin);
  d.between('resistor', at(low.x, 260), at(low.x + 80, 260), WIRE.ground, ohms(parts.prechargePullDown_ohm));
  d.ground(at(low.x + 80, 260));
  d.dot(at(low.x, 260));
}

function drawThermistors(d: Drawing, { config, cells }: PackProduct, afe: PinOf): void {
  for (let k = 0; k < 3; k++) {
    const pin = afe(`TS${k + 1}`);
    if (((config.board.afe.thermistors >> k) & 1) === 0) continue;
    const top = at(940, pin.y);
    d.wire(WIRE.signal, pin, top);
    d.between('ntc', top, at(top.x, top.y + 55), WIRE.signal, `on cell ${1 + Math.round(((cells - 1) * k) / 2)}`);
    d.ground(at(top.x, top.y + 55));
  }
  const reg = afe('REG18');
  d.wire(WIRE.supply, reg, at(940, reg.y));
  d.between('capacitor', at(940, reg.y), at(940, reg.y + 36), WIRE.supply, '2.2 µF');
  d.ground(at(940, reg.y + 36));
}

/** Isolated: a ground wire to the other side of the shunt would carry a share of the current past it. */
function drawFlightController(d: Drawing, { config }: PackProduct, controller: PinOf): void {
  const { mavlink } = config;
  if (!mavlink) return;
  const y = 640;
  const isolator = d.part([CONTROLLER_X, y, 120, 50], 'ISO7721', {
    INA: ['top', 30],
    OUTB: ['top', 90],
    OUTA: ['bottom', 30],
    INB: ['bottom', 90],
  });
  const flight = d.part(
    [CONTROLLER_X, y + 110, 120, 60],
    'flight',
    { RX: ['top', 30], TX: ['top', 90], GND: ['right', 30] },
    ['controller'],
  );
  d.wire(WIRE.data, controller(mavlink.tx), isolator('INA'));
  d.wire(WIRE.clock, isolator('OUTB'), controller(mavlink.rx));
  d.wire(WIRE.data, isolator('OUTA'), flight('RX'));
  d.wire(WIRE.clock, flight('TX'), isolator('INB'));
  d.net(flight('GND'), 'PACK −', 'right', WIRE.ground);
}

function terminal(d: Drawing, place: Point, name: string): void {
  d.dot(place, WIRE.power);
  d.text(at(place.x + 10, place.y + 5), name, { bold: true });
}
