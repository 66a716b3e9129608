/** The code on a white sheet: large, still, black on white in every theme, with everything else outside the symbol. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { TierSwatch } from '../../../shared/parts/Tier.tsx'
import { dictated } from '../../code/code.ts'
import { drawing } from '../../code/drawing.ts'
import { holder, type Code } from '../../code/holder.ts'
import type { Face } from '../../code/keys.ts'
import { activity } from '../../data/activity.ts'
import { wakeLock } from '../../code/wake.ts'
import { words } from '../../words/words.ts'
import css from './CodeSheet.module.css'

const STEP_MS = 30_000
const TAKEN_MS = 4_000

interface CodeSheetProps {
  face: Face | undefined
  blocked: boolean | undefined
  onClose: () => void
}

export function CodeSheet({ face, blocked, onClose }: CodeSheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { code, left } = useCode()
  const [news, setNews] = useState<string | null>(null)

  useEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    localStorage.setItem('kunak.shown', '1')
    void navigator.storage?.persist?.()
    void holder.refresh().catch(() => undefined)
    const release = wakeLock()
    return () => {
      release()
      element?.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  useEffect(() => activity.watch(event => {
    if (event?.kind === 'SCANNED') setNews(words.code.taken)
    else if (event?.text) setNews(event.text)
  }), [])
  useEffect(() => {
    if (news !== words.code.taken) return
    const timer = setTimeout(() => setNews(null), TAKEN_MS)
    return () => clearTimeout(timer)
  }, [news])

  return (
    <dialog ref={dialog} class={css['sheet']} tabIndex={-1} autofocus aria-label={words.code.title} onCancel={event => { event.preventDefault(); onClose() }}>
      <button type="button" class={css['close']} onClick={onClose}>{words.code.close}</button>
      <p class="unseen" role="status">{words.code.opened}</p>
      {blocked ? <p class={css['lone']}>{words.card.blocked}</p> : <Body code={code} left={left} />}
      <div class={css['about']}>
        <p class={css['news']} role="status">{code.kind === 'waiting' && news === words.code.taken ? null : news}</p>
        {face && !blocked && (
          <p class={css['plate']}>
            <TierSwatch rank={face.rank} ranks={face.ranks} /><strong>{face.tierName}</strong><span>{face.firstName}</span>
          </p>
        )}
        {!blocked && code.kind !== 'none' && (
          <>
            <p class={css['before']}>{words.code.before}</p>
            <p class={css['help']}>{words.code.help}</p>
            <p class={css['pill']}>{words.code.offline}</p>
          </>
        )}
      </div>
    </dialog>
  )
}

function Body({ code, left }: { code: Code; left: number }) {
  if (code.kind === 'none') return <p class={css['lone']}><strong>{words.code.none}</strong><br />{words.code.noneNote}</p>
  const seconds = Math.ceil(left / 1000)
  const digits = code.kind === 'shown' ? code.digits : undefined
  return (
    <div class={css['code']}>
      <Symbol digits={digits} />
      <div class={css['bar']} aria-hidden="true"><span style={{ transform: `scaleX(${Math.min(1, left / STEP_MS)})` }} /></div>
      <p class={css['digits']} aria-label={words.code.digits}>
        {digits ? dictated(digits).split(' ').map((group, index) => <span key={index}>{group} </span>) : <span>{'\u00A0'}</span>}
      </p>
      <p class={css['next']} aria-hidden="true">
        {code.kind === 'waiting' ? words.code.waiting(seconds) : code.kind === 'shown' ? words.code.next(seconds) : words.code.loading}
      </p>
    </div>
  )
}

function Symbol({ digits }: { digits: string | undefined }) {
  const drawn = useMemo(() => (digits ? drawing(digits) : undefined), [digits])
  const size = drawn?.size ?? 29
  return (
    <svg class={css['symbol']} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.code.title} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      {drawn && <path d={drawn.path} fill="#0b1220" />}
    </svg>
  )
}

/** The code to draw now, redrawn each second and at once when the key or its use changes. */
function useCode(): { code: Code; left: number } {
  const [state, setState] = useState<{ code: Code; left: number }>({ code: { kind: 'loading' }, left: 0 })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    // A drawing that a later one has overtaken is dropped, or it would show a code that was just taken.
    let latest = 0
    const draw = async (): Promise<void> => {
      const mine = ++latest
      clearTimeout(timer)
      const code = await holder.code()
      if (mine !== latest) return
      const now = holder.now()
      const due = code.kind === 'shown' ? code.until : code.kind === 'waiting' ? code.at : now
      setState({ code, left: Math.max(0, due - now) })
      timer = setTimeout(() => void draw(), 1_000 - (now % 1_000) + 5)
    }
    void draw()
    const stop = holder.key.watch(() => void draw())
    return () => {
      latest += 1
      clearTimeout(timer)
      stop()
    }
  }, [])
  return state
}
