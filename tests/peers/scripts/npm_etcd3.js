// Drives a server with npm's etcd3 and prints what it answers, one line a step.
// Usage: NODE_PATH=.../node_modules node npm_etcd3.js URL
'use strict';

const { Etcd3 } = require('etcd3');

const show = (step, ...values) => console.log(step, ...values.map((v) => JSON.stringify(v)));

async function keyValues(client) {
  await client.put('a/1').value('one');
  await client.put('a/2').value('two');
  await client.put('a/3').value('');
  show('get', await client.get('a/1').string(), await client.get('none').string());
  show('all', await client.getAll().prefix('a/').strings());
  show('keys', await client.getAll().prefix('a/').keys());
  show('limit', await client.getAll().prefix('a/').sort('Key', 'Descend').limit(2).keys());
  show('count', await client.getAll().prefix('a/').count());
  show('range', await client.getAll().inRange({ start: 'a/1', end: 'a/3' }).keys());
  show('previous', (await client.put('a/1').value('uno').getPrevious()).value.toString());
  show('delete', (await client.delete().key('a/3')).deleted, (await client.delete().prefix('zzz')).deleted);
}

async function transactions(client) {
  const done = await client.if('a/1', 'Value', '==', 'uno').and('none', 'Create', '==', 0)
    .then(client.put('t').value('yes'), client.get('a/2')).else(client.put('t').value('no')).commit();
  show('txn', done.succeeded, done.responses.length);
  const failed = await client.if('a/1', 'Version', '>', 99).then(client.put('t').value('x')).else(client.get('t')).commit();
  show('txn else', failed.succeeded, failed.responses[0].response_range.kvs[0].value.toString());
  await client.stm().transact((tx) => tx.get('a/1').then((value) => tx.put('a/1').value(`${value}!`)));
  show('stm', await client.get('a/1').string());
}

async function watches(client) {
  const watcher = await client.watch().prefix('w/').create();
  const seen = [];
  const three = new Promise((resolve) => watcher.on('data', (answer) => {
    answer.events.forEach((e) => seen.push([e.type, e.kv.key.toString(), e.kv.value.toString(), e.kv.version]));
    if (seen.length === 3) resolve();
  }));
  const put = await client.put('w/1').value('first');
  await client.put('w/1').value('second');
  await client.delete().key('w/1');
  await three;
  show('events', seen);
  await watcher.cancel();
  const past = await client.watch().key('w/1').startRevision(put.header.revision).create();
  const first = await new Promise((resolve) => past.once('put', resolve));
  show('replayed', first.value.toString());
  await past.cancel();
}

async function leases(client) {
  const lease = client.lease(600);
  await lease.put('l').value('leased');
  show('lease', await client.get('l').string());
  const alive = await lease.keepaliveOnce();
  show('keepalive', alive.TTL);
  await lease.revoke();
  show('revoked', await client.get('l').string());
}

async function locks(client) {
  const lock = client.lock('mine');
  await lock.acquire();
  const refused = await client.lock('mine').acquire().then(() => 'acquired', (e) => e.constructor.name);
  show('second lock', refused);
  await lock.release();
  show('do', await client.lock('mine').do(async () => 'inside'));
  const election = client.election('boss', 60);
  const campaign = election.campaign('me');
  await new Promise((resolve) => campaign.once('elected', resolve));
  show('leader', await election.leader());
  await campaign.resign();
  show('no leader', await election.leader());
}

async function main() {
  const client = new Etcd3({ hosts: process.argv[2] });
  for (const part of [keyValues, transactions, watches, leases, locks]) {
    await part(client);
  }
  show('members', (await client.cluster.memberList({})).members.map((m) => m.name));
  client.close();
}

main().then(() => process.exit(0), (error) => {
  console.log('failed', error.constructor.name, error.message);
  process.exit(1);
});
