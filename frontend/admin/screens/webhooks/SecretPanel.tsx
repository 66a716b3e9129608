/** The secret of an address, shown this once. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { CopyButton } from '../../parts/CopyButton.tsx'
import tills from '../tills/tills.module.css'
import { webhookWords } from './words.ts'

export function SecretPanel({ secret, onDone }: { secret: string; onDone: () => void }) {
  const text = webhookWords()
  const [saved, setSaved] = useState(false)
  // It cannot be shown again: leaving without it has to be meant.
  useEffect(() => {
    if (saved) return
    const hold = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', hold)
    return () => removeEventListener('beforeunload', hold)
  }, [saved])
  return (
    <div class={tills['key']}>
      <p>{text.secretNote}</p>
      <div class={tills['secret']} role="group" aria-label={text.secret}><code>{secret}</code><CopyButton text={secret} /></div>
      <Check name="saved" checked={saved} onChange={setSaved}>{text.saved}</Check>
      <Button disabled={!saved} onClick={onDone}>{text.done}</Button>
    </div>
  )
}
