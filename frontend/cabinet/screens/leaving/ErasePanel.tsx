/** The way out for good, at the end of the profile: what it does is said before anything is asked. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { EraseSheet } from './EraseSheet.tsx'
import { leavingWords } from './words.ts'

export function ErasePanel() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button kind="plain" wide onClick={() => setOpen(true)}>{leavingWords().erase}</Button>
      {open && <EraseSheet onClose={() => setOpen(false)} />}
    </>
  )
}
