/** A labelled number; what is no number changes nothing. */
import {useSignal} from '@preact/signals';
import type {JSX} from 'preact';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  /** What takes long waits until the field is left, or Enter is pressed; all else counts as it is typed. */
  readonly waitsUntilLeft?: boolean;
  readonly onChange: (value: number) => void;
}

export function NumberField(props: NumberFieldProps): JSX.Element {
  const {label, value, min, waitsUntilLeft = false, onChange} = props;
  // As it is typed: '1e-3' must not become 0.001 before it is '1e-30'.
  const typed = useSignal<string | null>(null);
  const take = (entered: number) => {
    if (Number.isFinite(entered) && entered >= (min ?? -Infinity)) onChange(entered);
  };
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        step="any"
        value={typed.value ?? value}
        {...(min === undefined ? {} : {min})}
        onInput={({currentTarget: field}) => {
          typed.value = field.value;
          if (!waitsUntilLeft) take(field.valueAsNumber);
        }}
        onChange={({currentTarget: field}) => {
          take(field.valueAsNumber);
        }}
        onBlur={() => (typed.value = null)}
      />
    </label>
  );
}
