const threeDigits = new Intl.NumberFormat('en', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});

/** Three significant digits, without an exponent. */
export function significant(value: number): string {
  return threeDigits.format(value);
}

export function whole(value: number): string {
  return value.toLocaleString('en');
}
