/** Vitest runs the pure logic of every entry; screens are proven in a real browser. */
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['{shared,cabinet,till,admin,landing,widget,build}/**/*.test.ts'], environment: 'node' } })
