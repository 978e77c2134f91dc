/** Whether files are held over the page. */
import {signal} from '@preact/signals';

export const isDraggedOver = signal(false);
