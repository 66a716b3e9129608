/** A QR code as one path: always dark on white, in every theme. */
import { useMemo } from 'preact/hooks'
import { encode } from 'uqr'
import css from './Qr.module.css'

export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const { data, size } = encode(text, { ecc: 'M', border: 4 })
    const rows = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { path: rows.join(''), size }
  }, [text])
  return (
    <svg class={css['qr']} role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  )
}
