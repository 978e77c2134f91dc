/** What TensorFlow.js brings: both give times and shapes per kernel, and no tensor. */
import {env, profile} from '@tensorflow/tfjs-core';
import {disposeOutput, predict, tensorsOf} from './variant.js';
import type {Output, Subject, Variant, Yielded} from './variant.js';

export function debugVariants(subject: Subject): Variant[] {
  return [profileVariant(subject), debugModeVariant(subject)];
}

function profileVariant(subject: Subject): Variant {
  const profiled = async () => (await profile(() => predict(subject))).result as Output;
  return variantOf('tf.profile (no tensors)', profiled);
}

/** It prints every kernel: the printing is left out here, and would cost more than all the rest. */
function debugModeVariant(subject: Subject): Variant {
  const debugged = async () => {
    const stop = startDebugMode();
    try {
      const result = predict(subject);
      // It reads each kernel's output, and looks for NaN in it, in promises that nobody awaits.
      await new Promise(setImmediate);
      return result;
    } finally {
      stop();
    }
  };
  return variantOf('tf.enableDebugMode, silenced (no tensors)', debugged);
}

/** @returns the undo, which `tf.enableDebugMode` lacks */
function startDebugMode(): () => void {
  const {log, warn} = console;
  const flags = ['DEBUG', 'CHECK_COMPUTATION_FOR_ERRORS'];
  const before = flags.map((flag) => env().getBool(flag));
  const silence = () => undefined;
  console.log = silence;
  console.warn = silence;
  for (const flag of flags) env().set(flag, true);
  return () => {
    for (const [index, flag] of flags.entries()) env().set(flag, before[index] ?? false);
    console.log = log;
    console.warn = warn;
  };
}

function variantOf(name: string, run: () => Promise<Output>): Variant {
  return {
    name,
    isBudgeted: false,
    async run() {
      disposeOutput(await run());
    },
    async yield(): Promise<Yielded> {
      const output = await run();
      return {
        results: tensorsOf(output),
        dispose() {
          disposeOutput(output);
        },
      };
    },
  };
}
