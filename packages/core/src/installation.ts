/** Installs everything when the first scope opens, and takes it out when the last one closes. */
import {watchBackends} from './backend-watch.js';
import {INTERCEPTED_KERNELS} from './activation-kernels.js';
import {KernelInterception} from './kernel-registry.js';
import {recordKernel} from './record-kernel.js';
import {coverReadyBackends, installRetention} from './retained-data.js';
import {runtime} from './runtime.js';

let prepared: KernelInterception | undefined;

/** Call once per scope that opens. */
export function install(): void {
  const shared = runtime();
  if (shared.open++ > 0) {
    shared.installed?.refresh();
    return;
  }
  const interception = (prepared ??= new KernelInterception(INTERCEPTED_KERNELS, recordKernel));
  const refresh = (): void => {
    interception.install();
    coverReadyBackends();
    for (const companion of shared.companions.values()) companion.refresh();
  };
  const stopWatching = watchBackends(refresh);
  interception.install();
  const stopRetaining = installRetention();
  for (const companion of shared.companions.values()) companion.install();
  shared.installed = {
    refresh,
    uninstall() {
      for (const companion of shared.companions.values()) companion.uninstall();
      stopRetaining();
      interception.uninstall();
      stopWatching();
    },
  };
}

/** Call once per scope that has closed. */
export function uninstall(): void {
  const shared = runtime();
  if (--shared.open > 0) return;
  const {installed} = shared;
  shared.installed = null;
  installed?.uninstall();
}
