import { expect, test } from 'vitest'
import { ServerClock } from './clock.ts'

const SERVER = 1_000_000_000_000
const HOUR = 3_600_000

function device(wall: number) {
  const state = { wall, steady: 5_000 }
  return { state, ticks: { wall: () => state.wall, steady: () => state.steady } }
}

test('after a contact the phone clock is not believed', () => {
  const { state, ticks } = device(SERVER + 6 * HOUR)
  const clock = new ServerClock(0, ticks)
  clock.contact(SERVER)
  state.wall -= 3 * HOUR
  state.steady += 10_000
  expect(clock.now()).toBe(SERVER + 10_000)
})

test('a cold start keeps the offset of the last contact', () => {
  const { state, ticks } = device(SERVER + 6 * HOUR)
  const before = new ServerClock(0, ticks)
  before.contact(SERVER)
  state.wall += 60_000
  state.steady = 0
  expect(new ServerClock(before.offset, ticks).now()).toBe(SERVER + 60_000)
})

test('sleep that stopped the steady clock is made up for', () => {
  const { state, ticks } = device(SERVER)
  const clock = new ServerClock(0, ticks)
  clock.contact(SERVER)
  state.wall += HOUR
  clock.woke()
  expect(clock.now()).toBe(SERVER + HOUR)
})
