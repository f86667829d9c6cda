/**
 * Reading the channel's parts. Every value carries the time it was taken; a value that could not be read keeps its old time
 * and so grows old, and what is decided on it stops (see protect/).
 *
 * Voltage, current and freshness are read at every tick. The slow readings take turns, one a tick.
 */
import type { CyclerBoard, CyclerWires } from '../../hal/boards/cycler';
import {
  INA228_CONVERSION_READY,
  INA228_MATH_OVERFLOW,
  INA228_MEMORY_OK,
  ina228Charge_mC,
  ina228Current_mA,
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
  temperatureAt_ms: number;
  /** The controller's own ADC: coarse second opinions. */
  coarseTemperature_C: number;
  coarseTemperatureAt_ms: number;
  coarseVoltage_mV: number;
  coarseVoltageAt_ms: number;
  /**
   * How far coarse and fine voltage were apart when the coarse one was taken: at the last reading, and the lesser of the last
   * two, which a voltage in swift motion does not enlarge.
   */
  lastGap_mV: number;
  voltageGap_mV: number;
  /** Charge accumulated by the INA228 [mC]. */
  chipCharge_mC: number;
  chipChargeAt_ms: number;
  /** Whether the INA228 kept its settings; false after it reset itself. */
  settingsHold: boolean;
  settingsAt_ms: number;
  /** A result that did not fit its register, or the part's memory checksum failed. */
  invalid: boolean;
  /** Transactions that failed since start, and in a row. */
  busErrors: number;
  busErrorsInRow: number;
  /** Whose turn it is among the slow readings. */
  turn: number;
}

export function createSense(board: CyclerBoard, wires: CyclerWires, ina: Ina228, now_ms: number): Sense {
  const ads: Ads1115 = { bus: wires.bus, address: board.ads1115.address };
  ads1115Start(ads, board.ads1115.input);
  return {
    board: board,
    wires: wires,
    ina: ina,
    ads: ads,
    at_ms: now_ms,
    voltage_mV: 0,
    current_mA: 0,
    temperature_C: 0,
    temperatureAt_ms: -1,
    coarseTemperature_C: 0,
    coarseTemperatureAt_ms: -1,
    coarseVoltage_mV: 0,
    coarseVoltageAt_ms: -1,
    lastGap_mV: 0,
    voltageGap_mV: 0,
    chipCharge_mC: 0,
    chipChargeAt_ms: -1,
    settingsHold: true,
    settingsAt_ms: now_ms,
    invalid: false,
    busErrors: 0,
    busErrorsInRow: 0,
    turn: 0,
  };
}

/** One round of readings. Never throws: a failed transaction is counted, and its value grows old. */
export function readSensors(sense: Sense, now_ms: number): void {
  try {
    const ina = sense.ina;
    const status = ina228Status(ina);
    if (status & INA228_CONVERSION_READY) {
      sense.voltage_mV = ina228Voltage_mV(ina);
      sense.current_mA = ina228Current_mA(ina);
      sense.at_ms = now_ms;
      sense.invalid = (status & (INA228_MATH_OVERFLOW | INA228_MEMORY_OK)) !== INA228_MEMORY_OK;
    }
    readSlow(sense, now_ms);
    sense.busErrorsInRow = 0;
  } catch (_) {
    sense.busErrors++;
    sense.busErrorsInRow++;
  }
}

function readSlow(sense: Sense, now_ms: number): void {
  const turn = sense.turn;
  sense.turn = turn === 4 ? 0 : turn + 1;
  if (turn === 0) readTemperature(sense, now_ms);
  else if (turn === 1) readCoarseTemperature(sense, now_ms);
  else if (turn === 2) readCoarseVoltage(sense, now_ms);
  else if (turn === 3) {
    sense.chipCharge_mC = ina228Charge_mC(sense.ina);
    sense.chipChargeAt_ms = now_ms;
  } else {
    sense.settingsHold = ina228Holds(sense.ina);
    sense.settingsAt_ms = now_ms;
  }
}

function readTemperature(sense: Sense, now_ms: number): void {
  if (!ads1115Ready(sense.ads)) return;
  const board = sense.board;
  sense.temperature_C = thermistor_C(board.thermistor, ads1115Result_mV(sense.ads) / board.ads1115.supply_mV);
  sense.temperatureAt_ms = now_ms;
  ads1115Start(sense.ads, board.ads1115.input);
}

function readCoarseTemperature(sense: Sense, now_ms: number): void {
  const board = sense.board;
  const fraction = sense.wires.thermistorAdc.read() * board.coarseThermistor.gain + board.coarseThermistor.offset;
  sense.coarseTemperature_C = thermistor_C(board.thermistor, fraction);
  sense.coarseTemperatureAt_ms = now_ms;
}

function readCoarseVoltage(sense: Sense, now_ms: number): void {
  const coarse = sense.board.coarseVoltage;
  sense.coarseVoltage_mV = sense.wires.cellAdc.read() * coarse.gain_mV + coarse.offset_mV;
  sense.coarseVoltageAt_ms = now_ms;
  const gap_mV = Math.abs(sense.coarseVoltage_mV - sense.voltage_mV);
  sense.voltageGap_mV = Math.min(gap_mV, sense.lastGap_mV);
  sense.lastGap_mV = gap_mV;
}
