/** The guest by a told phone number: it earns, and the page says so before it is asked for. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { e164, phoneTyped } from '../../shared/phone.ts'
import { say, type Word } from '../words/say.ts'

export function PhoneForm({ onPhone }: { onPhone: (phone: string) => void }) {
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<Word | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const type = (text: string, input: HTMLInputElement): void => {
    const { text: shown, caret } = phoneTyped(text, input.selectionStart ?? text.length)
    input.value = shown
    input.setSelectionRange(caret, caret)
    setTyped(shown)
    setFault(null)
  }
  const check = (event: Event): void => {
    event.preventDefault()
    const phone = e164(typed)
    if (phone !== null) return onPhone(phone)
    setFault('phone.short')
    form.current?.querySelector('input')?.focus()
  }
  return (
    <form class="stack" ref={form} onSubmit={check} noValidate>
      <Field
        label={say('phone.title')}
        name="phone"
        kind="tel"
        value={typed}
        inputMode="tel"
        autoComplete="off"
        large
        error={fault === null ? undefined : say(fault)}
        hint={say('phone.hint')}
        onInput={type}
      />
      <Button type="submit" kind="quiet" wide>
        {say('phone.button')}
      </Button>
    </form>
  )
}
