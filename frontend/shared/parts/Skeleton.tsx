/** Reserved height while data is on its way: nothing jumps when it comes, nothing shows in the first 300 ms. */
import css from './Skeleton.module.css'

export function Skeleton({ height, radius = 16 }: { height: number; radius?: number }) {
  return <div class={css['skeleton']} aria-hidden="true" style={{ blockSize: `${height}px`, borderRadius: `${radius}px` }} />
}
