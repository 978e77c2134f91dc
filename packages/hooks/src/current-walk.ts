/** Which walk through a graph goes on right now. */
import {beginWalk, endWalk, outsideScopes} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {ComposedActivation} from './graph-patterns.js';
import type {GraphWalk} from './graph-walk.js';

export class CurrentWalk {
  /** Null while none does. */
  walk: GraphWalk | null = null;

  /** Runs what is part of a walk. */
  on<T>(inner: GraphWalk, run: () => T): T {
    const outer = this.walk;
    this.walk = inner;
    beginWalk(inner.scope, inner);
    try {
      return run();
    } finally {
      endWalk(inner.scope, inner);
      this.walk = outer;
    }
  }

  /** Runs what is no part of the walk, as the graphs are that an edit runs. */
  apart<T>(run: () => T): T {
    const outer = this.walk;
    this.walk = null;
    try {
      return run();
    } finally {
      this.walk = outer;
    }
  }

  /**
   * Runs the nodes of a composed activation once more, on another value: the executor itself does, if it
   * is fed what goes into them.
   */
  readonly runAgain = (
    {executor}: GraphWalk,
    {input: {node, index}, end}: ComposedActivation,
    pre: Tensor,
  ): Tensor => {
    const fed = {[`${node.name}:${index}`]: pre};
    const [post] = this.apart(() => outsideScopes(() => executor.execute(fed, [end.name])));
    return post as Tensor;
  };
}
