/**
 * What wouter asks of React, said with Preact's own parts. `preact/compat` answers the same and much more, but copies the properties
 * of every element of every drawing: a good part of the first screen's time on a slow phone.
 */
import { Fragment, cloneElement, createContext, createElement, isValidElement, type ComponentType } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

export * from 'preact/hooks'
export { useLayoutEffect as useInsertionEffect } from 'preact/hooks'
export { Fragment, cloneElement, createContext, createElement, isValidElement }

type Draw<Props> = (props: Props, ref: unknown) => ReturnType<typeof createElement>

/** Preact hands a ref over as a property like any other. */
export function forwardRef<Props extends { ref?: unknown }>(draw: Draw<Props>): ComponentType<Props> {
  return props => draw(props, props.ref)
}

/** A value from outside: read at every drawing, drawn again when it has changed. */
export function useSyncExternalStore<Read>(watch: (changed: () => void) => () => void, read: () => Read): Read {
  const value = read()
  const [{ seen }, draw] = useState({ seen: { value, read } })
  const look = (): void => {
    if (!Object.is(seen.value, seen.read())) draw({ seen })
  }
  useLayoutEffect(() => {
    seen.value = value
    seen.read = read
    look()
  }, [watch, value, read])
  useEffect(() => {
    look()
    return watch(look)
  }, [watch])
  return value
}
