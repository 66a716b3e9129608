/** How long the widget waits for the programme's server, without a network. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { PATIENCE_MS, exchange, site } from './asking.ts'

afterEach(() => void vi.restoreAllMocks())

describe('A-088: a hotel’s page never waits for us for long', () => {
  test.each([['its offer', () => site('igora', 'ru')], ['a token', () => exchange('code', 'verifier', 'ru')]])('two seconds for %s, then it fails', async (_what, asked) => {
    const patience = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(patience.signal)
    // A server that has taken the question and says nothing, as long as nobody ends the call.
    vi.spyOn(globalThis, 'fetch').mockImplementation((_address, how) => new Promise((_done, failed) => {
      how?.signal?.addEventListener('abort', () => failed(how.signal?.reason as Error))
    }))
    const told = asked()
    expect(PATIENCE_MS).toBe(2_000)
    expect(timeout).toHaveBeenCalledExactlyOnceWith(PATIENCE_MS)
    patience.abort(new DOMException('', 'TimeoutError'))
    await expect(told).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }))
  })
})
