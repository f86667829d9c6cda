/** Times and sizes in words. */
export function duration(time_s: number): string {
  if (time_s < 1) return `${Math.max(0, 1000 * time_s).toFixed(0)} ms`;
  if (time_s < 90) return `${time_s.toFixed(0)} s`;
  if (time_s < 90 * 60) return `${(time_s / 60).toFixed(0)} min`;
  if (time_s < 48 * 3600) return `${(time_s / 3600).toFixed(1)} h`;
  return `${(time_s / 86400).toFixed(1)} days`;
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value.toFixed(0) : value.toPrecision(3)} ${units[power]}`;
}
