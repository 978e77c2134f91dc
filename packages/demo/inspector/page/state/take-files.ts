/** What becomes of files that were dropped or picked: a model, an image, or both. */
import {showError} from './alert.js';
import {sortFiles} from './dropped-files.js';
import {pictureFrom} from './picture.js';
import {openModel, usePicture} from './runs.js';

export async function takeFiles(files: readonly File[]): Promise<void> {
  const {modelFiles, image} = sortFiles(files);
  try {
    const picture = image === null ? null : await pictureFrom(image, image.name);
    if (modelFiles.length === 0) {
      if (picture !== null) usePicture(picture);
      return;
    }
    await openModel({kind: 'files', files: modelFiles}, () =>
      picture === null ? null : Promise.resolve(picture),
    );
  } catch (error) {
    showError(error);
  }
}
