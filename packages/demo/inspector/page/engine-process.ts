/** The worker in which an engine runs: started, asked, and ended from the page. */
import {proxy, wrap} from 'comlink';
import type {Remote} from 'comlink';
import {BACKENDS} from '../protocol/engine.js';
import type {BackendName, Engine, OnProgress} from '../protocol/engine.js';

/** What a call is rejected with whose engine was ended on purpose. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** One engine in a worker of its own, from `startEngine`. */
export interface EngineProcess {
  readonly backend: BackendName;
  /**
   * Asks the engine.
   *
   * @throws Cancelled once the process is ended; Error with the engine's sentence
   */
  ask<T>(task: (engine: Remote<Engine>) => Promise<T>): Promise<T>;
  /** Ends the worker, whatever it is doing. Its runs are gone. */
  end(): void;
}

/** Starts TensorFlow.js in a new worker. `begun` gets the process before that, so that it can be ended. */
export async function startEngine(
  backend: BackendName,
  begun: (process: EngineProcess) => void,
): Promise<EngineProcess> {
  const worker = new Worker(new URL('../engine/worker.ts', import.meta.url), {type: 'module'});
  const engine = wrap<Engine>(worker);
  let giveUp: (reason: Error) => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    giveUp = reject;
    worker.addEventListener('error', ({message}) => {
      reject(new Error(brokenDown(message)));
    });
  });
  // Nobody may be waiting when it ends.
  over.catch(() => undefined);
  const process: EngineProcess = {
    backend,
    ask: (task) => Promise.race([task(engine), over]),
    end: () => {
      worker.terminate();
      giveUp(new Cancelled('The engine was ended.'));
    },
  };
  begun(process);
  const wasmFolder = new URL('wasm/', document.baseURI).href;
  await process.ask((started) => started.start(backend, wasmFolder));
  return process;
}

/** A function that the worker can call. */
export const acrossWorkers = (onProgress: OnProgress): ReturnType<typeof proxy<OnProgress>> =>
  proxy(onProgress);

/** What an address asks for, if that is a backend. */
export const backendNamed = (name: string | null): BackendName | null =>
  BACKENDS.find((backend) => backend === name) ?? null;

function brokenDown(reason: string | undefined): string {
  return `The engine broke down (${reason ?? 'no reason given'}). Load the model again, or a smaller image.`;
}
