/** What lane-maxima.wat assembles to, as base64: `npm run assemble` writes this file. */
export function laneMaximaCode(isShared: boolean): string {
  const memory = isShared ? 'JAQAAAgMAgIAE' : 'GAQAAAgAA';
  return (
    'AGFzbQEAAAABCQFgBX9/f39/AAI' +
    memory +
    'AwIBAAcEAQAAAAqkAQGhAQIHfwF7A0AgAyABIAMgAUkbIQYgACEJIAAgAmohCiAEIQsDQCAFBHsgC/0ABAAF/QwA' +
    'AID/AACA/wAAgP8AAID/CyEMIAYhByAJIQgDQCAMIAj9AAQA/esBIQwgCCACaiEIIAdBAWsiBw0ACyALIAz9CwQA' +
    'IAtBEGohCyAJQRBqIgkgCkcNAAsgACAGIAJsaiEAQQEhBSABIAZrIgENAAsL'
  );
}
