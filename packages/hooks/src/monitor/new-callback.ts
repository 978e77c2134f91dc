/** A callback for `fit`, of the class that this package imports. */
import {Callback} from '@tensorflow/tfjs-layers';

/** One that does nothing: `fit` tells its model to instances of its own copy's class alone. */
export const newCallback = (): Callback => new (class extends Callback {})();
