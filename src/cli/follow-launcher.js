// Loaded into a program that node24.js started. The launcher outlives its program unless it is killed outright: a kill -9
// of the one is then a kill -9 of the other, instead of a gateway that nobody sees holding on to its port.
// What the program forks in turn inherits this file with its options, and is told apart by its parent.
if (process.env['FLOWGATE_LAUNCHER'] === String(process.ppid)) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel?.unref()
}
