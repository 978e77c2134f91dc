// Makes the globals that tfjs-core's tests expect, set so that two runs can be compared.
import jasmineCore from 'jasmine-core';

export function installJasmine() {
  jasmineCore.installGlobals();
  globalThis.jasmine.getEnv().configure({
    random: false,
    // Some of tfjs-core's tests share a name; they are told apart by the order in which they run.
    forbidDuplicateNames: false,
  });
}
