import { defineConfig } from 'vitest/config';
import { firstLoad } from './firstLoad.ts';

// The development server of Vite passes everything that is not a page or an asset to a Parley server.
const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [firstLoad()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'baseline-widely-available',
    // `default-src 'self'` forbids data: URLs, so no asset is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/api': server, '/health': server, '/hub': { target: server, ws: true } },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
