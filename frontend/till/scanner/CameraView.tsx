/** The camera's picture with a frame, its torch and its other lens. Lives only while it is looked through. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { TorchIcon, TurnIcon } from '../parts/icons.tsx'
import { say } from '../words/say.ts'
import { faultOf, light, openCamera, otherCamera, stopCamera, type Camera, type CameraFault } from './camera.ts'
import css from './CameraView.module.css'
import { CodeReader } from './reading.ts'

interface CameraViewProps {
  onText: (text: string) => void
  onStop: () => void
}

export function CameraView({ onText, onStop }: CameraViewProps) {
  const video = useRef<HTMLVideoElement>(null)
  const tell = useRef(onText)
  tell.current = onText
  const [camera, setCamera] = useState<Camera | null>(null)
  const [fault, setFault] = useState<CameraFault | null>(null)
  const [lit, setLit] = useState(false)
  const [round, setRound] = useState(0)

  useEffect(() => {
    let open: Camera | null = null
    let left = false
    const start = async (): Promise<void> => {
      try {
        open = await openCamera()
        if (left) stopCamera(open.stream)
        else setCamera(open)
      } catch (error) {
        if (!left) setFault(faultOf(error))
      }
    }
    // A home-screen app that comes back finds its video black: the camera is opened anew.
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') setRound(count => count + 1)
      else setCamera(null)
    }
    void start()
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      left = true
      document.removeEventListener('visibilitychange', onVisible)
      if (open !== null) stopCamera(open.stream)
    }
  }, [round])

  useEffect(() => {
    const element = video.current
    if (camera === null || element === null) return
    element.srcObject = camera.stream
    void element.play().catch(() => undefined)
    const reader = new CodeReader(element, text => tell.current(text))
    return () => {
      reader.stop()
      stopCamera(camera.stream)
    }
  }, [camera])

  if (fault !== null) {
    const retry = (): void => {
      setFault(null)
      setRound(count => count + 1)
    }
    return (
      <Notice
        kind="warning"
        role="alert"
        title={say(`camera.${fault}`)}
        action={
          <Button kind="plain" onClick={retry}>
            {say('app.retry')}
          </Button>
        }
      >
        <p>{say(`camera.${fault}.cure`)}</p>
      </Notice>
    )
  }
  const change = async (): Promise<void> => {
    if (camera === null) return
    setLit(false)
    await otherCamera(camera).then(setCamera, error => setFault(faultOf(error)))
  }
  const turnLight = async (): Promise<void> => {
    if (camera === null) return
    await light(camera, !lit)
    setLit(!lit)
  }
  return (
    <div class={css['view']}>
      <div class={css['picture']}>
        <video ref={video} class={css['video']} muted playsInline aria-label={say('scan.view')} />
        <span class={css['frame']} aria-hidden="true" />
        {camera === null && <p class={css['starting']}>{say('scan.starting')}</p>}
      </div>
      <p class={css['hint']} role="status">
        {camera === null ? '' : say('scan.looking')}
      </p>
      <div class={css['keys']}>
        {camera !== null && camera.torch && (
          <Button kind="quiet" icon={<TorchIcon />} onClick={() => void turnLight()}>
            {say('scan.torch')}
          </Button>
        )}
        {camera !== null && camera.count > 1 && (
          <Button kind="quiet" icon={<TurnIcon />} onClick={() => void change()}>
            {say('scan.other')}
          </Button>
        )}
        <Button kind="plain" onClick={onStop}>
          {say('scan.cameraStop')}
        </Button>
      </div>
    </div>
  )
}
