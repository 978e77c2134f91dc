/** What the maps' colours mean. */
import {useLayoutEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import {colourBarTicks} from '../../src/image/colour-bar.js';
import {drawColourBarOn} from './picture/draw-colour-bar.js';

export function ColourBar({limit}: {readonly limit: number}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) drawColourBarOn(canvas.current, limit);
  }, [limit]);
  return (
    <div class="colour-bar">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Colours from −${limit} to ${limit}: 0 is black`}
      />
      <div class="colour-ticks" aria-hidden="true">
        {colourBarTicks(limit).map(({at, text}) => (
          <span key={at} style={{left: `${100 * at}%`}} data-at={at}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}
