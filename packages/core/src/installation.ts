/** Installs everything when the first scope opens, and takes it out when the last one closes. */
import {watchBackends} from './backend-watch.js';
import {INTERCEPTED_KERNELS} from './activation-kernels.js';
import {addCompanion} from './companions.js';
import type {Companion} from './companions.js';
import {prepareInterception} from './kernel-registry.js';
import {forgetShapes} from './raw-shapes.js';
import {recordKernel} from './record-kernel.js';
import {uncoverBackends} from './retained-data.js';
import {runtime} from './runtime.js';
import type {CaptureScope} from './scope.js';

/** Call once per scope that opens. */
export function installForScope(scope: CaptureScope): void {
  const shared = runtime();
  shared.open++;
  if (scope.isIdle) return;
  shared.installedFor++;
  addCompanion('kernels', createInstallation);
  scope.editing?.install();
  for (const companion of shared.companions) companion.install();
}

/** Call once per scope that has closed. */
export function uninstallForScope(scope: CaptureScope): void {
  const shared = runtime();
  shared.open--;
  if (scope.isIdle || --shared.installedFor > 0) return;
  for (const companion of shared.companions) companion.uninstall();
}

/** What all scopes need in place. */
function createInstallation(): Companion {
  const interception = prepareInterception(INTERCEPTED_KERNELS, recordKernel);
  const watch = watchBackends(interception.install);
  return {
    name: 'kernels',
    install() {
      watch.install();
      interception.install();
    },
    uninstall() {
      forgetShapes();
      uncoverBackends();
      interception.uninstall();
      watch.uninstall();
    },
  };
}
