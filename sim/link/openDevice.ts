import { DeviceLink, type LinkOptions } from './deviceLink';
import { openPort } from './port';

/**
 * Opens a port of this machine and asks who is there.
 * @throws InputError when the port cannot be opened; LinkError, with what to do, when no device answers
 */
export async function openDevice(portName: string, options: LinkOptions = {}): Promise<DeviceLink> {
  return DeviceLink.over(await openPort(portName), options);
}
