/** The same as files, for a table program or another system; each download stands in the log. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { language } from '../../../shared/words/language.ts'
import { download } from '../../data/download.ts'
import { SelectField } from '../../parts/SelectField.tsx'
import { words } from '../../words/words.ts'
import { monthKey } from './months.ts'
import type { Month } from './SettlementScreen.tsx'
import css from './settlement.module.css'

const SHEETS = ['statement', 'lines', 'liability'] as const
const DIALECTS = ['excel', 'rfc4180'] as const

export function Files({ month }: { month: Month }) {
  const [dialect, setDialect] = useState<string>(language() === 'ru' ? 'excel' : 'rfc4180')
  const [busy, setBusy] = useState<string>()
  const [fault, setFault] = useState<string>()
  const fetchSheet = async (sheet: (typeof SHEETS)[number]): Promise<void> => {
    setBusy(sheet)
    const only = sheet === 'liability' ? '' : `&month=${monthKey(month.month)}`
    setFault(await download(`/exports/settlement.csv?sheet=${sheet}&for=${dialect}${only}`))
    setBusy(undefined)
  }
  return (
    <Panel title={words.settlement.files}>
      <div class={css['files']}>
        <SelectField label={words.settlement.dialect} name="dialect" value={dialect} onChange={setDialect} choices={DIALECTS.map(value => ({ value, name: words.settlement.dialects[value] }))} />
        {SHEETS.map(sheet => <Button key={sheet} kind="quiet" busy={busy === sheet} onClick={() => void fetchSheet(sheet)}>{words.settlement.sheets[sheet]}</Button>)}
      </div>
      {fault && <Notice kind="danger" role="alert">{fault}</Notice>}
      <p class={css['note']}>{words.settlement.filesNote}</p>
    </Panel>
  )
}
