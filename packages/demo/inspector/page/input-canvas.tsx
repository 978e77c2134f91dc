/** The part of the input image that the model gets. */
import {useLayoutEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import type {InputRegion} from './state/input-region.js';

export function InputCanvas({region}: {readonly region: InputRegion}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) drawRegion(canvas.current, region);
  }, [region]);
  return <canvas ref={canvas} class="stage-input" role="img" aria-label="Input image" />;
}

export function drawRegion(canvas: HTMLCanvasElement, region: InputRegion): void {
  const {picture, left, top, width, height} = region;
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(new Uint8ClampedArray(picture.rgba), picture.width, picture.height);
  canvas.getContext('2d')?.putImageData(image, -left, -top);
}
