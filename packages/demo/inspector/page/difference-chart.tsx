/** The largest difference per layer as bars, with the threshold as a line. */
import {useEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {chartOptions, chartValues} from './difference-chart-options.js';
import {saveChart} from './picture/chart-picture.js';
import {isLogScale, threshold} from './state/comparison.js';
import type {ShownComparison} from './state/comparison.js';
import {model} from './state/session.js';
import {isDark} from './state/theme.js';

interface DifferenceChartProps {
  readonly shown: ShownComparison;
  readonly onOpen: (hook: number) => void;
}

export function DifferenceChart({shown, onOpen}: DifferenceChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const isLog = isLogScale.value;
  const limit = threshold.value;
  const isDrawnDark = isDark.value;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const {rows} = shown;
    const options = chartOptions(element, rows, isLog, limit);
    const drawn = new uPlot(options, [rows.map((_, at) => at), chartValues(rows, isLog)], element);
    plot.current = drawn;
    const resized = new ResizeObserver(() => {
      drawn.setSize({width: element.clientWidth, height: options.height});
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      drawn.destroy();
    };
  }, [shown, isLog, limit, isDrawnDark]);
  return (
    <div class="chart">
      <div
        ref={box}
        class="chart-box"
        role="img"
        aria-label="Largest relative difference per layer; the table below has the numbers"
        onClick={() => {
          const row = shown.rows[plot.current?.cursor.idx ?? -1];
          if (row !== undefined) onOpen(row.hook);
        }}
      />
      <button
        type="button"
        class="button is-small"
        onClick={() => {
          const canvas = plot.current?.ctx.canvas;
          if (canvas !== undefined)
            void saveChart(model.value?.name ?? 'model', shown.against, canvas);
        }}
      >
        Save PNG
      </button>
    </div>
  );
}
