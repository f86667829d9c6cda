import type { ReplayedCycle, ReplayReport } from '../replay/report';
import { axis, colour, fittedAxis, legend, panel, panelLetter, text } from './style';
import { toSvg } from './svg';

/**
 * Charge, discharge and coulombic efficiency by cycle (a); fast and slow part of the relaxations after discharge against time (b; of
 * those after charge where there are no others, and left out where no part is known). Cycles whose efficiency is more than 5 points
 * from the median are incomplete or began part-charged: counted in the legend, not drawn. Nor is a cycle that stands for several, such
 * as formation: the axis says so.
 */
export function replayPicture(report: Pick<ReplayReport, 'cycles' | 'relaxations'>): string {
  const { cycles, relaxations } = report;
  const moved = (capacity_mAh: number, n: number): [number, number][] => (capacity_mAh > 0 ? [[n, capacity_mAh]] : []);
  const several = cycleOfSeveral(cycles);
  const whole = cycles.filter((cycle) => cycle !== several);
  const charge = whole.flatMap((cycle) => moved(cycle.charge_mAh, cycle.n));
  const discharge = whole.flatMap((cycle) => moved(cycle.discharge_mAh, cycle.n));
  const efficiency = cycles.flatMap((cycle): [number, number][] =>
    cycle.ce_pct === null ? [] : [[cycle.n, cycle.ce_pct]],
  );
  const scaled = efficiency.filter(
    ([, ce_pct]) => Math.abs(ce_pct - median(efficiency.map(([, value]) => value))) <= 5,
  );
  const offScale = efficiency.length - scaled.length;
  const efficiencyName =
    offScale === 0 ? 'CE (right)' : `CE (right; ${offScale} part cycle${offScale > 1 ? 's' : ''} off scale)`;
  const known = relaxations.filter((relaxation) => relaxation.etaFast_mV !== null || relaxation.etaConc_mV !== null);
  const after = known.some(({ afterPulse }) => afterPulse === 'discharge') ? 'discharge' : 'charge';
  const shown = known.filter(({ afterPulse }) => afterPulse === after);
  const part = (value: (relaxation: (typeof shown)[number]) => number | null): [number, number][] =>
    shown.flatMap((relaxation): [number, number][] => {
      const eta_mV = value(relaxation);
      return eta_mV === null ? [] : [[relaxation.start_s / 3600, eta_mV]];
    });
  const fast = part((relaxation) => relaxation.etaFast_mV);
  const slow = part((relaxation) => relaxation.etaConc_mV);

  const numbers = cycles.map((cycle) => cycle.n);
  const first = Math.min(...numbers);
  const last = Math.max(...numbers);
  const pad = last - first < 2 ? 1 : Math.max(0.5, (last - first) * 0.03);
  const symbols = (count: number, size: number): number => (count > 60 ? size - 3 : size);

  const hasParts = shown.length > 0;
  const capacityPanel = { xAxisIndex: 0, type: 'scatter' as const };
  const overpotentialPanel = { xAxisIndex: 1, yAxisIndex: 2, type: 'scatter' as const };
  return toSvg(
    {
      grid: [
        panel({ top: 30, height: 165, right: 66 }),
        ...(hasParts ? [panel({ top: 272, height: 150, right: 66 })] : []),
      ],
      xAxis: [
        {
          ...axis(
            several
              ? `Cycle number (cycle ${several.n} is off scale: ${largest(several).toPrecision(4)} mAh)`
              : 'Cycle number',
            26,
          ),
          gridIndex: 0,
          min: first - pad,
          max: last + pad,
          minInterval: 1,
          axisTick: { length: 4, customValues: wholeTicks(first, last), lineStyle: { color: colour.black } },
          axisLabel: { ...text, customValues: wholeTicks(first, last), formatter: (value: number) => String(value) },
        },
        ...(hasParts ? [{ ...axis(`Test time / h (rests after ${after})`, 26), gridIndex: 1, min: 0 }] : []),
      ],
      yAxis: [
        {
          ...fittedAxis(
            'Capacity / mAh',
            46,
            [...charge, ...discharge].map(([, value]) => value),
          ),
          gridIndex: 0,
        },
        {
          ...fittedAxis(
            'Coulombic efficiency / %',
            48,
            scaled.map(([, value]) => value),
          ),
          gridIndex: 0,
          position: 'right' as const,
          show: efficiency.length > 0,
        },
        ...(hasParts ? [{ ...axis('Overpotential / mV', 46), gridIndex: 1, min: 0 }] : []),
      ],
      legend: [
        legend({ data: ['Charge', 'Discharge', efficiencyName], top: 4, left: 24, itemWidth: 10 }),
        ...(hasParts
          ? [
              legend({
                data: [
                  ...(fast.length > 0 ? ['Fast: ohmic and reaction'] : []),
                  ...(slow.length > 0 ? ['Slow: concentration and diffusion'] : []),
                ],
                top: 246,
                left: 24,
                itemWidth: 10,
              }),
            ]
          : []),
      ],
      graphic: hasParts ? [panelLetter('a', 4), panelLetter('b', 246)] : [],
      series: [
        {
          ...capacityPanel,
          name: 'Charge',
          data: charge,
          symbolSize: symbols(charge.length, 8),
          itemStyle: { color: 'transparent', borderColor: colour.skyBlue, borderWidth: 1.5, opacity: 1 },
        },
        {
          ...capacityPanel,
          name: 'Discharge',
          data: discharge,
          symbolSize: symbols(discharge.length, 6),
          itemStyle: { color: colour.blue, opacity: 1 },
        },
        {
          ...capacityPanel,
          name: efficiencyName,
          yAxisIndex: 1,
          data: scaled,
          symbol: 'rect',
          symbolSize: symbols(efficiency.length, 6),
          itemStyle: { color: colour.vermilion, opacity: 1 },
        },
        ...(hasParts
          ? [
              {
                ...overpotentialPanel,
                name: 'Fast: ohmic and reaction',
                data: fast,
                symbol: 'triangle',
                symbolSize: symbols(fast.length, 7),
                itemStyle: { color: colour.green, opacity: 1 },
              },
              {
                ...overpotentialPanel,
                name: 'Slow: concentration and diffusion',
                data: slow,
                symbolSize: symbols(slow.length, 7),
                itemStyle: { color: 'transparent', borderColor: colour.purple, borderWidth: 1.5, opacity: 1 },
              },
            ]
          : []),
      ],
    },
    hasParts ? 466 : 240,
  );
}

const largest = ({ charge_mAh, discharge_mAh }: ReplayedCycle): number => Math.max(charge_mAh, discharge_mAh);

/** A cycle with more than one and a half times the charge of any other. */
function cycleOfSeveral(cycles: readonly ReplayedCycle[]): ReplayedCycle | undefined {
  const [first, second] = [...cycles].sort((a, b) => largest(b) - largest(a));
  return second && largest(second) > 0 && largest(first!) > 1.5 * largest(second) ? first : undefined;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** At most about eight whole numbers from first to last. */
function wholeTicks(first: number, last: number): number[] {
  const step = Math.max(1, Math.ceil((last - first) / 7));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
