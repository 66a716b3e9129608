/** One build of three entries: the cabinet, the till and the landing page. */
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const pages = { cabinet: 'cabinet/index.html', till: 'till/index.html', landing: 'landing/index.html', 'landing-en': 'landing/en.html' }

export default defineConfig({
  root: import.meta.dirname,
  resolve: {
    // The source is written against React's API; Preact answers it in a third of the bytes.
    alias: {
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    manifest: true,
    // The content policy allows no `data:` scripts or fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, resolve(import.meta.dirname, page)])) },
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:8000', ws: true } } },
})
