/** What browsers are told that the inspector may do: next to nothing beyond its own files. */

/**
 * `default-src 'none'` and what the page needs: its own scripts and styles, WebAssembly, pictures made by itself.
 * No script that is made from text: no `eval`, no `new Function`, no script in the HTML.
 */
const POLICY: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'worker-src': ["'self'"],
  'connect-src': ["'self'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'media-src': ["'self'", 'blob:'],
  'style-src': ["'self'"],
  'font-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

/** Of the policy, what counts in a header alone: browsers complain of it in HTML. */
const HEADER_ONLY = "frame-ancestors 'none'";

/**
 * The content security policy, as a page has it in its HTML.
 *
 * @param allowed origins that the page may read models from as well: 'https://example.org'
 */
export function contentSecurityPolicy(allowed: readonly string[]): string {
  return Object.entries(POLICY)
    .map(([name, sources]) => [name, ...sources, ...(name === 'connect-src' ? allowed : [])])
    .map((words) => words.join(' '))
    .join('; ');
}

/** Headers of every response, by name. */
export function securityHeaders(allowed: readonly string[]): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': `${contentSecurityPolicy(allowed)}; ${HEADER_ONLY}`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  };
}
