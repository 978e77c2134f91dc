/** The part of the input image that the model gets: all of it, or the middle that fits its shape. */
import {computed} from '@preact/signals';
import type {Picture} from '../../protocol/run.js';
import {model, picture} from './session.js';

export interface InputRegion {
  readonly picture: Picture;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Null where noise goes in. */
export const inputRegion = computed((): InputRegion | null => {
  const target = model.value?.imageInput ?? null;
  const taken = picture.value;
  return target === null || taken === null ? null : regionOf(taken, target);
});

/** What is left when `picture` covers a target of this size and is cut in the middle. */
export function regionOf(
  picture: Picture,
  target: {readonly width: number | null; readonly height: number | null},
): InputRegion {
  const whole = {picture, left: 0, top: 0, width: picture.width, height: picture.height};
  if (target.width === null || target.height === null) return whole;
  const ratio = target.width / target.height;
  const width = Math.min(picture.width, Math.round(picture.height * ratio));
  const height = Math.min(picture.height, Math.round(picture.width / ratio));
  const left = Math.floor((picture.width - width) / 2);
  const top = Math.floor((picture.height - height) / 2);
  return {picture, left, top, width, height};
}
