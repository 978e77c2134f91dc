// Registers the one backend under test, and no other: some tests ask tfjs for the best one there is.
import {findBackend, setBackend} from '@tensorflow/tfjs-core';
import {setTestEnvs} from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

const REGISTER = {
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu');
  },
  async wasm(wasmDirectory) {
    const {setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(wasmDirectory);
  },
};

export async function chooseBackend(name, wasmDirectory) {
  await REGISTER[name](wasmDirectory);
  if (!(await setBackend(name))) throw new Error(`chooseBackend: ${name} did not start.`);
  // The CPU backend greets its first user with an advertisement.
  if (name === 'cpu') findBackend(name).firstUse = false;
  setTestEnvs([{name, backendName: name, isDataSync: true}]);
}
