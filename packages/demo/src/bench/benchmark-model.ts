import type {ModelResult, VariantResult} from './benchmark-result.js';
import type {BenchmarkedModel} from './benchmarked-models.js';
import {captureAll} from './capture-variants.js';
import {compareValues} from './compare-values.js';
import {heldBy} from './held-memory.js';
import {measureInterleaved} from './measure-interleaved.js';
import type {MeasureOptions} from './measure-interleaved.js';
import type {Subject, Variant} from './variant.js';
import {variantsOf} from './variants-of.js';

/**
 * Checks that all variants get at the same values, counts what they hold, and times them in turn.
 *
 * @param options how thoroughly; loading, checking and warming up come on top of its seconds
 */
export async function benchmarkModel(
  {key, title, load, input}: BenchmarkedModel,
  options: MeasureOptions,
): Promise<ModelResult> {
  const {onProgress} = options;
  onProgress('loading');
  const subject: Subject = {model: await load(), input: input()};
  const reference = captureAll(subject);
  const {variants, missing} = variantsOf(subject, reference.names);

  onProgress('checking that all variants get at the same values');
  const checked: Pick<VariantResult, 'name' | 'comparison' | 'held'>[] = [];
  for (const variant of variants) {
    const [comparison, held] = await heldBy(variant, (got) => compareValues(got, reference));
    checked.push({name: variant.name, comparison, held});
  }
  reference.dispose();

  const timings = await measureInterleaved(variants, options);
  return {
    key,
    title,
    hookPoints: reference.pre.size,
    variants: checked.map((known, index) => {
      const timing = timings.get(variants[index] as Variant);
      if (!timing) throw new Error(`benchmarkModel: ${known.name} was not measured.`);
      return {...known, ...timing};
    }),
    missing,
  };
}
