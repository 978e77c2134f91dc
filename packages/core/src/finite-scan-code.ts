/** What finite-scan.wat assembles to, as base64: `npm run assemble` writes this file. */
export function finiteScanCode(isShared: boolean): string {
  const memory = isShared ? 'CQEAAAIDAICAB' : 'BgEAAAIAA';
  return (
    'AGFzbQEAAAABCgFgAn9/BH19fX0C' +
    memory +
    'AMCAQAHBAEAAAAKRAFCAQF7A0AgAiAA/QAEAEEB/asB/bkBIQIgAEEQaiIAIAFJDQALIAJBAf2tASECIAL9HwAgA' +
    'v0fASAC/R8CIAL9HwML'
  );
}
