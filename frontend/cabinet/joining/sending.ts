/** A short form: what is wrong with which field, whether it is on its way, and the focus on what has to be mended. */
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { attempt, type Attempt, type Done } from '../../shared/data/attempt.ts'
import type { Trusted } from '../../shared/graph/trusted.ts'

export type Faults<Name extends string> = Partial<Record<Name | 'whole', string | undefined>>

interface Sending<Name extends string> {
  form: RefObject<HTMLFormElement | null>
  faults: Faults<Name>
  busy: boolean
  /** Show what is wrong before anything is sent; true where nothing is. */
  fits: (found: Faults<Name>) => boolean
  /** What came of something that is on its way; a refusal is shown, and nothing comes back. */
  told: <Result>(sent: Promise<Attempt<Result>>) => Promise<Done<Result> | undefined>
  send: <Data extends Record<string, { __typename: string }>, Variables>(
    document: Trusted<Data, Variables>, variables: Variables,
  ) => Promise<Done<Data[keyof Data]> | undefined>
}

/** `names` are the fields of the form; a refusal of any other place is told below them. */
export function useSending<Name extends string>(names: readonly Name[]): Sending<Name> {
  const [faults, setFaults] = useState<Faults<Name>>({})
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [faults])

  const fits = (found: Faults<Name>): boolean => {
    setFaults(found)
    return Object.values(found).every(fault => fault === undefined)
  }
  const told: Sending<Name>['told'] = async sent => {
    setBusy(true)
    const answer = await sent
    setBusy(false)
    if ('done' in answer) return answer.done
    const { field, message } = answer.problem
    const name = names.find(one => field === one || field === `input.${one}`)
    setFaults({ [name ?? 'whole']: message } as Faults<Name>)
    return undefined
  }
  return { form, faults, busy, fits, told, send: (document, variables) => told(attempt(document, variables)) }
}
