package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

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
    Map<Bytes, Bytes> xattrs,
    Hashes hashes) {
  private static final byte[] NOTHING = {};

  /** Of the content, made when first asked for: most images share most nodes. */
  static final class Hashes {
    private byte[] hash;
  }

  /** SHA-256 of the content as {@code shown} shows it; a node is only ever shown in one way. */
  byte[] hash(UnaryOperator<byte[]> shown) {
    byte[] known = hashes.hash;
    if (known == null) {
      known = Digest.sha256().digest(shown.apply(data));
      hashes.hash = known;
    }
    return known;
  }

  static SimNode made(int device, FileKind kind, int mode, long now) {
    return new SimNode(device, kind, mode, 0, 0, now, NOTHING, Map.of(), Map.of(), new Hashes());
  }

  boolean isDirectory() {
    return kind == FileKind.DIRECTORY;
  }

  SimNode withData(byte[] next, long now) {
    return new SimNode(device, kind, mode, uid, gid, now, next, entries, xattrs, new Hashes());
  }

  SimNode withMode(int next) {
    return new SimNode(device, kind, next, uid, gid, modified, data, entries, xattrs, hashes);
  }

  SimNode withOwner(int nextUid, int nextGid) {
    return new SimNode(
        device, kind, mode, nextUid, nextGid, modified, data, entries, xattrs, hashes);
  }

  SimNode withModified(long next) {
    return new SimNode(device, kind, mode, uid, gid, next, data, entries, xattrs, hashes);
  }

  SimNode withXattrs(Map<Bytes, Bytes> next) {
    return new SimNode(device, kind, mode, uid, gid, modified, data, entries, next, hashes);
  }

  /** The same directory with a name that stands for {@code inode}, or for nothing if it is 0. */
  SimNode with(Bytes name, long inode) {
    Map<Bytes, Long> next = new TreeMap<>(entries);
    if (inode == 0) {
      next.remove(name);
    } else {
      next.put(name, inode);
    }
    return new SimNode(device, kind, mode, uid, gid, modified, data, next, xattrs, hashes);
  }

  long entry(Bytes name) {
    return entries.getOrDefault(name, 0L);
  }
}
