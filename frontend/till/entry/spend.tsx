/** Opens the sheet of a code beside the page: within the form of the sale its presses would record the receipt. */
import { render } from 'preact'
import type { Desk } from '../sale/desk.ts'
import type { Guest } from '../sale/state.ts'
import { SpendSheet } from './SpendSheet.tsx'

export function open(desk: Desk, guest: Guest): void {
  const root = document.createElement('div')
  document.body.append(root)
  const close = (): void => {
    render(null, root)
    root.remove()
    // The button that opened it goes with its need: the work goes on at what may be spent.
    if (desk.state.sale?.guest?.facts.identifiedBy === 'QR') document.querySelector<HTMLElement>('[data-field="points"]')?.focus()
  }
  render(<SpendSheet desk={desk} guest={guest} onClose={close} />, root)
}
