/**
 * Plans of models: a plan is built into a LayersModel, and also run layer by layer without it, which
 * tells what a capture of the model must hold. All parts of a plan keep the shape of what they are given,
 * so that they can be put together in any way.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

import {named} from './activation-functions.js';
import {activateAs, buildLayer, referencePre} from './layer-kinds.js';
import type {LayerKind} from './layer-kinds.js';
import type {Route} from './routes.js';

type Layer = layers.Layer;

export type Plan =
  /** A layer of its own. */
  | {readonly part: 'layer'; readonly kind: string; readonly activation: string}
  | {readonly part: 'chain'; readonly parts: readonly Plan[]}
  /** Branches whose outputs are added. */
  | {readonly part: 'branches'; readonly arms: readonly Plan[]}
  /** A model of its own, as one layer. */
  | {readonly part: 'nested'; readonly as: 'functional' | 'sequential'; readonly body: Plan}
  /** The same layer or model, twice in a row. */
  | {readonly part: 'twice'; readonly body: Plan}
  /** The same layer or model in two branches, behind something else in the second one. */
  | {readonly part: 'shared'; readonly body: Plan; readonly other: Plan};

/** What one activation of one pass must have been. */
export interface Expected {
  readonly name: string;
  readonly activation: string;
  readonly pre: Tensor;
  readonly post: Tensor;
  /** The activation of `pre`, computed by other means. */
  readonly activated: Tensor;
}

/** Changes a value at a place: what goes into an activation, what comes out, what a layer returns. */
export type PlaceEdit = (name: string, kind: 'pre' | 'post' | 'output', value: Tensor) => Tensor;

/** A plan that was built. */
interface Part {
  apply(x: SymbolicTensor): SymbolicTensor;
  /** Runs without the model. `path` is that of the models around it. */
  run(
    x: Tensor,
    path: readonly string[],
    expected: Expected[],
    route: Route,
    edit?: PlaceEdit,
  ): Tensor;
}

interface Built {
  readonly model: LayersModel;
  /** Runs one pass, layer by layer. */
  run(x: Tensor, expected: Expected[], route: Route, edit?: PlaceEdit): Tensor;
  /** Disposes of the weights. */
  dispose(): void;
}

/** @param kinds what a plan's layers may be, by name; all take and give the same shape */
export function buildPlan(plan: Plan, kinds: readonly LayerKind[]): Built {
  const builder = new Builder(kinds);
  const root = builder.build(plan);
  return {
    model: builder.functional(root, 'root'),
    run: (x, expected, route, edit) => root.run(x, [], expected, route, edit),
    dispose() {
      for (const layer of builder.made) for (const weight of layer.weights) weight.dispose();
    },
  };
}

class Builder {
  readonly made: Layer[] = [];
  private names = 0;

  private readonly inputShape: number[];

  constructor(private readonly kinds: readonly LayerKind[]) {
    this.inputShape = kinds[0]!.inputShape;
  }

  build(plan: Plan): Part {
    switch (plan.part) {
      case 'layer':
        return this.layer(plan.kind, plan.activation);
      case 'chain':
        return chainOf(plan.parts.map((part) => this.build(part)));
      case 'branches':
        return this.branches(plan.arms.map((arm) => this.build(arm)));
      case 'nested':
        return this.nested(plan.as, plan.body);
      case 'twice': {
        const body = this.build(plan.body);
        return chainOf([body, body]);
      }
      case 'shared': {
        const body = this.build(plan.body);
        return this.branches([body, chainOf([this.build(plan.other), body])]);
      }
    }
  }

  functional(body: Part, name: string): LayersModel {
    const inputs = input({shape: this.inputShape});
    // A model must have a layer.
    const first = layers.activation({activation: 'linear'}).apply(inputs) as SymbolicTensor;
    return model({inputs, outputs: body.apply(first), name});
  }

  private layer(kindName: string, activation: string): Part {
    const kind = this.kinds.find(({name}) => name === kindName)!;
    const layer = buildLayer(kind, this.nameOf(kind.name), named(activation));
    this.made.push(layer);
    return {
      apply: (x) => layer.apply(x) as SymbolicTensor,
      run(x, path, expected, route, edit) {
        const name = [...path, layer.name].join('/');
        if (edit) return runEdited(kind, activation, layer, x, route, name, edit);
        const post = layer.apply(x) as Tensor;
        if (activation !== 'linear') {
          const pre = referencePre(kind, activation, layer, x, route);
          const activated = activateAs(kind, activation, pre);
          expected.push({name, activation, pre, post, activated});
        }
        return post;
      },
    };
  }

  private branches(arms: readonly Part[]): Part {
    if (arms.length === 1) return arms[0]!;
    const add = layers.add({name: this.nameOf('add')});
    return {
      apply: (x) => add.apply(arms.map((arm) => arm.apply(x))) as SymbolicTensor,
      run: (x, ...rest) => add.apply(arms.map((arm) => arm.run(x, ...rest))) as Tensor,
    };
  }

  private nested(as: 'functional' | 'sequential', plan: Plan): Part {
    const body = this.build(plan);
    const name = this.nameOf('model');
    const functional = this.functional(body, as === 'functional' ? name : this.nameOf('inner'));
    const inner =
      as === 'functional'
        ? functional
        : sequential({
            name,
            layers: [layers.inputLayer({inputShape: this.inputShape}), functional],
          });
    const names = as === 'functional' ? [name] : [name, functional.name];
    return {
      apply: (x) => inner.apply(x) as SymbolicTensor,
      run: (x, path, ...rest) => body.run(x, [...path, ...names], ...rest),
    };
  }

  private nameOf(kind: string): string {
    return `${kind.replace(/\W/g, '_')}_${this.names++}`;
  }
}

function runEdited(
  kind: LayerKind,
  activation: string,
  layer: Layer,
  x: Tensor,
  route: Route,
  name: string,
  edit: PlaceEdit,
): Tensor {
  if (activation === 'linear') return edit(name, 'output', layer.apply(x) as Tensor);
  const pre = referencePre(kind, activation, layer, x, route);
  const post = activateAs(kind, activation, edit(name, 'pre', pre));
  return edit(name, 'output', edit(name, 'post', post));
}

const chainOf = (parts: readonly Part[]): Part => ({
  apply: (x) => parts.reduce((y, part) => part.apply(y), x),
  run: (x, ...rest) => parts.reduce((y, part) => part.run(y, ...rest), x),
});

/** Whether layers are shared between branches, whose order of execution is tfjs's own affair. */
export function sharesBetweenBranches(plan: Plan): boolean {
  switch (plan.part) {
    case 'layer':
      return false;
    case 'chain':
      return plan.parts.some(sharesBetweenBranches);
    case 'branches':
      return plan.arms.some(sharesBetweenBranches);
    case 'nested':
    case 'twice':
      return sharesBetweenBranches(plan.body);
    case 'shared':
      return true;
  }
}
