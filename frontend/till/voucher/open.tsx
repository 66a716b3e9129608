/** Shows a voucher that was scanned, over whatever stands: a sale begun before goes on afterwards. */
import { render } from 'preact'
import { VoucherSheet } from './VoucherSheet.tsx'

const PLACE = 'voucher'
let sheets = 0
/** Whether the sheet that stands has used its voucher up: the next scan, of the same code too, is somebody else's. */
let over = true

export function open(code: string): void {
  let place = document.getElementById(PLACE)
  if (place === null) {
    place = document.createElement('div')
    place.id = PLACE
    document.body.append(place)
  }
  const root = place
  if (over) sheets += 1
  over = false
  const done = (): void => {
    over = true
  }
  const close = (): void => {
    over = true
    render(null, root)
  }
  render(<VoucherSheet key={`${code} ${sheets}`} code={code} onDone={done} onClose={close} />, root)
}
