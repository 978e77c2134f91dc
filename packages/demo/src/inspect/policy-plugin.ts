/** Puts the content security policy into the page, for servers that send no header of ours. */
import type {Plugin} from 'vite';
import {contentSecurityPolicy} from './security-headers.js';

export function policyPlugin(allowed: readonly string[]): Plugin {
  return {
    name: 'inspector-policy',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: {
          'http-equiv': 'Content-Security-Policy',
          content: contentSecurityPolicy(allowed),
        },
        injectTo: 'head-prepend',
      },
    ],
  };
}
