/** What a promise that never rejects resolves with, or `undefined` once the time is up. What comes later is nobody's. */
export async function within<Result>(promise: Promise<Result>, ms: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined
  const up = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, ms))
  })
  try {
    return await Promise.race([promise, up])
  } finally {
    clearTimeout(timer)
  }
}
