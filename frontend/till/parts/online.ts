/** Whether the device has a network at all, and a call when it comes back. */
import { useEffect, useRef, useState } from 'preact/hooks'

export function useOnline(onReturn: () => void): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  const call = useRef(onReturn)
  call.current = onReturn
  useEffect(() => {
    const came = (): void => {
      setOnline(true)
      call.current()
    }
    const went = (): void => setOnline(false)
    addEventListener('online', came)
    addEventListener('offline', went)
    return () => {
      removeEventListener('online', came)
      removeEventListener('offline', went)
    }
  }, [])
  return online
}
