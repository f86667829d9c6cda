/** The pin of that name, such as `D21`. @throws where this interpreter has none */
export function pinOf(name: string): Pin {
  const pin = Pin(name);
  if (pin === undefined) throw new Error('pin ' + name + ' does not exist on this interpreter');
  return pin;
}
