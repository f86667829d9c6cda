/** Listeners by the name of what happens; as Node's, where there is no Node. */
export class Emitter<Events extends Record<keyof Events, unknown[]>> {
  private listeners: { [Name in keyof Events]?: ((...what: Events[Name]) => void)[] } = {};

  on<Name extends keyof Events>(name: Name, listener: (...what: Events[Name]) => void): this {
    this.listeners[name] = [...(this.listeners[name] ?? []), listener];
    return this;
  }

  protected emit<Name extends keyof Events>(name: Name, ...what: Events[Name]): void {
    for (const listener of this.listeners[name] ?? []) listener(...what);
  }

  protected removeAllListeners(): void {
    this.listeners = {};
  }
}
