import {activationColour} from './activation-colours.js';
import {createRaster, fillRectangle} from './raster.js';
import type {Raster} from './raster.js';

/** The colours from −limit to +limit, left to right, with a wider black stripe where 0 is. */
export function drawColourBar(limit: number, width: number, height: number): Raster {
  const bar = createRaster(width, height, [0, 0, 0]);
  const middle = Math.floor(width / 2);
  for (let left = 0; left < width; left++) {
    if (Math.abs(left - middle) <= 2) continue;
    const value = ((left - middle) / middle) * limit;
    fillRectangle(bar, {left, top: 0, width: 1, height}, activationColour(value, limit));
  }
  return bar;
}

/** What to write under the bar, and where: positions are shares of its width. */
export function colourBarTicks(limit: number): {at: number; text: string}[] {
  const number = (value: number) =>
    Number(value.toPrecision(3)).toLocaleString('en', {maximumSignificantDigits: 3});
  return [
    {at: 0, text: `≤ −${number(limit)}`},
    {at: 0.25, text: `−${number(limit / 2)}`},
    {at: 0.5, text: '0 = dead'},
    {at: 0.75, text: number(limit / 2)},
    {at: 1, text: `≥ ${number(limit)}`},
  ];
}
