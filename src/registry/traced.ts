import { createHash, randomBytes } from 'node:crypto'
import type { Call } from '../plugin/delivery.ts'
import { withinCall } from './call-scope.ts'

type Method = (...given: unknown[]) => unknown

/**
 * The instance, with each of its calls in a scope of its own, so that its requests can be told by the submission they are
 * for. `onThrown` hears of every error.
 */
export function traced<Instance extends object>(instance: Instance, onThrown: (error: unknown) => void): Instance {
  const methods = new Map<unknown, Method>()
  const handler: ProxyHandler<Instance> = {
    has: (_, name) => Reflect.has(instance, name),
    get(_, name) {
      const member: unknown = Reflect.get(instance, name, instance)
      if (typeof member !== 'function') return member
      const method = methods.get(member) ?? inScope(member as Method, instance, onThrown)
      methods.set(member, method)
      return method
    },
  }
  // In front of nothing, for of a frozen object a proxy may show nothing but what is there.
  return new Proxy({} as Instance, handler)
}

function inScope(method: Method, instance: object, onThrown: (error: unknown) => void): Method {
  return (...given) => {
    const call = given.at(-1)
    if (!isCall(call)) return Reflect.apply(method, instance, given)
    return withinCall({ signal: call.signal, traceId: traceId(call.idempotencyKey) }, async () => {
      try {
        return await Reflect.apply(method, instance, given)
      } catch (error) {
        onThrown(error)
        throw error
      }
    })
  }
}

function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'idempotencyKey' in value && 'signal' in value
}

/** Of a submission's deliveries one and the same, over all attempts and processes. Any other call has one of its own. */
function traceId(idempotencyKey: string): string {
  const submission = /^sub_[0-9a-z]+/u.exec(idempotencyKey)?.[0]
  if (submission === undefined) return randomBytes(16).toString('hex')
  return createHash('sha256').update(`trace of ${submission}`).digest('hex').slice(0, 32)
}
