/** A graph with a fused node, and the same with that node split by hand. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {Route} from '../fidelity/routes.js';
import type {GraphArtifacts} from './graph-artifacts.js';
import {modelOf} from './load-graph-models.js';
import {splitFusedNodes} from './rewrite-fused-node.js';

export interface SplitModels {
  fused: GraphModel;
  /** With a tape on tfjs adds the bias by a kernel of its own. */
  split: Record<Route, GraphModel>;
}

/** Loads them before the tests around the call, and disposes of them afterwards: read the fields in tests alone. */
export function useSplitModels(artifacts: GraphArtifacts, name: string): SplitModels {
  const models = {} as SplitModels;
  beforeAll(async () => {
    models.fused = await modelOf(artifacts);
    models.split = {
      fused: await modelOf(splitFusedNodes(artifacts, [name])),
      taped: await modelOf(splitFusedNodes(artifacts, [name], 'apart')),
    };
  });
  afterAll(() => {
    models.fused.dispose();
    for (const one of Object.values(models.split)) one.dispose();
  });
  return models;
}
