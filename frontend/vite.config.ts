/** What every build and the development server share; build/pages.ts adds the entries. */
import { defineConfig } from 'vite'

const REACT = `${import.meta.dirname}/shared/react.ts`

export default defineConfig({
  root: import.meta.dirname,
  resolve: {
    // wouter is written against React's API.
    alias: {
      'use-sync-external-store/shim/index.js': REACT,
      react: REACT,
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // The content policy allows no `data:` scripts or fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:8000', ws: true } } },
})
