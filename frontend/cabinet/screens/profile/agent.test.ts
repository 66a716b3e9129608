import { expect, test } from 'vitest'
import { deviceName } from './agent.ts'

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 Version/18.4 Mobile/15E148 Safari/604.1', 'Safari, iPhone'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 YaBrowser/25.8 Safari/537.36', 'Яндекс Браузер, Windows'],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36', 'Chrome, Android'],
  ['kunak-app/1.0', 'kunak-app/1.0'],
  ['', 'Браузер'],
])('%s', (agent, name) => expect(deviceName(agent, 'Браузер')).toBe(name))
