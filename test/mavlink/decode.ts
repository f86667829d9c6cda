/** Decodes what a flight controller would receive, with node-mavlink's parser; BATTERY_INFO is newer than its definitions. */
import {
  common,
  MavLinkData,
  MavLinkPacketField,
  MavLinkPacketParser,
  MavLinkPacketSplitter,
  minimal,
  type MavLinkPacket,
} from 'node-mavlink';

const field = (source: string, offset: number, size: number, type: string, length = 0): MavLinkPacketField =>
  new MavLinkPacketField(source, source, offset, false, size, type, '', length);

/** common.xml, BATTERY_INFO. */
export class BatteryInfo extends MavLinkData {
  static override MSG_ID = 372;
  static override MSG_NAME = 'BATTERY_INFO';
  static override PAYLOAD_LENGTH = 140;
  static override MAGIC_NUMBER = 26;
  static override FIELDS = [
    field('discharge_minimum_voltage', 0, 4, 'float'),
    field('charging_minimum_voltage', 4, 4, 'float'),
    field('resting_minimum_voltage', 8, 4, 'float'),
    field('charging_maximum_voltage', 12, 4, 'float'),
    field('charging_maximum_current', 16, 4, 'float'),
    field('nominal_voltage', 20, 4, 'float'),
    field('discharge_maximum_current', 24, 4, 'float'),
    field('discharge_maximum_burst_current', 28, 4, 'float'),
    field('design_capacity', 32, 4, 'float'),
    field('full_charge_capacity', 36, 4, 'float'),
    field('cycle_count', 40, 2, 'uint16_t'),
    field('weight', 42, 2, 'uint16_t'),
    field('id', 44, 1, 'uint8_t'),
    field('battery_function', 45, 1, 'uint8_t'),
    field('type', 46, 1, 'uint8_t'),
    field('state_of_health', 47, 1, 'uint8_t'),
    field('cells_in_series', 48, 1, 'uint8_t'),
    field('manufacture_date', 49, 1, 'char[]', 9),
    field('serial_number', 58, 1, 'char[]', 32),
    field('name', 90, 1, 'char[]', 50),
  ];
  declare discharge_minimum_voltage: number;
  declare charging_maximum_voltage: number;
  declare charging_maximum_current: number;
  declare nominal_voltage: number;
  declare discharge_maximum_current: number;
  declare discharge_maximum_burst_current: number;
  declare design_capacity: number;
  declare full_charge_capacity: number;
  declare cycle_count: number;
  declare id: number;
  declare state_of_health: number;
  declare cells_in_series: number;
  declare serial_number: string;
  declare name: string;
}

export const DEFINED = [minimal.Heartbeat, common.BatteryStatus, common.SmartBatteryInfo, BatteryInfo];

export interface Received {
  packets: MavLinkPacket[];
  /** How often something looked like a frame and was none. */
  invalid: number;
  of<T extends MavLinkData>(type: (typeof DEFINED)[number] & (new () => T)): T[];
}

/** What arrives when these bytes come over the wire. A wrong CRC never arrives. */
export async function receive(bytes: Uint8Array): Promise<Received> {
  const packets: MavLinkPacket[] = [];
  const splitter = new MavLinkPacketSplitter({}, { magicNumbers: { 0: 50, 147: 154, 370: 75, 372: 26 } });
  const parser = splitter.pipe(new MavLinkPacketParser());
  parser.on('data', (packet: MavLinkPacket) => void packets.push(packet));
  const ended = new Promise((resolve) => parser.on('end', resolve));
  splitter.end(Buffer.from(bytes));
  await ended;
  return {
    packets,
    invalid: splitter.invalidPackages,
    of: (type) =>
      packets
        .filter(({ header }) => header.msgid === type.MSG_ID)
        .map(({ protocol, payload }) => protocol.data(payload, type as never)),
  };
}
