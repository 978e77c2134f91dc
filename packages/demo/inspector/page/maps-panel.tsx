/** A page of a layer's maps on one side of its activation. */
import type {JSX} from 'preact';
import type {Side} from '../protocol/feature-maps.js';
import {MapTile} from './map-tile.js';
import type {ShownMaps} from './state/layer.js';

interface MapsPanelProps {
  readonly side: Side;
  readonly shown: ShownMaps;
}

export function MapsPanel({side, shown}: MapsPanelProps): JSX.Element {
  const {hook, channels, pictures, values} = shown;
  const picture = pictures[side];
  const title = side === 'pre' ? `Before ${hook.activation}` : `After ${hook.activation}`;
  const largest = values === null ? 1 : largestOf(values.pre, values.post);
  return (
    <section class="side" aria-label={title}>
      <h3>{title}</h3>
      <div
        class={values === null ? 'maps' : 'units'}
        style={{'--map-size': `${mapSize(channels.length)}px`}}
      >
        {channels.map((summary, place) => (
          <MapTile
            key={summary.channel}
            side={side}
            summary={summary}
            picture={picture}
            place={place}
            unit={values === null ? null : {value: values[side][place] ?? NaN, largest}}
          />
        ))}
      </div>
    </section>
  );
}

/** The narrowest that a map gets: few maps may take more room, in fewer columns. */
function mapSize(count: number): number {
  if (count <= 4) return 140;
  if (count <= 9) return 96;
  return count <= 16 ? 72 : 54;
}

function largestOf(...all: readonly (readonly number[])[]): number {
  return all
    .flat()
    .filter(Number.isFinite)
    .reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
}
