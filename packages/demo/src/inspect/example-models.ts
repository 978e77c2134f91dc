/** The models that come with the inspector, and where their files are from. */
import {esrganSlimFiles, esrganSlimGolden, esrganSlimPhoto} from '../models/esrgan-slim.js';
import {facemeshFiles} from '../models/graph-models.js';
import {mobileNetV2Classes, mobileNetV2Files} from '../models/mobilenet-v2.js';
import {packageFile} from '../io/package-file.js';

const urlsOf = (id: string) => ({
  url: `examples/${id}/model.json`,
  imageUrl: `examples/${id}/image.png`,
});

/** `example` is what the page gets: an `ExampleModel` of the inspector's protocol. */
export const exampleModels = [
  {
    example: {
      id: 'esrgan-slim',
      title: 'ESRGAN-slim',
      about: 'Doubles the width and height of a picture.',
      ...urlsOf('esrgan-slim'),
      preparation: {range: '0 to 255', longestSide: 128},
    },
    files: esrganSlimFiles,
    image: esrganSlimPhoto,
  },
  {
    example: {
      id: 'mobilenet-v2',
      title: 'MobileNetV2',
      about: 'Sorts pictures into five classes, from drawings to what is not safe for work.',
      ...urlsOf('mobilenet-v2'),
      preparation: {range: '0 to 1', longestSide: 224},
      classes: mobileNetV2Classes,
    },
    files: mobileNetV2Files,
    // Larger than what the network takes, as the photo itself is not.
    image: esrganSlimGolden,
  },
  {
    example: {
      id: 'face-mesh',
      title: 'Face mesh',
      about: 'Finds the shape of a face: 468 points in three dimensions.',
      ...urlsOf('face-mesh'),
      preparation: {range: '0 to 1', longestSide: 192},
    },
    files: facemeshFiles,
    image: packageFile('@vladmandic/human', 'assets/facemesh.png'),
  },
] as const;
