import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import {packageFile} from '../io/package-file.js';

/** Text as a picture with a transparent ground, to lay over another. */
export interface Label {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

export interface LabelStyle {
  /** In pixels. */
  readonly size: number;
  /** As '#rrggbb'. */
  readonly colour: string;
  readonly bold?: boolean;
}

/**
 * Renders a line of text in DejaVu Sans, which comes with the demo: the machine's own fonts are not
 * used, it may have none.
 */
export async function renderLabel(
  text: string,
  {size, colour, bold = false}: LabelStyle,
): Promise<Label> {
  useNoSystemFonts();
  const fontfile = packageFile('dejavu-fonts-ttf', `ttf/DejaVuSans${bold ? '-Bold' : ''}.ttf`);
  const markup = `<span foreground="${colour}">${escape(text)}</span>`;
  const font = `DejaVu Sans ${bold ? 'Bold ' : ''}${size}`;
  const {data, info} = await sharp({text: {text: markup, font, fontfile, rgba: true, dpi: 72}})
    .png()
    .toBuffer({resolveWithObject: true});
  return {png: data, width: info.width, height: info.height};
}

/** Without a configuration of its own, fontconfig complains on machines that have none. */
function useNoSystemFonts(): void {
  process.env['FONTCONFIG_FILE'] ??= fileURLToPath(
    new URL('../../assets/fonts.conf', import.meta.url),
  );
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
