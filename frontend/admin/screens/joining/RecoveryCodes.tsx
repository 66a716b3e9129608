/** Ten codes, shown once: copied, printed or downloaded, and acknowledged before the page goes on. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { programmeName } from '../../frame/programme.ts'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { words } from '../../words/words.ts'
import css from './joining.module.css'

export function RecoveryCodes({ codes, email, action, onDone }: { codes: string[]; email: string; action: string; onDone: () => void }) {
  const [saved, setSaved] = useState(false)
  const head = words.joining.file(programmeName(), email)
  const text = `${head}\n\n${codes.join('\n')}\n`
  // The codes cannot be shown again: leaving without them has to be meant.
  useEffect(() => {
    if (saved) return
    const hold = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', hold)
    return () => removeEventListener('beforeunload', hold)
  }, [saved])
  const download = (): void => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
    Object.assign(document.createElement('a'), { href: address, download: words.joining.fileName }).click()
    URL.revokeObjectURL(address)
  }
  return (
    <div class={css['stack']}>
      <p class={css['printed']}>{head}</p>
      <ol class={css['codes']}>{codes.map(code => <li key={code}><code>{code}</code></li>)}</ol>
      <div class={`${css['actions']} no-print`}>
        <CopyButton text={text} />
        <Button kind="quiet" onClick={() => print()}>{words.joining.print}</Button>
        <Button kind="quiet" onClick={download}>{words.joining.download}</Button>
      </div>
      <div class={`${css['stack']} no-print`}>
        <Check name="saved" checked={saved} onChange={setSaved}>{words.joining.saved}</Check>
        <Button wide disabled={!saved} onClick={onDone}>{action}</Button>
      </div>
    </div>
  )
}
