/** What to buy for a product: made from its file, with the reason and the rating that follow from its numbers. */
import { formatTable } from '../cli/table';
import { ohms } from './drawing';
import type { CyclerProduct, PackProduct, Product } from './product';

export interface Material {
  quantity: number;
  part: string;
  value: string;
  why: string;
}

const row = (quantity: number, part: string, value: string, why: string): Material => ({ quantity, part, value, why });

export function materials(product: Product): Material[] {
  return product.kind === 'cycler' ? channelMaterials(product) : packMaterials(product);
}

function channelMaterials({ config, parts }: CyclerProduct): Material[] {
  const { board, limits } = config;
  const full_A = board.dac.fullScale_mA / 1000;
  const shunt_ohm = board.ina228.shunt_uOhm * 1e-6;
  const cell_V = limits.overVoltage_mV / 1000;
  const switches = board.relay
    ? [
        row(
          1,
          'relay module, 2 channels',
          `5 V coils, ${board.relay.activeLow ? 'low' : 'high'} level, contacts of ${atLeast(2 * full_A)} A`,
          'the switches; JD-VCC apart from VCC',
        ),
        row(1, 'AO3401A, P-MOSFET', '', 'supply of the coils, only while ALERT is high'),
        row(1, '2N7002, N-MOSFET', '', 'drives it from ALERT'),
        row(
          2,
          'resistor',
          ohms(parts.switchPull_ohm),
          `open relays while the controller starts: to ${board.relay.activeLow ? '3.3 V' : 'ground'}`,
        ),
      ]
    : [
        row(
          3,
          parts.switch,
          `${atLeast(2 * full_A)} A, 20 V or more`,
          'switches: two back to back for charge, one for discharge',
        ),
        row(1, parts.switchDriver, `from ${parts.gateSupply_V} V`, "gates of the switches, above the cell's voltage"),
        row(1, parts.alertGate, '3.3 V', 'each switch closed only while its pin and ALERT are high'),
        row(2, 'resistor', '10 kΩ', "open switches while the gate's supply is missing"),
        row(
          2,
          'resistor',
          ohms(parts.switchPull_ohm),
          'open switches while the controller starts; stronger than its 45 kΩ pull-ups',
        ),
      ];
  return [
    row(1, parts.controller, 'Espruino 2v29', 'runs the firmware'),
    row(1, 'INA228', '', 'voltage, current, charge; protects by its comparators'),
    row(
      1,
      'shunt, 4 terminals',
      `${ohms(shunt_ohm)}, 0.5 %, ${watts(full_A ** 2 * shunt_ohm)}`,
      `163.84 mV at ${board.ina228.maxCurrent_mA / 1000} A`,
    ),
    row(1, 'fuse and holder', `${parts.fuse_A} A, fast`, 'what is left when a switch has welded'),
    row(1, 'MCP4725', '', 'set-point of source and sink'),
    row(1, 'ADS1115', '', "the cell's thermistor"),
    row(
      2,
      'NTC thermistor',
      `${ohms(board.thermistor.r25_ohm)}, beta ${board.thermistor.beta_K} K`,
      'on the cell: one for the ADS1115, one for the controller',
    ),
    row(2, 'resistor, 1 %', ohms(board.thermistor.pullUp_ohm), 'pull-ups of the thermistors'),
    ...switches,
    row(2, parts.opAmp, `from ${parts.gateSupply_V} V`, 'sink and source; offset below 0.5 mV'),
    row(1, parts.sinkMosfet, `${watts(full_A * cell_V)}, on a heat sink`, `the sink: up to ${full_A} A at ${cell_V} V`),
    row(
      1,
      parts.sourceMosfet,
      `${watts(full_A * (parts.supply_V - 2.5))}, on a heat sink`,
      `the source: worst into an empty cell`,
    ),
    row(1, '2N7000', '', "turns the source's set-point up to its supply"),
    row(
      2,
      'resistor, 1 %',
      `${ohms(parts.sense_ohm)}, ${watts(full_A ** 2 * parts.sense_ohm)}`,
      'senses the current of sink and of source',
    ),
    row(1, 'resistor, 1 %', ohms(parts.setPointUpper_ohm), 'divider of the set-point, upper'),
    row(
      1,
      'resistor, 1 %',
      ohms(parts.setPointLower_ohm),
      `divider of the set-point, lower: ${full_A} A at full scale`,
    ),
    row(2, 'resistor, 0.1 %', '1 kΩ', "level shift of the source's set-point"),
    row(1, 'resistor', '1 kΩ', 'feedback of the sink'),
    row(4, 'resistor', '100 Ω', 'three gates, and the lead to VBUS'),
    row(2, 'resistor, 1 %', ohms(parts.cellDivider_ohm), "halves the cell's voltage for the second opinion"),
    row(2, 'resistor', ohms(parts.i2cPullUp_ohm), 'pull-ups of SDA and SCL; remove those of the modules'),
    row(1, 'resistor', ohms(parts.alertPullUp_ohm), 'pull-up of ALERT, which is open drain'),
    row(1, 'capacitor', '1 nF', 'steadies the sink'),
    row(8, 'capacitor', '100 nF', 'one at each supply pin, one at the divider'),
    row(1, 'supply', `${parts.supply_V} V, ${atLeast(1.5 * full_A)} A`, 'the source'),
    row(1, 'supply', `${parts.gateSupply_V} V, 0.1 A`, 'gates and amplifiers'),
  ];
}

function packMaterials({ config, parts, cells, cell, capacity_mAh }: PackProduct): Material[] {
  const { board, limits, mavlink } = config;
  const lasting_A = limits.lastingDischarge_mA / 1000;
  const shunt_ohm = board.afe.shunt_uOhm * 1e-6;
  const stack_V = (cells * limits.overVoltage_mV) / 1000;
  const thermistors = [0, 1, 2].filter((pin) => (board.afe.thermistors >> pin) & 1).length;
  return [
    row(cells, `cell ${cell.name}`, `${Math.round(capacity_mAh)} mAh`, 'in series, matched'),
    row(1, parts.controller, 'Espruino 2v29', 'runs the firmware'),
    row(1, 'BQ76952', '', 'measures, protects, drives both switches; or its evaluation module'),
    row(
      1,
      'shunt, 4 terminals',
      `${ohms(shunt_ohm)}, 1 %, ${watts(lasting_A ** 2 * shunt_ohm)}`,
      `current; ${round(4 * limits.overDischarge_mA * shunt_ohm)} mV in a short circuit`,
    ),
    row(1, 'fuse and holder', `${parts.fuse_A} A, ${atLeast(stack_V)} V DC`, 'what is left when a switch has welded'),
    row(
      2,
      parts.switch,
      `${atLeast(1.5 * stack_V)} V, ${atLeast(4 * (limits.overDischarge_mA / 1000))} A pulsed`,
      'charge and discharge switch',
    ),
    row(2, 'resistor', '5.1 kΩ', 'their gates'),
    row(2, 'resistor', '10 MΩ', 'open when nothing drives them'),
    row(1, parts.prechargeSwitch, `${atLeast(1.5 * stack_V)} V`, 'precharge path'),
    row(1, parts.prechargeDriver, `${atLeast(1.5 * stack_V)} V`, 'drives it from the controller'),
    row(1, 'zener diode', '12 V', 'keeps its gate within limits'),
    row(1, 'resistor', '100 kΩ', 'no precharge while nothing drives it'),
    row(1, 'resistor', '47 kΩ', 'its gate'),
    row(
      1,
      'power resistor',
      `${ohms(parts.precharge_ohm)}, ${watts(stack_V ** 2 / parts.precharge_ohm)} for a second`,
      `fills ${parts.load_uF} µF`,
    ),
    row(1, '1N5404', `${atLeast(stack_V)} V, 3 A`, 'no charger past the charge switch'),
    row(1, 'resistor', ohms(parts.prechargePullDown_ohm), 'no precharge while the controller starts'),
    row(
      cells + 1,
      'resistor',
      `${ohms(parts.inputResistor_ohm)}, 0.25 W`,
      'each input: filter, and what balancing drains through',
    ),
    row(cells, 'capacitor', `${parts.inputCapacitor_nF} nF`, 'filter of each cell'),
    ...(thermistors > 0
      ? [row(thermistors, 'thermistor 103AT', '10 kΩ', 'glued to the lowest, a middle and the topmost cell')]
      : []),
    row(2, 'resistor', '10 kΩ', 'PACK and LD'),
    row(2, 'resistor', '100 Ω', 'SRP and SRN'),
    row(1, 'resistor', '100 Ω', 'BAT'),
    row(1, 'diode', `${atLeast(1.5 * stack_V)} V`, 'BAT: holds up in a short circuit'),
    row(1, 'capacitor', '1 µF, 100 V', 'BAT'),
    row(1, 'capacitor', '470 nF', 'charge pump of the gates'),
    row(1, 'capacitor', '2.2 µF', 'REG18'),
    row(1, 'capacitor', '100 nF', 'over SRP and SRN'),
    row(2, 'resistor', ohms(parts.i2cPullUp_ohm), 'pull-ups of SDA and SCL'),
    row(1, 'resistor', ohms(parts.alertPullUp_ohm), 'pull-up of ALERT'),
    row(1, parts.supply, '', "the controller's supply, from behind the fuse"),
    ...(mavlink ? [row(1, 'ISO7721', '', 'isolates the UART: no second ground past the shunt')] : []),
  ];
}

export function materialsTable(parts: readonly Material[]): string {
  return formatTable<Material>(
    [
      { head: 'quantity', text: (part) => String(part.quantity) },
      { head: 'part', align: 'left', text: (part) => part.part },
      { head: 'value', align: 'left', text: (part) => part.value },
      { head: 'why', align: 'left', text: (part) => part.why },
    ],
    parts,
  );
}

/** The same as a table of Markdown. */
export function materialsMarkdown(parts: readonly Material[]): string {
  const cells = [
    ['quantity', 'part', 'value', 'why'],
    ...parts.map(({ quantity, part, value, why }) => [String(quantity), part, value, why]),
  ];
  const widths = [0, 1, 2, 3].map((k) => Math.max(...cells.map((line) => line[k]!.length)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, k) => (k === 0 ? text.padStart(widths[k]!) : text.padEnd(widths[k]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, k) => (k === 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}

/** Ratings that are sold, with a reserve of a half. */
function watts(value: number): string {
  const ratings = [0.25, 0.5, 1, 2, 3, 5, 10, 15, 25, 50, 100, 150, 200, 300, 500];
  return `${ratings.find((rating) => rating >= 1.5 * value) ?? Math.ceil(1.5 * value)} W`;
}

const round = (value: number): number => Number(value.toPrecision(2));
const atLeast = (value: number): number => Math.ceil(Number(value.toPrecision(2)));
