/** What clamp-values.wat assembles to, as base64: `npm run assemble` writes this file. */
export function clampValuesCode(isShared: boolean): string {
  const memory = isShared ? 'CQEAAAIDAICAB' : 'BgEAAAIAA';
  return (
    'AGFzbQEAAAABBwFgA39/fQAC' +
    memory +
    'AMCAQAHBAEAAAAKQQE/AQF7IAL9EyEDA0AgAP0MAAAAAAAAAAAAAAAAAAAAACAA/QAEAP24ASAD/bYB/QsEACAAQ' +
    'RBqIgAgAUcNAAsL'
  );
}
