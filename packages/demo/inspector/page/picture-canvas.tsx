/** A picture as it is, one canvas pixel for each of its own. */
import {useLayoutEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import type {Picture} from '../protocol/run.js';
import {drawPixels} from './picture/draw-pixels.js';

interface PictureCanvasProps {
  readonly picture: Picture;
  readonly label: string;
}

export function PictureCanvas({picture, label}: PictureCanvasProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) drawPixels(canvas.current, picture);
  }, [picture]);
  return <canvas ref={canvas} class="picture" role="img" aria-label={label} />;
}
