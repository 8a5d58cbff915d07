import { type Card, type CardElement, isWebAddress } from './card.ts'

const mostBytes = 28 * 1024

/**
 * Why Teams would not show this card, in words for whoever repairs the plugin; `undefined` where nothing is wrong. Teams
 * accepts every card and shows a wrong one to nobody, so what we send is looked at once more before it leaves.
 */
export function cardFault(card: Card): string | undefined {
  if (card.body.length === 0) return 'the card is empty'
  const faults = [...card.body.map(elementFault), ...(card.actions ?? []).map(actionFault)]
  if (Buffer.byteLength(JSON.stringify(card)) > mostBytes) faults.push('the card is larger than 28 KB')
  return faults.find((fault) => fault !== undefined)
}

function elementFault(element: CardElement): string | undefined {
  switch (element.type) {
    case 'TextBlock':
      return isText(element.text) ? undefined : 'a text is empty'
    case 'FactSet':
      if (element.facts.length === 0) return 'a list of facts is empty'
      return element.facts.every(({ title, value }) => isText(title) && isText(value)) ? undefined : 'a fact is empty'
    default:
      return 'an element is of a type that this plugin does not write'
  }
}

function actionFault({ type, title, url }: NonNullable<Card['actions']>[number]): string | undefined {
  if (type !== 'Action.OpenUrl') return 'a button does something else than open an address'
  if (!isText(title)) return 'a button has no words'
  return isWebAddress(url) ? undefined : 'a button leads to no web address'
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed()
}
