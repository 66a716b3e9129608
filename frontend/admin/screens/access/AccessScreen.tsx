/** One's own access: who one is, what one may do, and the means of signing in. */
import { useState } from 'preact/hooks'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Button } from '../../../shared/parts/Button.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { useAnswer } from '../../data/query.ts'
import { useViewer } from '../../data/rights.ts'
import { Screen } from '../../frame/Screen.tsx'
import { PlacesDocument, RightsDocument } from '../../graph/documents.ts'
import { Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { HeldRights } from '../rights/HeldRights.tsx'
import css from './access.module.css'
import { LookPanel } from './LookPanel.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { RecoveryPanel } from './RecoveryPanel.tsx'

const NOTHING = {}

export function AccessScreen() {
  const viewer = useViewer()
  const table = useAnswer(RightsDocument, NOTHING)
  const houses = useAnswer(PlacesDocument, NOTHING).data?.programme.partners
  const [changing, setChanging] = useState(false)
  if (!viewer) return null
  return (
    <Screen title={words.access.title} narrow>
      <div class={css['panels']}>
        <Panel title={words.access.who}>
          <dl class={css['facts']}>
            <div><dt>{words.access.name}</dt><dd>{viewer.name}</dd></div>
            <div><dt>{words.access.email}</dt><dd>{viewer.email}</dd></div>
            {viewer.phone && <div><dt>{words.access.phone}</dt><dd>{viewer.phone}</dd></div>}
            {viewer.partner && <div><dt>{words.access.house}</dt><dd>{houses?.find(one => one.id === viewer.partner)?.name ?? viewer.partner}</dd></div>}
          </dl>
        </Panel>
        <Panel title={words.access.rights}>
          <Shown answer={table} skeleton={<Skeleton height={120} />}>
            {data => viewer.rights.length > 0 ? <HeldRights table={data.rights} held={viewer.rights} /> : <p class={css['note']}>{words.access.noRights}</p>}
          </Shown>
          <p class={css['note']}>{words.access.rightsNote}</p>
        </Panel>
        <LookPanel />
        <Panel title={words.access.password}>
          {changing ? <PasswordForm viewer={viewer} onDone={() => setChanging(false)} /> : <Button kind="quiet" onClick={() => setChanging(true)}>{words.access.password}</Button>}
        </Panel>
        <RecoveryPanel viewer={viewer} />
      </div>
    </Screen>
  )
}
