/** The tills of the places one manages: which there are, a new one, and the end of one. */
import { useState } from 'preact/hooks'
import { useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useFilters } from '../../data/filters.ts'
import { usePages } from '../../data/query.ts'
import { answers, send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { EndTillDocument, TillsDocument, type TillRowFragment } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import filterCss from '../../parts/FilterBar.module.css'
import { More } from '../../parts/More.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import { useManaged } from './managed.ts'

const PAGE_ROWS = 30
const NAMES = ['partner'] as const

export function TillsScreen() {
  const [, go] = useLocation()
  return (
    <Screen title={words.tills.title} right="pos.manage" aside={<Button onClick={() => go('/tills/new')}>{words.tills.add}</Button>}>
      <Tills />
    </Screen>
  )
}

function Tills() {
  const { filters, set } = useFilters(NAMES)
  const houses = useManaged()
  const pages = usePages(TillsDocument, { first: PAGE_ROWS, partner: filters.partner || null }, data => data.tills)
  return (
    <>
      <div class={filterCss['bar']} role="search">
        <SelectField
          label={words.tills.partner} name="partner" value={filters.partner} onChange={partner => set({ partner })}
          choices={[{ value: '', name: words.tills.anyPartner }, ...houses.map(({ id, name }) => ({ value: id, name }))]}
        />
      </div>
      <Shown answer={pages.answer} skeleton={<Rows count={8} />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={words.tills.empty} /></Panel>
          : <><Table tills={items} /><More pages={pages} /></>}
      </Shown>
    </>
  )
}

function Table({ tills }: { tills: readonly TillRowFragment[] }) {
  const [ending, setEnding] = useState<TillRowFragment>()
  const end = async (reason: string): Promise<string | undefined> => {
    if (!ending) return undefined
    const answer = await send(EndTillDocument, { id: ending.id, reason })
    if ('problem' in answer) return answer.problem.message
    toast.set(words.tills.endDone)
    setEnding(undefined)
    await answers.stir()
    return undefined
  }
  return (
    <div class={css['box']}>
      <table class={css['table']}>
        <thead><tr><th scope="col">{words.tills.name}</th><th scope="col">{words.tills.place}</th><th scope="col">{words.tills.kind}</th><th scope="col">{words.tills.since}</th><th scope="col"><span class="unseen">{words.tills.end}</span></th></tr></thead>
        <tbody>
          {tills.map(till => (
            <tr key={till.id}>
              <th scope="row"><span class={css['main']}>{till.name}</span><span class={css['sub']}>{till.id.slice(-12)}</span></th>
              <td data-name={words.tills.place}>{till.scope.name}</td>
              <td data-name={words.tills.kind}>{words.tills.kinds[till.kind]}<span class={css['sub']}>{till.channels.map(channel => words.tills.channelNames[channel]).join(', ')}</span><span class={css['sub']}>{words.tills.may(till.scopes.map(scope => words.tills.scopeNames[scope]).join(', '), till.perMinute ?? undefined)}</span></td>
              <td data-name={words.tills.since} class={css['when']}>{dayTime(till.createdAt, true)}</td>
              <td>{till.endedAt ? <Badge>{words.tills.ended(dayTime(till.endedAt))}</Badge> : <Button kind="quiet" label={`${words.tills.end}: ${till.name}`} onClick={() => setEnding(till)}>{words.tills.end}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {ending && <ReasonDialog title={words.tills.endTitle(ending.name)} note={words.tills.endNote} action={words.tills.end} danger onConfirm={end} onClose={() => setEnding(undefined)} />}
    </div>
  )
}
