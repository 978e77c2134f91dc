/** The page's edits as those of the hook layer. */
import {ablate, clampTo, scaleBy} from '@tfjs-capture/hooks';
import type {EditFunction, Edits} from '@tfjs-capture/hooks';
import type {LayerEdit, MapLayout} from '../protocol/run.js';
import {InspectorError} from './inspector-error.js';

/** What is known of layers from runs before: how their channels lie, by name. */
export type Layouts = ReadonlyMap<string, MapLayout>;

/**
 * What comes out of activations is changed, in the order of the edits. One of no channels changes nothing.
 *
 * @param layouts of all layers of which channels are edited
 * @throws InspectorError for a layer without an activation, a channel that it does not have, a factor or range that
 *     is none
 */
export function editsOf(
  edits: readonly LayerEdit[],
  layouts: Layouts,
): Extract<Edits, readonly unknown[]> {
  // A name is no glob here: it may have any characters.
  return edits.map((edit) => ({
    layers: ({name}) => name === edit.name,
    post: editOf(edit, layouts),
  }));
}

function editOf({name, channels, change}: LayerEdit, layouts: Layouts): EditFunction {
  const layout = layouts.get(name);
  if (!layout) {
    throw new InspectorError(
      `An edit is of ${name}, which has no activation in this model. Remove the edit, or choose another layer.`,
    );
  }
  const missing = channels?.find((channel) => !(channel >= 0 && channel < layout.channels));
  if (missing !== undefined) {
    throw new InspectorError(
      `${name} has channels 0 to ${layout.channels - 1}, got an edit of channel ${missing}. Remove that edit.`,
    );
  }
  const axis = layout.channelAxis;
  const ofUnits = channels ? {units: channels, axis} : {};
  switch (change.kind) {
    case 'ablate':
      return channels ? ablate(channels, {axis}) : ablate();
    case 'scale':
      if (!Number.isFinite(change.factor)) {
        throw new InspectorError(
          `${name} is to be scaled by ${change.factor}, which is no number to multiply by. Choose such as 2.`,
        );
      }
      return scaleBy(change.factor, ofUnits);
    case 'clamp':
      if (!(change.min <= change.max)) {
        throw new InspectorError(
          `${name} is to be clamped from ${change.min} to ${change.max}. Choose a least value that is not above the largest.`,
        );
      }
      return clampTo(change.min, change.max, ofUnits);
  }
}
