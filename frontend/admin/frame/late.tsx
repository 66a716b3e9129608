/** A page that is loaded when it is first opened: its frame stands at once, its heading and content follow. */
import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Rows } from '../parts/states.tsx'
import { words } from '../words/words.ts'
import { Screen } from './Screen.tsx'

/** `name` is the section's, which heads the page meanwhile. */
export function late<Props extends object>(name: keyof typeof words.sections, load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let Ready: FunctionComponent<Props> | undefined
  return function Late(props: Props) {
    const [, redraw] = useState(0)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (Ready) return
      load().then(
        page => {
          Ready = page
          redraw(one => one + 1)
        },
        () => setFailed(true),
      )
    }, [])
    if (Ready) return <Ready {...props} />
    return (
      <Screen title={words.sections[name]}>
        {failed
          // A new version of the panel has other files: only a page that is loaded anew knows them.
          ? <Notice kind="danger" role="alert" title={words.state.failed} action={<Button kind="quiet" onClick={() => location.reload()}>{words.state.retry}</Button>}>{words.state.failedNote}</Notice>
          : <div aria-busy="true"><span class="unseen" role="status">{words.state.loading}</span><Rows /></div>}
      </Screen>
    )
  }
}
