/** Shows a voucher that was scanned, over whatever stands: a sale begun before goes on afterwards. */
import { render } from 'preact'
import { VoucherSheet } from './VoucherSheet.tsx'

const PLACE = 'voucher'

export function open(code: string): void {
  let place = document.getElementById(PLACE)
  if (place === null) {
    place = document.createElement('div')
    place.id = PLACE
    document.body.append(place)
  }
  const root = place
  render(<VoucherSheet key={code} code={code} onClose={() => render(null, root)} />, root)
}
