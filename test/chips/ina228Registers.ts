/** Single registers of an INA228, read whether or not there is a new result. */
import { Ina228Register, type Ina228 } from '../../hal/chips/ina228';

function upper20Bits(ina: Ina228, register: Ina228Register): number {
  const [high, middle, low] = ina.bus.readReg(ina.address, register, 3) as ArrayLike<number> as number[];
  return (high! << 12) | (middle! << 4) | (low! >> 4);
}

export function ina228Voltage_mV(ina: Ina228): number {
  return upper20Bits(ina, Ina228Register.BusVoltage) * 0.1953125;
}

export function ina228Current_mA(ina: Ina228): number {
  const raw = upper20Bits(ina, Ina228Register.Current);
  return (raw & 0x80000 ? raw - 0x100000 : raw) * ina.lsb_mA;
}
