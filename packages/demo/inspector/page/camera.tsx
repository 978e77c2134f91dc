/** One frame of the camera, taken in a dialog; another one if that is no good. */
import {useSignal} from '@preact/signals';
import {useEffect, useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import type {Picture} from '../protocol/run.js';
import {cameraError} from './camera-error.js';
import {Dialog} from './dialog.js';
import {PictureCanvas} from './picture-canvas.js';
import {showError} from './state/alert.js';
import {pixelsOf} from './state/picture.js';

interface CameraProps {
  readonly onPicture: (picture: Picture) => void;
  readonly isSmall?: boolean;
}

export function CameraButton({onPicture, isSmall = false}: CameraProps): JSX.Element {
  const isOpen = useSignal(false);
  const close = () => (isOpen.value = false);
  return (
    <>
      <button
        type="button"
        class={isSmall ? 'button is-small' : 'button'}
        onClick={() => (isOpen.value = true)}
      >
        Camera
      </button>
      {isOpen.value && (
        <Dialog title="Take a picture" onClose={close}>
          <Camera
            onPicture={(picture) => {
              close();
              onPicture(picture);
            }}
            onFailed={close}
          />
        </Dialog>
      )}
    </>
  );
}

function Camera({
  onPicture,
  onFailed,
}: {
  readonly onPicture: (picture: Picture) => void;
  readonly onFailed: () => void;
}): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const isReady = useSignal(false);
  const taken = useSignal<Picture | null>(null);
  useEffect(() => showCamera(video, onFailed), []);
  const take = () => {
    const from = video.current;
    if (from === null) return;
    taken.value = pixelsOf(from, 'camera', from.videoWidth, from.videoHeight);
  };
  return (
    <div class="camera">
      <video
        ref={video}
        muted
        playsInline
        hidden={taken.value !== null}
        aria-label="Camera"
        onLoadedData={() => (isReady.value = true)}
      />
      {taken.value === null ? (
        <button type="button" class="button is-primary" disabled={!isReady.value} onClick={take}>
          Take the picture
        </button>
      ) : (
        <>
          <PictureCanvas picture={taken.value} label="The picture that was taken" />
          <div class="row">
            <button type="button" class="button" onClick={() => (taken.value = null)}>
              Take another
            </button>
            <button
              type="button"
              class="button is-primary"
              onClick={() => {
                if (taken.value !== null) onPicture(taken.value);
              }}
            >
              Use this picture
            </button>
          </div>
        </>
      )}
    </div>
  );
}

function showCamera(
  video: {readonly current: HTMLVideoElement | null},
  onFailed: () => void,
): () => void {
  let stream: MediaStream | null = null;
  let isOver = false;
  const stop = () => {
    isOver = true;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  const open = async () => {
    // Browsers have none where anybody on the way could change the page.
    if (!isSecureContext) throw new Error('this page came neither from localhost nor by https');
    stream = await navigator.mediaDevices.getUserMedia({video: true});
    if (isOver) stop();
    else if (video.current !== null) {
      video.current.srcObject = stream;
      await video.current.play();
    }
  };
  open().catch((error: unknown) => {
    if (isOver) return;
    showError(cameraError(error));
    onFailed();
  });
  return stop;
}
