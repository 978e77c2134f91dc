/** What value-range.wat assembles to, as base64: `npm run assemble` writes this file. */
export function valueRangeCode(isShared: boolean): string {
  const memory = isShared ? 'kBAAACAwCAgAQ' : 'YBAAACAAA';
  return (
    'AGFzbQEAAAABCAFgAn9/An19Ag' +
    memory +
    'DAgEABwQBAAAACroBAbcBAQV7/QwAAIB/AACAfwAAgH8AAIB/IQP9DAAAgP8AAID/AACA/wAAgP8hBCADIQUgBCE' +
    'GA0AgAP0ABAAhAiADIAL96gEhAyAEIAL96wEhBCAA/QAEECECIAUgAv3qASEFIAYgAv3rASEGIABBIGoiACABRw0' +
    'ACyADIAX96gEhAyAEIAb96wEhBCAD/R8AIAP9HwGWIAP9HwIgA/0fA5aWIAT9HwAgBP0fAZcgBP0fAiAE/R8Dl5c' +
    'L'
  );
}
