/** Something that the demo verified, with the figures that it saw. */
export interface Check {
  readonly passed: boolean;
  readonly sentence: string;
}

export function checkLine({passed, sentence}: Check): string {
  return `${passed ? '✓' : '✗'} ${sentence}`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}
