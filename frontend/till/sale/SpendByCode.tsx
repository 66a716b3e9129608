/** A told number only earns; a till whose key lets anybody spend offers the guest a code from a text. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { spendWords } from '../entry/spendWords.ts'
import { say } from '../words/say.ts'
import type { Desk } from './desk.ts'

export function SpendByCode({ desk, disabled }: { desk: Desk; disabled: boolean }) {
  const [unloaded, setUnloaded] = useState(false)
  const { sale, till } = desk.state
  const guest = sale?.guest
  // What a device has kept of its till from before keys told their scopes has none.
  if (!guest || !(till?.scopes ?? []).includes('SPEND')) return null
  const open = (): void => {
    setUnloaded(false)
    import('../entry/spend.tsx').then(part => part.open(desk, guest), () => setUnloaded(true))
  }
  return (
    <>
      {unloaded && <Notice kind="danger" role="alert" title={say('net.silence')} />}
      <Button kind="quiet" wide disabled={disabled} onClick={open}>{spendWords().open}</Button>
    </>
  )
}
