/** Where the guest's plate stands with a network: what is known without one, and what is not promised. */
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { say } from '../words/say.ts'

export function OfflinePlate({ onOther }: { onOther?: () => void }) {
  return (
    <Notice
      kind="warning"
      role="status"
      title={say('offline.title')}
      action={
        onOther && (
          <Button kind="plain" onClick={onOther}>
            {say('guest.other')}
          </Button>
        )
      }
    >
      <p>{say('offline.hint')}</p>
    </Notice>
  )
}
