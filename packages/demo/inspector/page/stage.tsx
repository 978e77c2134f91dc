/** A map over the input image; pointer and arrow keys choose the value that is read. */
import {useLayoutEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import type {ChannelValues, Side} from '../protocol/feature-maps.js';
import {InputCanvas} from './input-canvas.js';
import {colouredMap} from './picture/coloured-map.js';
import {drawPixels} from './picture/draw-pixels.js';
import {cell, enlargedLimit, opacity, pointAt} from './state/enlarged.js';
import {inputRegion} from './state/input-region.js';
import {enlargedChannel} from './state/layer.js';

interface StageProps {
  readonly side: Side;
  readonly title: string;
  readonly values: ChannelValues;
}

export function Stage({side, title, values}: StageProps): JSX.Element {
  const {width, height} = values;
  const canvas = useRef<HTMLCanvasElement>(null);
  const limit = enlargedLimit.value;
  useLayoutEffect(() => {
    if (canvas.current !== null) {
      drawPixels(canvas.current, colouredMap(values[side], width, height, limit));
    }
  }, [values, side, limit]);
  const {row, column} = cell.value;
  return (
    <figure class="stage-figure">
      <figcaption>{title}</figcaption>
      <div
        class="stage"
        role="application"
        tabIndex={0}
        aria-label={`${title}: arrow keys choose the value that is read`}
        style={{'--ratio': String(Math.min(4, Math.max(0.25, width / height)))}}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          pointAt(
            ((event.clientY - box.top) / box.height) * height,
            ((event.clientX - box.left) / box.width) * width,
          );
        }}
        onKeyDown={moveCell}
      >
        {inputRegion.value !== null && <InputCanvas region={inputRegion.value} />}
        <canvas
          ref={canvas}
          class="stage-map"
          data-channel={enlargedChannel.value}
          data-enlarged={side}
          style={{opacity: inputRegion.value === null ? 1 : opacity.value}}
        />
        <span
          class="stage-cell"
          aria-hidden="true"
          style={{
            left: `${(100 * column) / width}%`,
            top: `${(100 * row) / height}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
          }}
        />
      </div>
    </figure>
  );
}

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function moveCell(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  // With one of these, arrow keys are the browser's: back, forward.
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  pointAt(cell.value.row + step[0], cell.value.column + step[1]);
}
