/**
 * Reading the channel's parts. Every value carries the time it was taken; a value that could not be read keeps its old time
 * and so grows old, and what is decided on it stops (see protect/).
 *
 * Voltage, current and freshness are read at every tick. The slow readings take turns, one every other tick.
 */
import type { CyclerBoard, CyclerWires } from '../../hal/boards/cycler';
import {
  Ina228Flag,
  ina228Charge_mC,
  ina228Current_mA,
  ina228DieTemperature_C,
  ina228Holds,
  ina228Status,
  ina228Voltage_mV,
  type Ina228,
} from '../../hal/chips/ina228';
import { ads1115Ready, ads1115Result_mV, ads1115Start, type Ads1115 } from '../../hal/chips/ads1115';
import { thermistor_C } from '../../hal/chips/thermistor';

export interface Sense {
  board: CyclerBoard;
  wires: CyclerWires;
  ina: Ina228;
  ads: Ads1115;
  /** Time of the last fresh voltage and current. */
  at_ms: number;
  voltage_mV: number;
  /** Discharge positive. */
  current_mA: number;
  /** Cell temperature, from the ADS1115. */
  temperature_C: number;
  /** How far the controller's own ADC, the coarse second opinion, is from it. */
  temperatureGap_C: number;
  /**
   * How far its voltage was from the INA228's when it was taken: at the last reading, and the lesser of the last two, which a
   * voltage in swift motion does not enlarge.
   */
  lastGap_mV: number;
  voltageGap_mV: number;
  /** Surroundings, by the INA228's die: a little warmer than the board. */
  ambient_C: number;
  /** Charge accumulated by the INA228 [mC]. */
  chipCharge_mC: number;
  /** Whether the INA228 kept its settings; false after it reset itself. */
  settingsHold: boolean;
  /** A result that did not fit its register, or the part's memory checksum failed. */
  invalid: boolean;
  /** Transactions that failed since start, and in a row. */
  busErrors: number;
  busErrorsInRow: number;
  slowDue: boolean;
  /** Whose turn it was among the slow readings, and when each was last taken [ms]. */
  turn: number;
  slowAt_ms: Float64Array;
}

/** The slow readings, in the order of their turns. */
export enum Slow {
  Temperature,
  CoarseTemperature,
  CoarseVoltage,
  ChipCharge,
  Settings,
  Ambient,
}
const TURNS = 6;

/** A conversion of the ADS1115 takes 8 ms; asking whether it is done takes at least 0.1 ms at 400 kHz. */
const ADS_POLLS = 200;

/** Takes each slow reading once, so that no value is ever unknown. @throws when a part does not answer */
export function createSense(board: CyclerBoard, wires: CyclerWires, ina: Ina228, now_ms: number): Sense {
  const sense: Sense = {
    board: board,
    wires: wires,
    ina: ina,
    ads: { bus: wires.bus, address: board.ads1115.address },
    at_ms: now_ms,
    voltage_mV: 0,
    current_mA: 0,
    temperature_C: 0,
    temperatureGap_C: 0,
    lastGap_mV: 0,
    voltageGap_mV: 0,
    ambient_C: 0,
    chipCharge_mC: 0,
    settingsHold: true,
    invalid: false,
    busErrors: 0,
    busErrorsInRow: 0,
    slowDue: false,
    turn: TURNS - 1,
    slowAt_ms: new Float64Array(TURNS),
  };
  ads1115Start(sense.ads, board.ads1115.input);
  let polls = 0;
  while (!ads1115Ready(sense.ads)) {
    polls++;
    if (polls > ADS_POLLS) throw new Error('ADS1115 conversion does not end');
  }
  for (let turn = 0; turn < TURNS; turn++) readSlow(sense, now_ms);
  // The voltage is not known before the first tick: there is nothing yet to compare the coarse one with.
  sense.lastGap_mV = 0;
  return sense;
}

/** One round of readings. Never throws: a failed transaction is counted, and its value grows old. */
export function readSensors(sense: Sense, now_ms: number): void {
  try {
    const ina = sense.ina;
    const status = ina228Status(ina);
    if (status & Ina228Flag.ConversionReady) {
      sense.voltage_mV = ina228Voltage_mV(ina);
      sense.current_mA = ina228Current_mA(ina);
      sense.at_ms = now_ms;
      sense.invalid = (status & (Ina228Flag.MathOverflow | Ina228Flag.MemoryOk)) !== Ina228Flag.MemoryOk;
    }
    sense.slowDue = !sense.slowDue;
    if (sense.slowDue) readSlow(sense, now_ms);
    sense.busErrorsInRow = 0;
  } catch (_) {
    sense.busErrors++;
    sense.busErrorsInRow++;
  }
}

/** The next slow reading; one that fails keeps its old time. */
function readSlow(sense: Sense, now_ms: number): void {
  const turn = sense.turn === TURNS - 1 ? 0 : sense.turn + 1;
  sense.turn = turn;
  if (turn === Slow.Temperature) {
    if (!readTemperature(sense)) return;
  } else if (turn === Slow.CoarseTemperature) readCoarseTemperature(sense);
  else if (turn === Slow.CoarseVoltage) readCoarseVoltage(sense);
  else if (turn === Slow.ChipCharge) sense.chipCharge_mC = ina228Charge_mC(sense.ina);
  else if (turn === Slow.Settings) sense.settingsHold = ina228Holds(sense.ina);
  else sense.ambient_C = ina228DieTemperature_C(sense.ina);
  sense.slowAt_ms[turn] = now_ms;
}

function readTemperature(sense: Sense): boolean {
  if (!ads1115Ready(sense.ads)) return false;
  const board = sense.board;
  sense.temperature_C = thermistor_C(board.thermistor, ads1115Result_mV(sense.ads) / board.ads1115.supply_mV);
  ads1115Start(sense.ads, board.ads1115.input);
  return true;
}

function readCoarseTemperature(sense: Sense): void {
  const board = sense.board;
  const fraction = sense.wires.thermistorAdc.read() * board.coarseThermistor.gain + board.coarseThermistor.offset;
  sense.temperatureGap_C = Math.abs(thermistor_C(board.thermistor, fraction) - sense.temperature_C);
}

function readCoarseVoltage(sense: Sense): void {
  const coarse = sense.board.coarseVoltage;
  const gap_mV = Math.abs(sense.wires.cellAdc.read() * coarse.gain_mV + coarse.offset_mV - sense.voltage_mV);
  sense.voltageGap_mV = Math.min(gap_mV, sense.lastGap_mV);
  sense.lastGap_mV = gap_mV;
}
