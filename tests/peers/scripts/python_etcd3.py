"""Drives a server with Debian's python3-etcd3 and prints what it answers, one line a step.

Usage: python_etcd3.py HOST PORT
"""
import sys
import threading

import etcd3

host, port = sys.argv[1], int(sys.argv[2])
client = etcd3.client(host=host, port=port, timeout=10)


def show(step, *values):
    print(step, *[repr(v) for v in values], flush=True)


def meta(metadata):
    return (metadata.key, metadata.create_revision, metadata.mod_revision, metadata.version)


# KV
client.put("a/1", "one")
client.put("a/2", b"\x00\xff")
client.put("a/3", "")
value, metadata = client.get("a/1")
show("get", value, meta(metadata))
show("get absent", client.get("nothing"))
show("prefix", [(v, meta(m)) for v, m in client.get_prefix("a/")])
show("prefix descending", [m.key for _, m in client.get_prefix("a/", sort_order="descend")])
show("prefix keys only", [(v, m.key) for v, m in client.get_prefix("a/", keys_only=True)])
show("range", [m.key for _, m in client.get_range("a/1", "a/3")])
show("all", [m.key for _, m in client.get_all()])
show("put prev", client.put("a/1", "uno", prev_kv=True).prev_kv.value)
show("put if absent", client.put_if_not_exists("a/1", "x"), client.put_if_not_exists("a/4", "four"))
show("replace", client.replace("a/1", "uno", "eins"), client.replace("a/1", "wrong", "x"))
show("delete", client.delete("a/4"), client.delete("a/4"))
show("delete prefix", client.delete_prefix("a/3").deleted)

# Transactions
tx = client.transactions
show("txn", client.transaction(
    compare=[tx.value("a/1") == "eins", tx.version("a/1") > 1, tx.create("none") == 0, tx.mod("a/1") > 1],
    success=[tx.put("t", "yes"), tx.get("t"), tx.delete("a/2")],
    failure=[tx.put("t", "no")])[0])
show("txn failing", client.transaction(compare=[tx.version("a/1") == 99], success=[tx.put("t", "x")], failure=[tx.put("f", "1")])[0])
show("after txn", [(v, m.key) for v, m in client.get_all()])

# Watch
events, cancel = client.watch_prefix("w/")


def write():
    client.put("w/1", "first")
    client.put("w/1", "second")
    client.delete("w/1")


writer = threading.Thread(target=write)
writer.start()
seen = [next(events) for _ in range(3)]
writer.join()
cancel()
show("events", [(type(e).__name__, e.key, e.value, e.version) for e in seen])
past, cancel = client.watch("w/1", start_revision=seen[0].mod_revision)
show("replayed", [(type(e).__name__, e.value) for e in (next(past) for _ in range(3))])
cancel()

# Leases
lease = client.lease(600)
client.put("l", "leased", lease)
info = client.get_lease_info(lease.id)
show("lease", info.grantedTTL, lease.remaining_ttl > 590, list(lease.keys))
show("refresh", [r.TTL for r in lease.refresh()])
lease.revoke()
show("revoked", client.get("l"))

# Lock
# (Its waiting acquire is broken with Debian's tenacity, so locks are taken when free.)
for attempt in ("first", "second"):
    lock = client.lock("mine", ttl=60)
    show(f"{attempt} lock", lock.acquire(timeout=5), lock.is_acquired())
    show(f"{attempt} release", lock.release(), lock.is_acquired())

# Compaction, members, status
client.put("c", "1")
revision = client.put("c", "2").header.revision
client.compact(revision)
show("compacted to", revision)
show("members", [m.name for m in client.members])
show("status", client.status().db_size > 0, client.status().leader.name)
client.close()
