import { describe, expect, test } from 'vitest'
import { isMail, meantMail } from './mail.ts'

describe('the e-mail field (A-035)', () => {
  test.each(['petr@petrov.ru', 'a.b+c@sub.example.co'])('%s is an address', text => expect(isMail(text)).toBe(true))
  test.each(['petr', 'petr@', '@petrov.ru', 'petr@petrov', 'a b@c.ru'])('%s is not', text => expect(isMail(text)).toBe(false))
  test.each([['a@gmial.com', 'a@gmail.com'], ['a@gmail.ru', 'a@gmail.com'], ['a@yandex.ry', 'a@yandex.ru'], ['a@mal.ru', 'a@mail.ru']])('%s: maybe %s', (typed, meant) => {
    expect(meantMail(typed)).toBe(meant)
  })
  test.each(['a@gmail.com', 'a@ya.ru', 'a@mail.com', 'a@kunak.example'])('%s is left alone', text => expect(meantMail(text)).toBeNull())
})
