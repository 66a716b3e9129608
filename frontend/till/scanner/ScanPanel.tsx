/** Three ways to a guest at once: the camera, a hand scanner that needs no field, and the digits by hand. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { Skeleton } from '../../shared/parts/Skeleton.tsx'
import { QrIcon } from '../../shared/parts/icons.tsx'
import { CameraIcon, KeysIcon, PhoneIcon } from '../parts/icons.tsx'
import { late } from '../parts/late.tsx'
import { Told } from '../parts/Told.tsx'
import type { Desk } from '../sale/desk.ts'
import { TOLD, type Scan } from '../sale/state.ts'
import { say } from '../words/say.ts'
import { GoOffline } from '../offline/GoOffline.tsx'
import { CameraView } from './CameraView.tsx'
import { codeIn, VOUCHER } from './check.ts'
import { DigitsForm } from './DigitsForm.tsx'
import css from './ScanPanel.module.css'

const PhoneForm = late(() => import('./PhoneForm.tsx').then(part => part.PhoneForm))

/** Whoever scanned the last guest by camera scans the next one by camera: it opens without another tap. */
const CAMERA_ON = 'kunak.till.cameraOn'

export function tellCode(desk: Desk, code: string): void {
  if (code.startsWith(VOUCHER)) void import('../voucher/open.tsx').then(part => part.open(code), () => desk.send({ kind: 'damaged' }))
  else desk.send({ kind: 'scanned', code, scanId: crypto.randomUUID(), saleId: crypto.randomUUID(), at: Date.now() })
}

export function ScanPanel({ desk, scan, title }: { desk: Desk; scan: Scan; title: string }) {
  const [camera, setCamera] = useState(sessionStorage.getItem(CAMERA_ON) !== null)
  const [typing, setTyping] = useState<'digits' | 'phone' | null>(null)
  const [foreign, setForeign] = useState(false)
  useEffect(() => {
    if (camera) sessionStorage.setItem(CAMERA_ON, '1')
    else sessionStorage.removeItem(CAMERA_ON)
  }, [camera])
  if (scan.phase !== 'idle') return <Checking desk={desk} scan={scan} />
  const seen = (text: string): void => {
    const code = codeIn(text)
    setForeign(code === null)
    if (code !== null) tellCode(desk, code)
  }
  return (
    <Panel title={title}>
      <div class="stack wide-gap">
        {scan.notice && <Told notice={scan.notice} />}
        {foreign && <Notice kind="warning" role="alert" title={say('scan.foreign')} />}
        {camera ? (
          <CameraView onText={seen} onStop={() => setCamera(false)} />
        ) : (
          <div class={css['still']}>
            <span class={css['glyph']} aria-hidden="true">
              <QrIcon />
            </span>
            <p class="muted">{say('scan.hint')}</p>
            <Button wide icon={<CameraIcon />} onClick={() => setCamera(true)}>
              {say('scan.camera')}
            </Button>
          </div>
        )}
        {typing === 'digits' ? (
          <DigitsForm onCode={code => tellCode(desk, code)} />
        ) : (
          <Button kind="plain" wide icon={<KeysIcon />} expanded={false} onClick={() => setTyping('digits')}>
            {say('scan.byHand')}
          </Button>
        )}
        {desk.state.programme?.identify.includes('PHONE') &&
          (typing === 'phone' ? (
            <PhoneForm onPhone={phone => tellCode(desk, TOLD + phone)} />
          ) : (
            <Button kind="plain" wide icon={<PhoneIcon />} expanded={false} onClick={() => setTyping('phone')}>
              {say('scan.byPhone')}
            </Button>
          ))}
      </div>
    </Panel>
  )
}

function Checking({ desk, scan }: { desk: Desk; scan: Exclude<Scan, { phase: 'idle' }> }) {
  return (
    <Panel>
      <div class="stack" aria-busy="true">
        <p class="headline" role="status">
          {scan.phase === 'asking' ? say('scan.checking') : say(`scan.${scan.delay}`)}
        </p>
        <Skeleton height={120} />
        {scan.phase === 'waiting' && (
          <>
            <Button wide onClick={() => desk.send({ kind: 'scanRetried' })}>
              {say('scan.retry')}
            </Button>
            <GoOffline desk={desk} />
            <Button kind="plain" wide onClick={() => desk.send({ kind: 'scanDropped' })}>
              {say('scan.drop')}
            </Button>
          </>
        )}
      </div>
    </Panel>
  )
}
