/** Grad-CAM: the heat map of a class over the input image. */
import {useEffect, useLayoutEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import type {HeatMap} from '../protocol/run.js';
import {InputCanvas} from './input-canvas.js';
import {NoRun} from './no-run.js';
import {OpacitySlider} from './opacity-slider.js';
import {colouredMap} from './picture/coloured-map.js';
import {drawPixels} from './picture/draw-pixels.js';
import {saveHeatMap} from './picture/heat-map-picture.js';
import {
  chosenClass,
  chosenLayer,
  classChoices,
  followHeatMap,
  heatClass,
  heatLayer,
  heatLayers,
  heatMap,
  heatOpacity,
} from './state/grad-cam.js';
import {inputRegion} from './state/input-region.js';
import {mainRun} from './state/session.js';

export function GradCamView(): JSX.Element {
  useEffect(followHeatMap, []);
  if (mainRun.value === null) return <NoRun />;
  const shown = heatMap.value;
  return (
    <div class="grad-cam">
      <div class="toolbar">
        <label class="field">
          <span>Class</span>
          <select
            value={heatClass.value?.index ?? 0}
            onChange={(event) => (chosenClass.value = Number(event.currentTarget.value))}
          >
            {classChoices.value.map(({index, label}) => (
              <option key={index} value={index}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label class="field is-wide">
          <span>Layer</span>
          <select
            value={heatLayer.value ?? ''}
            onChange={(event) => (chosenLayer.value = event.currentTarget.value)}
          >
            {heatLayers.value.map(({index, name}) => (
              <option key={index} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <OpacitySlider label="Heat over image" opacity={heatOpacity} />
        <button
          type="button"
          class="button"
          disabled={shown === null}
          onClick={() => {
            if (shown !== null) void saveHeatMap(shown);
          }}
        >
          Save PNG
        </button>
      </div>
      {shown !== null && <HeatStage shown={shown} />}
    </div>
  );
}

function HeatStage({shown}: {readonly shown: HeatMap}): JSX.Element {
  const {width, height, values, max} = shown;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) {
      drawPixels(canvas.current, colouredMap(values, width, height, max || 1));
    }
  }, [shown]);
  const region = inputRegion.value;
  return (
    <figure class="stage-figure">
      <div class="stage" style={{'--ratio': String(width / height)}}>
        {region !== null && <InputCanvas region={region} />}
        <canvas
          ref={canvas}
          class="stage-map is-heat"
          data-heat-map={heatLayer.value}
          role="img"
          aria-label={`Where ${heatClass.value?.label ?? 'the class'} is seen`}
          style={{opacity: region === null ? 1 : heatOpacity.value}}
        />
      </div>
      <figcaption class="note">
        Where “{heatClass.value?.label}” is seen: the brighter, the more; black is nowhere.
      </figcaption>
    </figure>
  );
}
