/** One unit's value as a bar to the left or right of 0. */
import type {JSX} from 'preact';
import {formatNumber} from './format-number.js';

export interface Unit {
  readonly value: number;
  /** The magnitude at which the bar is full. */
  readonly largest: number;
}

export function UnitBar({unit}: {readonly unit: Unit}): JSX.Element {
  const {value, largest} = unit;
  const length = Number.isFinite(value) ? (50 * Math.abs(value)) / largest : 0;
  return (
    <>
      <span class="unit-bar" aria-hidden="true">
        <span
          class={value < 0 ? 'is-negative' : 'is-positive'}
          style={{width: `${length}%`, left: `${value < 0 ? 50 - length : 50}%`}}
        />
      </span>
      <span class="unit-value">{formatNumber(value)}</span>
    </>
  );
}
