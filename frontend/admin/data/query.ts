/** Questions of a screen: one answer while it is shown, and lists that grow page by page. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Answer } from '../../shared/data/answers.ts'
import { useValue } from '../../shared/data/value.ts'
import type { Trusted } from '../../shared/graph/trusted.ts'
import { answers, ask, failureOf } from './session.ts'

/** The answer to a question while a screen shows it. */
export function useAnswer<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): Answer<Data> {
  const key = JSON.stringify(variables)
  useEffect(() => answers.hold(document, variables), [document, key])
  return useValue(answers.of(document, variables))
}

/** What was shown before stands until the next answer about the same thing is here: fields on the page keep their focus. */
export function useLast<Data>(answer: Answer<Data>, about: string): Answer<Data> {
  const last = useRef<{ about: string; data: Data } | undefined>(undefined)
  if (answer.data !== undefined) last.current = { about, data: answer.data }
  if (answer.data !== undefined || answer.failure || last.current?.about !== about) return answer
  return { ...answer, data: last.current.data }
}

export interface Page<Item> {
  items: Item[]
  next?: string | null | undefined
}

export interface Pages<Item> {
  answer: Answer<Page<Item>>
  /** 'idle', or how the page after the last one fares. */
  state: 'idle' | 'busy' | 'failed'
  more: () => void
}

/** A keyset list: the first page lives in the cache, later ones are kept while nothing before them moved. */
export function usePages<Data, Item, Variables>(
  document: Trusted<Data, Variables>, variables: NoInfer<Variables>, pick: (data: Data) => Page<Item>,
): Pages<Item> {
  const { data, ...rest } = useAnswer(document, variables)
  const first = data === undefined ? undefined : pick(data)
  const [later, setLater] = useState<Page<Item>>()
  const [state, setState] = useState<Pages<Item>['state']>('idle')
  const key = JSON.stringify(variables)
  useEffect(() => {
    setLater(undefined)
    setState('idle')
  }, [key, first?.next])

  const next = later ? later.next : first?.next ?? null
  const more = async (): Promise<void> => {
    setState('busy')
    try {
      const page = pick(await ask(document, { ...variables, after: next }))
      setLater(old => ({ items: [...(old?.items ?? []), ...page.items], next: page.next }))
      setState('idle')
    } catch (fault) {
      setState(failureOf(fault) === 'forbidden' ? 'idle' : 'failed')
    }
  }
  return {
    answer: { ...rest, ...(first && { data: { items: [...first.items, ...(later?.items ?? [])], next } }) },
    state,
    more: () => void more(),
  }
}
