/** Reads the state of a built firmware by the names of its sources. */

export type Names = Readonly<Record<string, string>>;

/** @param names what each property of the sources is called in the build, where it was renamed (BuildResult.names) */
export function readable<T>(value: T, names: Names): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const known = made.get(value);
  if (known !== undefined) return known as T;
  const reader = new Proxy(value, {
    get: (target, name) => readable(Reflect.get(target, built(name, names), target) as unknown, names),
    has: (target, name) => Reflect.has(target, built(name, names)),
    set: (target, name, next) => Reflect.set(target, built(name, names), next, target),
  });
  made.set(value, reader);
  return reader;
}

/** So that the same object reads as the same object. */
const made = new WeakMap<object, object>();

function built(name: string | symbol, names: Names): string | symbol {
  return typeof name === 'string' && Object.hasOwn(names, name) ? names[name]! : name;
}

/** The other way: names of the build by those of the sources. */
export function sourceNames(names: Names): Names {
  return Object.fromEntries(Object.entries(names).map(([source, now]) => [now, source]));
}
