/** Who the member is and how they are reached, each with its way to change it. */
import { useState } from 'preact/hooks'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { phoneText } from '../../../shared/phone.ts'
import { day } from '../../../shared/words/numbers.ts'
import { answers } from '../../data/session.ts'
import { CancelEmailChangeDocument, type ProfileQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { AddressSheet } from './AddressSheet.tsx'
import { NamesSheet } from './NamesSheet.tsx'
import { PhoneSheet } from './PhoneSheet.tsx'
import type { Me } from './ProfileScreen.tsx'
import css from './ProfileScreen.module.css'
import { dataWords } from './words.ts'

type Open = 'names' | 'phone' | 'address'

interface FactProps {
  name: string
  value: string
  /** Stands behind the value: that nobody has proved it. */
  remark?: string | undefined
  action?: string
  onChange?: (() => void) | undefined
}

export function DataPanel({ me, programme }: { me: Me; programme: ProfileQuery['programme'] }) {
  const [open, setOpen] = useState<Open>()
  const text = words.profile
  const say = dataWords()
  const show = (what: Open) => () => setOpen(what)
  const close = (): void => setOpen(undefined)
  const texts = me.messagePreferences.channels.some(one => one.channel === 'SMS' && one.available)
  return (
    <Panel title={text.data}>
      <dl class={css['facts']}>
        <Fact name={text.name} value={[me.lastName, me.firstName, me.patronymic].filter(Boolean).join(' ')} onChange={show('names')} />
        <Fact name={text.birth} value={me.birthDate ? day(me.birthDate, true) : text.none} />
        <Fact
          name={text.phone} value={me.phone ? phoneText(me.phone) : text.none} remark={me.phone && !me.phoneVerified ? say.unproved : undefined}
          action={me.phone && !me.phoneVerified ? say.confirm : say.edit} onChange={texts ? show('phone') : undefined}
        />
        <Fact
          name={text.email} value={me.email ?? text.none} remark={me.email && !me.emailVerified ? say.unproved : undefined}
          action={me.email && !me.emailVerified ? say.confirm : say.edit} onChange={me.emailChange ? undefined : show('address')}
        />
      </dl>
      {me.emailChange && <Waiting address={me.emailChange.email} onEnter={show('address')} />}
      {me.birthDate && <p class={css['note']}>{say.born}</p>}
      {open === 'names' && <NamesSheet me={me} programme={programme} onClose={close} />}
      {open === 'phone' && <PhoneSheet known={me.phone} proved={me.phoneVerified} tellable={programme.identify.includes('PHONE')} onClose={close} />}
      {open === 'address' && <AddressSheet me={me} onClose={close} />}
    </Panel>
  )
}

function Fact({ name, value, remark, action = dataWords().edit, onChange }: FactProps) {
  return (
    <div class={css['fact']}>
      <dt>{name}</dt>
      <dd>{value}{remark && <span class={classes(css['sub'], css['remark'])}> · {remark}</span>}</dd>
      {onChange && <dd class={css['change']}><button type="button" aria-label={`${action}: ${name}`} onClick={onChange}>{action}</button></dd>}
    </div>
  )
}

function Waiting({ address, onEnter }: { address: string; onEnter: () => void }) {
  const [busy, setBusy] = useState(false)
  const say = dataWords()
  const takeBack = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    const answer = await attempt(CancelEmailChangeDocument, {})
    setBusy(false)
    toast.set('problem' in answer ? answer.problem.message : say.takenBack)
    await answers.stir()
  }
  return (
    <div class={css['waiting']}>
      <Notice>{say.waiting(address)}</Notice>
      <div class={css['links']}>
        <button type="button" onClick={onEnter}>{say.enterCode}</button>
        <button type="button" aria-disabled={busy || undefined} onClick={() => void takeBack()}>{say.takeBack}</button>
      </div>
    </div>
  )
}
