// Libraries of long ago and trackers of today: enumerable additions, wrapped natives, methods taken away.
Object.prototype.each = function each() { return this }
Array.prototype.last = function last() { return this[this.length - 1] }
Array.prototype.toJSON = function toJSON() { return 'an array was here' }
String.prototype.startsWithAny = function startsWithAny() { return false }
delete Element.prototype.replaceChildren
delete NodeList.prototype.forEach
delete Promise.prototype.finally
for (const [target, name] of [[EventTarget.prototype, 'addEventListener'], [Node.prototype, 'appendChild'], [window, 'fetch'], [Document.prototype, 'createElement'], [Element.prototype, 'setAttribute']]) {
  const before = target[name]
  target[name] = function wrapped(...given) {
    window.__calls = (window.__calls ?? 0) + 1
    return before.apply(this === undefined ? window : this, given)
  }
}
window.name = 'taken'
window.open = (open => (...given) => open.apply(window, given))(window.open)
// Another widget of the same kind has come before, under another name, and listens to every message.
addEventListener('message', event => { window.__heard = [...(window.__heard ?? []), event.data] })
