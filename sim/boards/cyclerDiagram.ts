/** The wiring of a channel, drawn from its file. */
import { Drawing, ohms, WIRE, type PinOf, type Pins, type Point } from './drawing';
import type { CyclerProduct } from './product';

const at = (x: number, y: number): Point => ({ x, y });
const hex = (address: number): string => `0x${address.toString(16)}`;

const BUS_Y = { sda: 410, scl: 430, alert: 450 };
/** Behind the shunt; of the switches and what moves them. */
const NODE_X = 395;
const [CHARGE_Y, DISCHARGE_Y] = [540, 650];
const [CHARGE_GATE_Y, DISCHARGE_GATE_Y] = [490, 600];
const CONTROLLER_Y = 370;

export function cyclerDiagram(product: CyclerProduct): Drawing {
  const d = new Drawing(1300, 1170);
  const { board } = product.config;
  d.text(at(30, 32), `${board.name}: a channel for one cell ${product.cell.name}`, { size: 17, bold: true });
  d.text(
    at(30, 54),
    'Thick: carries the current of the cell. Same name, same net. All grounds meet at the negative terminal of the cell.',
  );
  const controller = drawController(d, product);
  drawMeasurement(d, product);
  drawConverters(d, product);
  drawBus(d, product, controller);
  if (board.relay) drawRelays(d, product, controller);
  else drawSwitches(d, product, controller);
  drawStages(d, product);
  drawSink(d, product);
  drawSource(d, product);
  drawCoarse(d, product, controller);
  return d;
}

function drawController(d: Drawing, { config, parts }: CyclerProduct): PinOf {
  const { pins, i2c } = config.board;
  const below = (y: number): ['left', number] => ['left', y - CONTROLLER_Y];
  const pin = d.part(
    [1150, CONTROLLER_Y, 120, 460],
    'ESP32',
    {
      [i2c.sda]: below(BUS_Y.sda),
      [i2c.scl]: below(BUS_Y.scl),
      [pins.alert]: below(BUS_Y.alert),
      [pins.charge]: below(CHARGE_GATE_Y),
      [pins.discharge]: below(DISCHARGE_GATE_Y),
      [pins.cellAdc]: below(700),
      [pins.thermistorAdc]: below(790),
      '3V3': ['top', 30],
      USB: ['top', 85],
      GND: ['bottom', 60],
    },
    ['Espruino'],
  );
  d.supply(pin('3V3'), '3V3');
  d.text(at(pin('USB').x, pin('USB').y - 6), '5 V, console', { align: 'middle', size: 11 });
  d.ground(pin('GND'));
  d.text(at(1270, 325), parts.controller, { size: 11, align: 'end' });
  return pin;
}

/** Cell, fuse, shunt and the part that measures over it. */
function drawMeasurement(d: Drawing, { config, parts, cell, capacity_mAh }: CyclerProduct): void {
  const { ina228 } = config.board;
  const battery = d.part(
    [30, 95, 120, 150],
    'cell',
    { '+': ['right', 25], '+ sense': ['right', 45], '−': ['right', 130] },
    [cell.name, `${Math.round(capacity_mAh)} mAh`],
  );
  const plus = battery('+');
  d.between('fuse', plus, at(250, plus.y), WIRE.power, `F1 ${parts.fuse_A} A`);
  d.between('resistor', at(250, plus.y), at(NODE_X, plus.y), WIRE.power, `R1 ${ohms(ina228.shunt_uOhm * 1e-6)} shunt`);
  const minus = battery('−');
  d.wire(WIRE.power, minus, at(185, minus.y));
  d.ground(at(185, minus.y));
  const ina = d.part(
    [210, 220, 150, 130],
    'INA228',
    {
      VBUS: ['top', 25],
      'IN+': ['top', 70],
      'IN−': ['top', 130],
      VS: ['left', 45],
      GND: ['left', 100],
      SDA: ['bottom', 40],
      SCL: ['bottom', 80],
      ALERT: ['bottom', 122],
    },
    [`address ${hex(ina228.address)}`],
  );
  for (const tap of [ina('IN+'), ina('IN−')]) {
    d.wire(WIRE.sense, at(tap.x, plus.y), tap);
    d.dot(at(tap.x, plus.y), WIRE.power);
  }
  const sense = battery('+ sense');
  const knee = at(ina('VBUS').x, sense.y);
  d.wire(WIRE.sense, sense, at(175, sense.y));
  d.between('resistor', at(175, sense.y), knee, WIRE.sense, '100 Ω', 'before');
  d.wire(WIRE.sense, knee, ina('VBUS'));
  d.dot(at(165, sense.y), WIRE.sense);
  d.wire(WIRE.sense, at(165, sense.y), at(165, 178), at(170, 178));
  d.net(at(170, 178), 'SENSE', 'right', WIRE.sense);
  d.supply(at(185, ina('VS').y), '3V3');
  d.wire(WIRE.supply, at(185, ina('VS').y), ina('VS'));
  d.wire(WIRE.ground, ina('GND'), at(185, ina('GND').y));
  d.ground(at(185, ina('GND').y));
}

/** The thermistor's converter, and the one that makes the set-point. */
function drawConverters(d: Drawing, { config, parts }: CyclerProduct): void {
  const { ads1115, dac, thermistor } = config.board;
  const ads = d.part(
    [520, 220, 140, 130],
    'ADS1115',
    {
      [`AIN${ads1115.input}`]: ['left', 50],
      VDD: ['top', 40],
      GND: ['right', 70],
      SDA: ['bottom', 40],
      SCL: ['bottom', 100],
    },
    [`ADDR for ${hex(ads1115.address)}`],
  );
  d.supply(ads('VDD'), '3V3');
  d.ground(ads('GND'));
  const node = at(460, ads(`AIN${ads1115.input}`).y);
  d.wire(WIRE.signal, node, ads(`AIN${ads1115.input}`));
  d.supply(at(node.x, 190), '3V3');
  d.between('resistor', at(node.x, 190), node, WIRE.supply, ohms(thermistor.pullUp_ohm), 'before');
  d.between('ntc', node, at(node.x, 340), WIRE.signal, 'NTC1', 'before');
  d.ground(at(node.x, 340));
  d.dot(node);
  d.text(at(node.x, 372), 'on the cell', { size: 11, align: 'middle' });

  const mcp = d.part(
    [720, 220, 140, 130],
    'MCP4725',
    { OUT: ['right', 40], VDD: ['top', 40], GND: ['left', 90], SDA: ['bottom', 40], SCL: ['bottom', 100] },
    [`address ${hex(dac.address)}`],
  );
  d.supply(mcp('VDD'), '3V3');
  d.ground(mcp('GND'));
  const divided = at(950, mcp('OUT').y);
  d.between('resistor', mcp('OUT'), divided, WIRE.signal, ohms(parts.setPointUpper_ohm));
  d.between('resistor', divided, at(divided.x, 330), WIRE.ground, ohms(parts.setPointLower_ohm));
  d.ground(at(divided.x, 330));
  d.dot(divided);
  d.net(divided, 'SET', 'right', WIRE.signal);
  d.text(at(905, 225), `0 to ${(dac.fullScale_mA * parts.sense_ohm) / 1000} V for 0 to ${dac.fullScale_mA / 1000} A`, {
    size: 11,
  });
}

/** SDA, SCL and ALERT with their pull-ups. */
function drawBus(d: Drawing, { config, parts }: CyclerProduct, controller: PinOf): void {
  const { i2c, pins } = config.board;
  const lines: [y: number, ink: string, from: number, pin: string, drops: number[], pull_ohm: number, pullX: number][] =
    [
      [BUS_Y.sda, WIRE.data, 250, i2c.sda, [250, 560, 760], parts.i2cPullUp_ohm, 985],
      [BUS_Y.scl, WIRE.clock, 290, i2c.scl, [290, 620, 820], parts.i2cPullUp_ohm, 1040],
      [BUS_Y.alert, WIRE.alert, 332, pins.alert, [332], parts.alertPullUp_ohm, 1095],
    ];
  lines.forEach(([y, ink, from, pin, drops, pull_ohm, pullX], k) => {
    d.wire(ink, at(from, y), controller(pin));
    for (const x of drops) {
      d.wire(ink, at(x, 358), at(x, y));
      if (x !== from) d.dot(at(x, y), ink);
    }
    d.supply(at(pullX, 345), '3V3');
    d.between('resistor', at(pullX, 345), at(pullX, 400), ink, ohms(pull_ohm), 'before');
    d.wire(ink, at(pullX, 400), at(pullX, y));
    d.dot(at(pullX, y), ink);
    d.text(at(410, y - 4), ['SDA', 'SCL', 'ALERT: low opens both switches, in hardware'][k]!, { size: 11 });
  });
}

/** From the shunt to both switches, a thick wire. */
function drawBranches(d: Drawing, charge: Point, discharge: Point): void {
  d.wire(WIRE.power, at(NODE_X, 120), at(NODE_X, DISCHARGE_Y), discharge);
  d.wire(WIRE.power, at(NODE_X, CHARGE_Y), charge);
  d.dot(at(NODE_X, CHARGE_Y), WIRE.power);
}

const switchPins = (control: string): Pins => ({ cell: ['left', 30], stage: ['right', 30], [control]: ['top', 95] });

function drawSwitches(d: Drawing, { config, parts }: CyclerProduct, controller: PinOf): void {
  const { pins } = config.board;
  const charge = d.part([425, 510, 190, 60], 'charge switch', switchPins('gate'), [`2 x ${parts.switch}`]);
  const discharge = d.part([425, 620, 190, 60], 'discharge switch', switchPins('gate'), [parts.switch]);
  drawBranches(d, charge('cell'), discharge('cell'));
  const driver = d.part(
    [785, 475, 105, 150],
    parts.switchDriver,
    {
      'OUT A': ['left', 15],
      'OUT B': ['left', 125],
      'IN A': ['right', 15],
      'IN B': ['right', 125],
      VDD: ['top', 55],
      GND: ['bottom', 55],
    },
    ['gate driver'],
  );
  d.supply(at(driver('VDD').x, driver('VDD').y + 3), `${parts.gateSupply_V} V`);
  d.ground(driver('GND'));
  const gate = d.part(
    [955, 475, 100, 165],
    'AND',
    {
      '1Y': ['left', 15],
      '2Y': ['left', 125],
      '1A': ['right', 15],
      '1B': ['right', 40],
      '2A': ['right', 125],
      '2B': ['right', 150],
      '3V3': ['bottom', 30],
      GND: ['bottom', 70],
    },
    [parts.alertGate],
  );
  d.text(at(gate('3V3').x, gate('3V3').y + 12), '3V3', { size: 11, align: 'middle', bold: true, fill: '#7a5a00' });
  d.ground(gate('GND'));
  d.wire(WIRE.signal, driver('OUT A'), at(520, CHARGE_GATE_Y), charge('gate'));
  d.wire(WIRE.signal, driver('OUT B'), at(520, DISCHARGE_GATE_Y), discharge('gate'));
  for (const [y, pin, a, b, input, output] of [
    [CHARGE_GATE_Y, pins.charge, '1A', '1B', 'IN A', '1Y'],
    [DISCHARGE_GATE_Y, pins.discharge, '2A', '2B', 'IN B', '2Y'],
  ] as const) {
    d.wire(WIRE.signal, controller(pin), gate(a));
    d.wire(WIRE.signal, gate(output), driver(input));
    d.wire(WIRE.alert, at(1132, gate(b).y), gate(b));
    // Without its supply the gate lets go of the driver's inputs.
    d.between('resistor', at(922, y), at(922, y + 52), WIRE.ground, '10k', 'before');
    d.ground(at(922, y + 52));
    d.dot(at(922, y));
    d.wire(WIRE.ground, at(1105, y), at(1105, y + 34));
    d.between('resistor', at(1105, y + 34), at(1105, y + 82), WIRE.ground, ohms(parts.switchPull_ohm), 'before');
    d.ground(at(1105, y + 82));
    d.dot(at(1105, y));
  }
  d.wire(WIRE.alert, at(1132, BUS_Y.alert), at(1132, gate('2B').y));
  d.dot(at(1132, BUS_Y.alert), WIRE.alert);
  d.dot(at(1132, gate('1B').y), WIRE.alert);
}

/** The relays' coils have a supply only while ALERT is high. */
function drawRelays(d: Drawing, { config, parts }: CyclerProduct, controller: PinOf): void {
  const { pins, relay } = config.board;
  const contact = (y: number, title: string, control: string): PinOf => {
    const wired: Pins = { ...switchPins(control), 'JD-VCC': ['bottom', 95] };
    const pin = d.part([425, y, 190, 60], title, wired);
    d.net(pin('JD-VCC'), 'COILS', 'right', WIRE.supply);
    return pin;
  };
  const charge = contact(CHARGE_Y - 30, 'charge relay', 'IN1');
  const discharge = contact(DISCHARGE_Y - 30, 'discharge relay', 'IN2');
  drawBranches(d, charge('cell'), discharge('cell'));
  d.wire(WIRE.signal, controller(pins.charge), at(520, CHARGE_GATE_Y), charge('IN1'));
  d.wire(WIRE.signal, controller(pins.discharge), at(520, DISCHARGE_GATE_Y), discharge('IN2'));
  const coils = d.part(
    [850, 510, 170, 70],
    'coil supply',
    { ALERT: ['right', 55], COILS: ['left', 35], '5 V': ['right', 15] },
    ['2N7002, AO3401A'],
  );
  d.net(coils('5 V'), '5 V', 'right', WIRE.supply);
  d.net(coils('COILS'), 'COILS', 'left', WIRE.supply);
  d.wire(WIRE.alert, at(1132, BUS_Y.alert), at(1132, coils('ALERT').y), coils('ALERT'));
  d.dot(at(1132, BUS_Y.alert), WIRE.alert);
  const level = relay!.activeLow ? 'low' : 'high';
  d.text(at(620, CHARGE_GATE_Y - 6), `a ${level} level closes, within ${relay!.time_ms} ms`, { size: 11 });
  for (const y of [CHARGE_GATE_Y, DISCHARGE_GATE_Y]) {
    const end = at(1085, y + 52);
    d.between('resistor', at(end.x, y), end, WIRE.ground, ohms(parts.switchPull_ohm));
    if (relay!.activeLow) d.net(end, '3V3', 'left', WIRE.supply);
    else d.ground(end);
    d.dot(at(end.x, y));
  }
}

/** Source and sink as they stand behind the switches; their insides are drawn below. */
function drawStages(d: Drawing, { parts }: CyclerProduct): void {
  for (const [y, title, supply] of [
    [CHARGE_Y, 'source', `${parts.supply_V} V`],
    [DISCHARGE_Y, 'sink', 'GND'],
  ] as const) {
    const stage = d.part([660, y - 30, 100, 60], title, { out: ['left', 30], [supply]: ['bottom', 50] });
    d.wire(WIRE.power, at(623, y), stage('out'));
    if (supply === 'GND') d.ground(stage(supply));
    else
      d.text(at(stage(supply).x, stage(supply).y + 12), supply, {
        size: 11,
        align: 'middle',
        bold: true,
        fill: '#7a5a00',
      });
  }
}

const OP_AMP = { '+': ['left', 20], '−': ['left', 60], out: ['right', 40] } as const;
const FET = { G: ['left', 40], D: ['top', 45], S: ['bottom', 45] } as const;

function drawSink(d: Drawing, { parts }: CyclerProduct): void {
  d.text(at(30, 855), 'Inside the sink', { size: 14, bold: true });
  const amp = d.part([110, 910, 90, 80], '', { '+': [...OP_AMP['+']], '−': [...OP_AMP['−']], out: [...OP_AMP.out] }, [
    '½ U4',
  ]);
  d.net(amp('+'), 'SET', 'left', WIRE.signal);
  const fet = d.part([320, 910, 90, 80], parts.sinkMosfet, { G: [...FET.G], D: [...FET.D], S: [...FET.S] });
  d.between('resistor', amp('out'), fet('G'), WIRE.signal, '100 Ω');
  d.wire(WIRE.power, fet('D'), at(fet('D').x, 875));
  d.text(at(fet('D').x + 8, 882), 'from the discharge switch', { size: 11 });
  const node = at(fet('S').x, 1035);
  d.wire(WIRE.power, fet('S'), node);
  d.between('resistor', node, at(node.x, 1095), WIRE.power, `${ohms(parts.sense_ohm)} sense`);
  d.ground(at(node.x, 1095));
  d.dot(node);
  const feedback = at(75, node.y);
  d.between('resistor', at(235, node.y), at(amp('−').x - 17, node.y), WIRE.sense, '1 kΩ');
  d.wire(WIRE.sense, node, at(235, node.y));
  d.wire(WIRE.sense, feedback, at(feedback.x + 0, amp('−').y), amp('−'));
  d.wire(WIRE.sense, at(amp('−').x - 17, node.y), feedback);
  // Slow enough for the MOSFET's gate.
  d.between('capacitor', at(240, amp('out').y), at(240, node.y), WIRE.sense, '1 nF');
  d.dot(at(240, amp('out').y));
  d.dot(at(240, node.y));
  d.text(at(110, 1140), `U4, U5: ${parts.opAmp} from ${parts.gateSupply_V} V; 100 nF at every supply pin`, {
    size: 11,
  });
}

function drawSource(d: Drawing, { parts }: CyclerProduct): void {
  d.text(at(500, 855), 'Inside the source', { size: 14, bold: true });
  const supply = `${parts.supply_V} V`;
  const first = d.part([580, 940, 80, 80], '', { '+': [...OP_AMP['+']], '−': [...OP_AMP['−']], out: [...OP_AMP.out] }, [
    '½ U4',
  ]);
  d.net(first('+'), 'SET', 'left', WIRE.signal);
  const shift = d.part([720, 940, 80, 80], '2N7000', { G: [...FET.G], D: ['top', 40], S: ['bottom', 40] });
  d.between('resistor', first('out'), shift('G'), WIRE.signal, '100 Ω');
  const low = at(shift('S').x, 1055);
  d.wire(WIRE.sense, shift('S'), low);
  d.between('resistor', low, at(low.x, 1110), WIRE.ground, '1 kΩ');
  d.ground(at(low.x, 1110));
  d.dot(low);
  d.wire(WIRE.sense, low, at(555, low.y), at(555, first('−').y), first('−'));
  const shifted = at(shift('D').x, 920);
  d.wire(WIRE.signal, shift('D'), shifted);
  d.supply(at(shifted.x, 860), supply);
  d.between('resistor', at(shifted.x, 860), shifted, WIRE.supply, '1 kΩ', 'before');
  d.dot(shifted);
  const second = d.part(
    [870, 900, 80, 80],
    '',
    { '+': [...OP_AMP['+']], '−': [...OP_AMP['−']], out: [...OP_AMP.out] },
    ['½ U5'],
  );
  d.wire(WIRE.signal, shifted, second('+'));
  const pass = d.part([1060, 950, 120, 80], parts.sourceMosfet, { G: ['left', 40], S: ['top', 55], D: ['bottom', 55] });
  const mid = at(985, second('out').y);
  d.wire(WIRE.signal, second('out'), mid);
  d.between('resistor', mid, at(mid.x, pass('G').y), WIRE.signal, '100 Ω');
  d.wire(WIRE.signal, at(mid.x, pass('G').y), pass('G'));
  const sense = at(pass('S').x, 920);
  d.wire(WIRE.power, sense, pass('S'));
  d.supply(at(sense.x, 855), supply);
  d.between('resistor', at(sense.x, 855), sense, WIRE.power, `${ohms(parts.sense_ohm)} sense`);
  d.dot(sense);
  d.wire(WIRE.sense, sense, at(1042, sense.y), at(1042, 1070), at(845, 1070), at(845, second('−').y), second('−'));
  d.wire(WIRE.power, pass('D'), at(pass('D').x, 1075));
  d.text(at(pass('D').x, 1090), 'to the charge switch', { size: 11, align: 'middle' });
}

/** The controller's own converter: a second opinion on voltage and temperature. */
function drawCoarse(d: Drawing, { config, parts }: CyclerProduct, controller: PinOf): void {
  const { pins, thermistor } = config.board;
  const { cellDivider_ohm } = parts;
  const half = at(980, controller(pins.cellAdc).y);
  d.net(at(880, half.y), 'SENSE', 'left', WIRE.sense);
  d.between('resistor', at(880, half.y), half, WIRE.sense, ohms(cellDivider_ohm));
  d.wire(WIRE.sense, half, controller(pins.cellAdc));
  d.between('resistor', half, at(half.x, half.y + 56), WIRE.ground, ohms(cellDivider_ohm), 'before');
  d.ground(at(half.x, half.y + 56));
  d.between('capacitor', at(1050, half.y), at(1050, half.y + 56), WIRE.ground, '100 nF', 'before');
  d.ground(at(1050, half.y + 56));
  const warm = at(1090, controller(pins.thermistorAdc).y);
  d.wire(WIRE.signal, warm, controller(pins.thermistorAdc));
  d.supply(at(warm.x, warm.y - 60), '3V3');
  d.between('resistor', at(warm.x, warm.y - 60), warm, WIRE.supply, ohms(thermistor.pullUp_ohm));
  d.between('ntc', warm, at(warm.x, warm.y + 60), WIRE.signal, 'NTC2', 'before');
  d.ground(at(warm.x, warm.y + 60));
  for (const node of [half, at(1050, half.y), warm]) d.dot(node);
  d.text(at(warm.x - 15, warm.y + 50), 'on the cell', { size: 11, align: 'end' });
}
