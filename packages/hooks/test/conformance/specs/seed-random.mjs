// Some tests draw numbers without a seed, and their failures quote them.
const SEED = 20;

/** Makes Math.random begin the same sequence again (mulberry32), so that every test draws the same numbers in every run. */
export function seedRandom() {
  let state = SEED;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
