/** Where the cabinet is open, and until when each device can show codes without a network. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { attempt } from '../../../shared/data/attempt.ts'
import { answers, signedOut } from '../../data/session.ts'
import { toast } from '../../../shared/parts/Toast.tsx'
import { RevokeDeviceDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { deviceName } from './agent.ts'
import type { Me } from './ProfileScreen.tsx'
import css from './ProfileScreen.module.css'

type Device = Me['devices'][number]

export function DevicePanel({ devices }: { devices: readonly Device[] }) {
  return (
    <Panel title={words.profile.devices}>
      <p class={css['note']}>{words.profile.devicesNote}</p>
      <ul>{[...devices].sort((one, other) => Number(other.current) - Number(one.current)).map(device => <DeviceRow key={device.id} device={device} />)}</ul>
    </Panel>
  )
}

function DeviceRow({ device }: { device: Device }) {
  const [busy, setBusy] = useState(false)
  const name = deviceName(device.agent, words.profile.browser)
  const revoke = async (): Promise<void> => {
    setBusy(true)
    const answer = await attempt(RevokeDeviceDocument, { id: device.id })
    setBusy(false)
    if ('problem' in answer) return toast.set(answer.problem.message)
    if (device.current) return signedOut()
    toast.set(words.profile.revoked)
    await answers.stir()
  }
  return (
    <li class={css['item']}>
      <div class={css['split']}>
        <div>
          <p><strong>{name}</strong>{device.current && <> · {words.profile.current}</>}</p>
          <p class={css['sub']}>{words.profile.seen(dayTime(device.lastSeenAt))}</p>
          {device.cardKeyUntil && <p class={css['sub']}>{words.profile.codeUntil(dayTime(device.cardKeyUntil))}</p>}
        </div>
        {!device.current && <Button kind="quiet" busy={busy} label={`${words.profile.revoke}: ${name}`} onClick={() => void revoke()}>{words.profile.revoke}</Button>}
      </div>
    </li>
  )
}
