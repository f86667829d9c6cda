/** The pin of that name, such as `D21`. @throws where this interpreter has none */
export function pinOf(name: string): Pin {
  const pin = Pin(name);
  if (pin === undefined) throw new Error('pin ' + name + ' does not exist on this interpreter');
  return pin;
}

/** The pin of that name as an output that has this level from its first moment. @throws where this interpreter has no such pin */
export function outputOf(name: string, level: boolean): Pin {
  const pin = pinOf(name);
  pin.write(level);
  pin.mode('output');
  return pin;
}
