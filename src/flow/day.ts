/** Tells the day, `YYYY-MM-DD`, in a time zone of the IANA data base. Throws a RangeError where there is none of that name. */
export function dayIn(timeZone: string): (now: Date) => string {
  if (timeZone === 'UTC') return (now) => now.toISOString().slice(0, 10)
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  // Sweden writes its dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, ...parts })
  return (now) => format.format(now)
}
