/** One choice out of a few, all in sight. */
import {useId} from 'preact/hooks';
import type {JSX} from 'preact';

interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [value: Value, title: string])[];
  readonly onChoose: (value: Value) => void;
  readonly isLabelShown?: boolean;
}

export function Segmented<Value extends string>(props: SegmentedProps<Value>): JSX.Element {
  const {label, value, choices, onChoose, isLabelShown = true} = props;
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class={isLabelShown ? '' : 'visually-hidden'}>{label}</legend>
      <span class="segments">
        {choices.map(([choice, title]) => (
          <label key={choice} class="segment">
            <input
              type="radio"
              name={name}
              checked={choice === value}
              onChange={() => {
                onChoose(choice);
              }}
            />
            <span>{title}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}
