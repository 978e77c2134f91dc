/** One channel's map, or its one value, as a button that enlarges or selects it. */
import {useComputed} from '@preact/signals';
import {useLayoutEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import type {ChannelSummary, MapsPicture, Side} from '../protocol/feature-maps.js';
import {channelLabel, channelMark, flagsOf, sideName} from './channel-label.js';
import {drawPixels} from './picture/draw-pixels.js';
import {
  chosenChannels,
  enlargedChannel,
  hoveredChannel,
  isChoosing,
  toggleChosen,
} from './state/layer.js';
import {UnitBar} from './unit-bar.js';
import type {Unit} from './unit-bar.js';

interface MapTileProps {
  readonly side: Side;
  readonly summary: ChannelSummary;
  readonly picture: MapsPicture;
  /** Of the map in the picture. */
  readonly place: number;
  /** Of layers whose maps are one value each. */
  readonly unit: Unit | null;
}

export function MapTile({side, summary, picture, place, unit}: MapTileProps): JSX.Element {
  const {channel} = summary;
  const canvas = useRef<HTMLCanvasElement>(null);
  const isHovered = useComputed(() => hoveredChannel.value === channel);
  const isChosen = useComputed(() => chosenChannels.value.has(channel));
  useLayoutEffect(() => {
    if (canvas.current !== null) drawPixels(canvas.current, mapIn(picture, place));
  }, [picture, place]);
  const enter = () => (hoveredChannel.value = channel);
  const leave = () => (hoveredChannel.value = null);
  return (
    <button
      type="button"
      class={`${unit === null ? 'map' : 'unit'}${isHovered.value ? ' is-hovered' : ''}`}
      {...(unit === null ? {'aria-label': channelLabel(summary, side)} : {})}
      {...(isChoosing.value || isChosen.value ? {'aria-pressed': isChosen.value} : {})}
      onPointerEnter={enter}
      onPointerLeave={leave}
      onFocus={enter}
      onBlur={leave}
      onClick={() => {
        if (isChoosing.value) toggleChosen(channel);
        else enlargedChannel.value = channel;
      }}
    >
      <canvas
        ref={canvas}
        data-channel={channel}
        data-side={side}
        style={{aspectRatio: String(shownRatio(picture))}}
      />
      <span class="map-caption" aria-hidden={unit === null}>
        <span>
          <span class="visually-hidden">channel </span>
          {channel}
        </span>
        <span class="map-mark" aria-hidden="true">
          {channelMark(summary)}
        </span>
      </span>
      {unit !== null && (
        <>
          <UnitBar unit={unit} />
          <span class="visually-hidden">{[sideName(side), ...flagsOf(summary)].join(', ')}</span>
        </>
      )}
    </button>
  );
}

function mapIn({width, height, rgba}: MapsPicture, place: number) {
  const bytes = 4 * width * height;
  return {width, height, rgba: rgba.subarray(place * bytes, (place + 1) * bytes)};
}

/** Very long maps, as sequences have them, are drawn less so: their pixels are no squares then. */
function shownRatio({width, height}: MapsPicture): number {
  return Math.min(4, Math.max(0.25, width / height));
}
