// Loaded into a program that node24.js started. The launcher outlives its program unless it is killed outright: a kill -9
// of the one is then a kill -9 of the other, instead of a gateway that nobody sees holding on to its port.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.channel?.unref()
