// What runs in a child process: tfjs-core's tests on one backend, each test's body in one kind of scope.
//   node <bundle> <request as JSON>
// Every import below happens at run time, in this order: the tests register themselves as they load.
import {installJasmine} from './install-jasmine.mjs';

async function main({backend, wasmDirectory, scope, only, resultFile}) {
  installJasmine();
  const {chooseBackend} = await import('./choose-backend.mjs');
  await chooseBackend(backend, wasmDirectory);
  const {SCOPES} = await import('./scopes.mjs');
  const {watchBodies} = await import('./watch-bodies.mjs');
  const watch = watchBodies(SCOPES[scope]);
  await import('@tensorflow/tfjs-core/dist/tests.js');
  const {runSpecs} = await import('./run-specs.mjs');
  await runSpecs(watch, {only, resultFile});
}

main(JSON.parse(process.argv[2])).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
