/** How much of a map covers the image below it. */
import type {Signal} from '@preact/signals';
import type {JSX} from 'preact';

interface OpacitySliderProps {
  readonly label: string;
  /** From 0, the image alone, to 1. */
  readonly opacity: Signal<number>;
}

export function OpacitySlider({label, opacity}: OpacitySliderProps): JSX.Element {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={opacity.value}
        onInput={(event) => (opacity.value = event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}
