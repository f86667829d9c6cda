/** Measures how fast a chart of this page takes a stream: 100,000 points, some more in each frame. Run by `npm run bench`. */
import { createChart } from './chart';
import { h } from './dom';
import type { View } from './view';

const POINTS = 100_000;
const FRAMES = 300;

export const benchView: View = {
  title: 'Benchmark',
  mount(root) {
    const outcome = h('p', {}, 'Measuring …');
    root.append(h('h1', {}, `A stream of ${POINTS} points`), outcome);
    const chart = createChart(root, {
      title: 'Voltage',
      x: { label: 'Time', unit: 'h' },
      y: { label: 'Voltage', unit: 'V' },
      series: [{ label: 'Voltage', colour: 'voltage' }],
    });
    const time_h = Float64Array.from({ length: POINTS }, (_, k) => k / 120);
    const voltage_V = time_h.map((t) => 3.7 + 0.5 * Math.sin(t / 2) + 0.01 * Math.sin(97 * t));
    const frames_ms: number[] = [];
    let last_ms: number | undefined;
    let frame = requestAnimationFrame(function step(now_ms) {
      if (last_ms !== undefined) frames_ms.push(now_ms - last_ms);
      last_ms = now_ms;
      const count = Math.ceil((POINTS * Math.min(FRAMES, frames_ms.length + 1)) / FRAMES);
      if (frames_ms.length >= FRAMES) {
        frames_ms.sort((a, b) => a - b);
        const mean_ms = frames_ms.reduce((a, b) => a + b, 0) / FRAMES;
        root.dataset.framesPerSecond = (1000 / mean_ms).toFixed(1);
        root.dataset.slowFrame_ms = frames_ms[Math.floor(0.95 * FRAMES)]!.toFixed(1);
        outcome.textContent = `${root.dataset.framesPerSecond} frames a second; 95 of 100 frames within ${root.dataset.slowFrame_ms} ms.`;
        root.dataset.state = 'done';
        return;
      }
      chart.setData([time_h.subarray(0, count), voltage_V.subarray(0, count)]);
      frame = requestAnimationFrame(step);
    });
    return () => {
      cancelAnimationFrame(frame);
      chart.destroy();
    };
  },
};
