// Claims the lock that its first argument names once its second, a moment in milliseconds, has come; says who won, and
// holds the lock until it is told to stop or, after its third argument, to end at once without giving it back.
const { claim } = await import('../../../dist/src/store/lock.js');
const [path, moment, ending] = process.argv.slice(2);
const asleep = Math.max(0, Number(moment) - Date.now() - 20);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, asleep);
while (Date.now() < Number(moment));
let lock;
try {
  lock = claim(path, 'the folder');
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
  process.exit(0);
}
console.log('won');
if (ending === 'killed') process.kill(process.pid, 'SIGKILL');
process.stdin.on('end', () => lock.release()).resume();
