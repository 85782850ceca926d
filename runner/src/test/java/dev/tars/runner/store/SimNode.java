package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import java.util.Map;
import java.util.TreeMap;

/**
 * An inode of a {@link SimulatedDisk}. Never changed: an operation makes another one, so that an
 * image of the disk is a copy of a map.
 *
 * @param data content of a file, target of a link
 * @param entries names of a directory and the inodes that they stand for
 */
record SimNode(
    int device,
    FileKind kind,
    int mode,
    int uid,
    int gid,
    long modified,
    byte[] data,
    Map<Bytes, Long> entries,
    Map<Bytes, Bytes> xattrs) {
  private static final byte[] NOTHING = {};

  static SimNode made(int device, FileKind kind, int mode, long now) {
    return new SimNode(device, kind, mode, 0, 0, now, NOTHING, Map.of(), Map.of());
  }

  boolean isDirectory() {
    return kind == FileKind.DIRECTORY;
  }

  SimNode withData(byte[] next, long now) {
    return new SimNode(device, kind, mode, uid, gid, now, next, entries, xattrs);
  }

  SimNode withMode(int next) {
    return new SimNode(device, kind, next, uid, gid, modified, data, entries, xattrs);
  }

  SimNode withOwner(int nextUid, int nextGid) {
    return new SimNode(device, kind, mode, nextUid, nextGid, modified, data, entries, xattrs);
  }

  SimNode withModified(long next) {
    return new SimNode(device, kind, mode, uid, gid, next, data, entries, xattrs);
  }

  SimNode withXattrs(Map<Bytes, Bytes> next) {
    return new SimNode(device, kind, mode, uid, gid, modified, data, entries, next);
  }

  /** The same directory with a name that stands for {@code inode}, or for nothing if it is 0. */
  SimNode with(Bytes name, long inode) {
    Map<Bytes, Long> next = new TreeMap<>(entries);
    if (inode == 0) {
      next.remove(name);
    } else {
      next.put(name, inode);
    }
    return new SimNode(device, kind, mode, uid, gid, modified, data, next, xattrs);
  }

  long entry(Bytes name) {
    return entries.getOrDefault(name, 0L);
  }
}
