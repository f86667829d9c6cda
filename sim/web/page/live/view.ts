/** A live board: what it measures, estimates, allows and why, with its age. */
import { faultText, stateText } from '../../../link/view';
import { download, h } from '../dom';
import type { View } from '../view';
import { createCharts } from './charts';
import { createCommands } from './commands';
import { connection } from './connection';
import { createEvents } from './events';
import { createFacts } from './facts';
import { createInventory } from './inventory';
import { createLimits } from './limits';
import { hasSerial } from './serial';
import { createStatus } from './status';
import { estimateText, quantityText, UNKNOWN } from './words';
import './look.css';

/** Often enough that nothing is shown as current for longer than it may be. */
const REFRESH_MS = 150;

export const liveView: View = {
  title: 'Live',
  mount: (root) => {
    const status = createStatus();
    const problem = h('p', { class: 'notice bad', role: 'alert', hidden: true });
    const now = createFacts([
      'Voltage',
      'Current (discharge positive)',
      'Temperature',
      'State',
      'Fault',
      'Cycle, step',
    ]);
    const known = createFacts([
      'Concentration overpotential, eta_conc',
      'Ohmic and reaction, eta_fast',
      'Charge left',
      'Charge to the knee',
    ]);
    const health = createFacts(['Capacity', 'Cathode', 'Coulombic efficiency', 'Limiting current']);
    const device = createFacts(['Free memory', 'Longest tick']);
    const lost = h('p', {});
    const counters = h('p', {});
    const inventory = createInventory();
    const limits = createLimits(() => void readSettings());
    const events = createEvents();
    const charts = createCharts();
    const disconnect = h('button', { type: 'button', onclick: () => connection.disconnect() }, 'Disconnect');
    const save = h('button', { type: 'button', onclick: saveCsv }, 'Save CSV');

    const connect = h(
      'button',
      { type: 'button', class: 'button primary', onclick: () => void choose() },
      'Connect a board over USB',
    );
    connect.hidden = !hasSerial;

    root.append(
      h('h1', {}, 'Live'),
      h(
        'section',
        { class: 'card', 'aria-label': 'Connection' },
        status.element,
        problem,
        h('p', { class: 'controls' }, connect, disconnect, save),
      ),
      h(
        'div',
        { class: 'grid-2' },
        h('section', { class: 'card', 'aria-label': 'Now' }, h('h2', {}, 'Now'), now.element),
        h('section', { class: 'card', 'aria-label': 'Estimated now' }, h('h2', {}, 'Estimated now'), known.element),
        limits.element,
        inventory.element,
        h(
          'section',
          { class: 'card', 'aria-label': 'Health' },
          h('h2', {}, 'Health'),
          health.element,
          h('h3', {}, 'Controller'),
          device.element,
          lost,
          counters,
        ),
        events.element,
      ),
      charts.element,
      createCommands(() => void readSettings()),
    );

    function saveCsv(): void {
      download(
        `caldera-live-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.csv`,
        connection.record.csv(),
        'text/csv',
      );
    }

    async function choose(): Promise<void> {
      problem.hidden = true;
      try {
        await connection.chooseSerial();
      } catch (error) {
        problem.textContent = `The port could not be chosen: ${(error as Error).message}. Try again, or use caldera dashboard --port.`;
        problem.hidden = false;
      }
    }

    /** What the board tells only when it is asked. */
    let asked: unknown;
    async function readSettings(): Promise<void> {
      const { source } = connection;
      if (source === undefined) return limits.showSettings('Connect a board first.');
      try {
        limits.showSettings(await source.request('limits'));
        counters.textContent = `Counters: ${(await source.request('counters')).replace(/^ok /, '')}`;
      } catch (error) {
        limits.showSettings(`The settings could not be read: ${(error as Error).message}`);
      }
    }

    function show(): void {
      const { record, source } = connection;
      const { measurement: m, estimates: e, isStale, areEstimatesStale } = record;
      if (record.version !== undefined && record.version !== asked && source !== undefined) {
        asked = record.version;
        void readSettings();
      }
      status.show();
      disconnect.hidden = source?.isExclusive !== true;
      save.hidden = m === undefined;
      now.show(
        [
          quantityText(m?.voltage_mV, 1000, 3, 'V'),
          quantityText(m?.current_mA, 1000, 3, 'A'),
          quantityText(m?.temperature_cC, 100, 2, '°C'),
          m === undefined ? UNKNOWN : stateText(m),
          m === undefined ? UNKNOWN : faultText(m.fault),
          m === undefined ? UNKNOWN : `${m.cycle ?? UNKNOWN} finished, step ${m.step ?? UNKNOWN}`,
        ],
        isStale,
      );
      known.show(
        [
          estimateText(e?.EtaConc_mV, 1, 'mV'),
          estimateText(e?.EtaFast_mV, 1, 'mV'),
          estimateText(e?.StateOfCharge_pct, 1, '%'),
          estimateText(e?.ToKnee_mAh, 1, 'mAh'),
        ],
        areEstimatesStale,
      );
      health.show(
        [
          estimateText(e?.Capacity_mAh, 1, 'mAh'),
          estimateText(e?.Cathode_mAh, 1, 'mAh'),
          estimateText(e?.CoulombicEfficiency_pct, 3, '%'),
          estimateText(e?.LimitingCurrent_mA, 0, 'mA'),
        ],
        areEstimatesStale,
      );
      device.show([quantityText(m?.free, 1, 0, 'JsVars'), quantityText(m?.worst_ms, 1, 0, 'ms')], isStale);
      lost.textContent =
        record.version === undefined
          ? ''
          : `Espruino ${record.version.interpreter}; ${record.lost} frames of the board did not arrive.`;
      limits.show(record);
      inventory.show(record);
      events.show(record);
      charts.show(record);
    }

    connection.startWithServer();
    const forget = connection.onChange(show);
    const timer = setInterval(show, REFRESH_MS);
    document.addEventListener('visibilitychange', show);
    show();
    return () => {
      forget();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', show);
      events.stop();
      charts.destroy();
    };
  },
};
