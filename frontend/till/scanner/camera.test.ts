import { describe, expect, it } from 'vitest'
import { backCamera, faultOf, nextCamera } from './camera.ts'

const devices = (...labels: string[]) => labels.map((label, index) => ({ kind: 'videoinput' as const, deviceId: `c${index}`, label }))

describe('choice of camera', () => {
  it('takes the plain back lens', () => {
    expect(backCamera(devices('Front Camera', 'Back Ultra Wide Camera', 'Back Telephoto Camera', 'Back Camera'))).toBe('c3')
    expect(backCamera(devices('camera2 1, facing front', 'camera2 2, facing back', 'camera2 0, facing back'))).toBe('c2')
    expect(backCamera(devices('Передняя камера', 'Задняя сверхширокоугольная камера', 'Задняя камера'))).toBe('c2')
  })

  it('takes an odd back lens rather than none, and says when nothing tells', () => {
    expect(backCamera(devices('Front Camera', 'Back Dual Wide Camera'))).toBe('c1')
    expect(backCamera(devices('fake_device_0', 'Integrated Webcam'))).toBeNull()
  })

  it('goes round all cameras', () => {
    const three = devices('a', 'b', 'c')
    expect(nextCamera(three, 'c0')).toBe('c1')
    expect(nextCamera(three, 'c2')).toBe('c0')
    expect(nextCamera([], 'c0')).toBeNull()
  })

  it('names why it did not open', () => {
    const named = (name: string): Error => Object.assign(new Error(name), { name })
    expect(faultOf(named('NotAllowedError'))).toBe('NotAllowed')
    expect(faultOf(named('NotFoundError'))).toBe('NotFound')
    expect(faultOf(named('NotReadableError'))).toBe('NotReadable')
    expect(faultOf(named('Insecure'))).toBe('Insecure')
    expect(faultOf('?')).toBe('Other')
  })
})
