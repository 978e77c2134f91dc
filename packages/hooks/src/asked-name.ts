/** The name of a layer as it was asked for; in a file of its own, which `withCapture` alone does without. */
import type {Layer} from './layer-classes.js';

export const nameOf = (layer: string | Layer): string =>
  typeof layer === 'string' ? layer : layer.name;
