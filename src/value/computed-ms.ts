/** Milliseconds this thread has computed so far: a busy machine must not make something fail that is quick by itself. */
export function computedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
