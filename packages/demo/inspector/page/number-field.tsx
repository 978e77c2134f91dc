/** A labelled number; what is no number changes nothing. */
import type {JSX} from 'preact';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly onChange: (value: number) => void;
}

export function NumberField({label, value, min, onChange}: NumberFieldProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        step="any"
        value={value}
        {...(min === undefined ? {} : {min})}
        onChange={(event) => {
          const entered = event.currentTarget.valueAsNumber;
          if (Number.isFinite(entered) && entered >= (min ?? -Infinity)) onChange(entered);
          else event.currentTarget.value = String(value);
        }}
      />
    </label>
  );
}
