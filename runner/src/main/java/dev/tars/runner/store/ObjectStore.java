package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Content under its SHA-256, in {@code objects/ab/<64 hex>}. Immutable once there. An object is
 * complete when it has its name; it survives a power cut only after {@link #sync()}.
 */
public final class ObjectStore {
  private static final Bytes TRASH = Bytes.utf8("trash");
  private static final AtomicLong TEMPORARY = new AtomicLong();

  private final Disk disk;
  private final Path root;

  ObjectStore(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  /** Stores bytes and returns their digest. */
  public Digest put(byte[] content) {
    Digest digest = Digest.of(content);
    if (!renew(digest)) {
      try (Disk.Dir dir = shard(digest)) {
        Bytes temporary = temporaryName();
        try (Disk.DiskFile file = disk.create(dir, temporary, Sharing.immutable(disk, dir))) {
          Directories.orUnlink(
              disk, dir, temporary, () -> disk.write(file, content, 0, content.length));
        }
        publish(dir, temporary, digest);
      }
    }
    return digest;
  }

  /**
   * Copies all of a file into the store. What is hashed is what was copied, so a file that changes
   * meanwhile gives a digest of what is stored, never of something else.
   *
   * @throws RunnerException RESOURCE_LIMIT if the file is longer than {@code maxBytes}
   */
  public Digest put(Disk.DiskFile source, long maxBytes) {
    if (disk.stat(source).size() > maxBytes) {
      throw new RunnerException(
          FailureCode.RESOURCE_LIMIT,
          source.where() + " is larger than " + maxBytes + " bytes",
          "raise the limit in the policy, or keep the file out");
    }
    Bytes temporary = temporaryName();
    try (Disk.Dir dir = directory(Bytes.utf8("tmp"))) {
      Digest digest;
      try (Disk.DiskFile copy = disk.create(dir, temporary, Sharing.immutable(disk, dir))) {
        digest =
            Directories.orUnlink(disk, dir, temporary, () -> copyHashing(source, copy, maxBytes));
      }
      try (Disk.Dir shard = shard(digest)) {
        moveIn(dir, temporary, shard, digest);
      }
      return digest;
    }
  }

  /**
   * Takes in content whose digest is known before it comes. When the stream is closed the content
   * is there, or it was another one and is gone.
   *
   * @return a stream that throws INTEGRITY when it is closed on other bytes
   */
  public OutputStream receive(Digest digest) {
    Bytes temporary = temporaryName();
    MessageDigest md = Digest.sha256();
    Disk.Dir dir = shard(digest);
    Disk.DiskFile file;
    try {
      file = disk.create(dir, temporary, Sharing.immutable(disk, dir));
    } catch (DiskException e) {
      dir.close();
      throw e;
    }
    return new OutputStream() {
      @Override
      public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) {
        disk.write(file, from, offset, length);
        md.update(from, offset, length);
      }

      @Override
      public void close() {
        try (dir) {
          file.close();
          if (!Digest.finish(md).equals(digest)) {
            disk.unlink(dir, temporary);
            throw new RunnerException(
                FailureCode.INTEGRITY,
                "what came is not the content " + digest.brief(),
                "bring it again");
          }
          publish(dir, temporary, digest);
        }
      }
    };
  }

  private Digest copyHashing(Disk.DiskFile source, Disk.DiskFile copy, long maxBytes) {
    MessageDigest md = Digest.sha256();
    byte[] buffer = new byte[1 << 17];
    SparseWriter to = new SparseWriter(disk, copy, disk.stat(source));
    long total = 0;
    for (int n = disk.read(source, buffer, 0, buffer.length);
        n > 0;
        n = disk.read(source, buffer, 0, buffer.length)) {
      total += n;
      if (total > maxBytes) {
        throw new RunnerException(
            FailureCode.RESOURCE_LIMIT,
            source.where() + " grew past " + maxBytes + " bytes while it was read",
            "run again when nothing writes to it");
      }
      md.update(buffer, 0, n);
      to.write(buffer, n);
    }
    to.finish();
    return Digest.finish(md);
  }

  /**
   * True if it is there, whole; from now on it counts as new, so that a collection leaves it alone.
   * It is read to the end: a power cut may leave a name whose bytes never came to the disk, and who
   * relied on it would displace a file that nobody has. False means: put it.
   */
  public boolean renew(Digest digest) {
    try (Disk.Dir dir = shard(digest)) {
      if (!isWhole(dir, digest)) {
        return false;
      }
      disk.setModified(dir, name(digest), System.currentTimeMillis() * 1_000_000L);
      return true;
    } catch (DiskException e) {
      return switch (e.errno()) {
        case ENOENT -> false;
        case EPERM -> renewed(digest); // another person's, in a shared state directory
        default -> throw e;
      };
    }
  }

  private boolean isWhole(Disk.Dir dir, Digest digest) {
    MessageDigest md = Digest.sha256();
    try (Disk.DiskFile file = disk.open(dir, name(digest), Disk.OpenMode.READ)) {
      byte[] buffer = new byte[(int) Math.min(1 << 16, disk.stat(file).size() + 1)];
      for (int n = disk.read(file, buffer, 0, buffer.length);
          n > 0;
          n = disk.read(file, buffer, 0, buffer.length)) {
        md.update(buffer, 0, n);
      }
    }
    return Digest.finish(md).equals(digest);
  }

  /** Puts a copy of our own in its place; false if it is damaged, so that it is put again. */
  private boolean renewed(Digest digest) {
    try (Disk.Dir dir = shard(digest)) {
      return writeAnew(dir, name(digest));
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  public boolean has(Digest digest) {
    try (Disk.Dir dir = shard(digest)) {
      return disk.stat(dir, name(digest)).isPresent();
    }
  }

  /** Length in bytes. */
  public long size(Digest digest) {
    try (Disk.Dir dir = shard(digest)) {
      return disk.stat(dir, name(digest)).orElseThrow(() -> missing(digest)).size();
    }
  }

  /** Opens an object; the caller checks the digest of what it reads, or uses {@link #open}. */
  public Disk.DiskFile openFile(Digest digest) {
    try (Disk.Dir dir = shard(digest)) {
      return AtomicFile.openOurs(disk, dir, name(digest));
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        throw missing(digest);
      }
      throw e;
    }
  }

  /** All of a small object, verified. */
  public byte[] read(Digest digest, long maxBytes) {
    if (size(digest) > maxBytes) {
      throw new RunnerException(
          FailureCode.RESOURCE_LIMIT,
          "object " + digest.brief() + " is larger than " + maxBytes + " bytes",
          "look at the file itself");
    }
    try (InputStream in = open(digest)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A stream that throws INTEGRITY at its end if the bytes are not what the name says. */
  public InputStream open(Digest digest) {
    return new VerifiedStream(disk, openFile(digest), digest);
  }

  /** True if a sync of that file system is one of the store too. */
  public boolean isOnDevice(long device) {
    try (Disk.Dir dir = disk.open(root)) {
      return disk.stat(dir).device() == device;
    }
  }

  /** Writes back everything that was put. */
  public void sync() {
    try (Disk.Dir dir = directory(Bytes.utf8("tmp"))) {
      disk.syncfs(dir);
    }
  }

  /** Makes a few objects survive a power cut: content, name, and the directory of the name. */
  public void sync(Collection<Digest> digests) {
    Set<String> shards = new LinkedHashSet<>();
    for (Digest digest : new LinkedHashSet<>(digests)) {
      try (Disk.Dir dir = shard(digest);
          Disk.DiskFile file = disk.open(dir, name(digest), Disk.OpenMode.READ)) {
        disk.fsync(file);
        shards.add(digest.hex().substring(0, 2));
      }
    }
    for (String shard : shards) {
      try (Disk.Dir dir = directory(Bytes.utf8(shard))) {
        disk.fsync(dir);
      }
    }
    try (Disk.Dir objects = disk.open(root)) {
      disk.fsync(objects);
    }
  }

  /** Every object, with what the file system says of it. */
  public void forEach(BiConsumer<Digest, FileStat> each) {
    try (Disk.Dir objects = disk.open(root)) {
      for (Disk.DirEntry shard : disk.list(objects)) {
        if (!shard.name().lossyText().matches("[0-9a-f]{2}")) {
          continue;
        }
        try (Disk.Dir dir = disk.open(objects, RelativePath.of(shard.name()))) {
          for (Disk.DirEntry entry : disk.list(dir)) {
            String hex = entry.name().lossyText();
            if (hex.matches("[0-9a-f]{64}")) {
              disk.stat(dir, entry.name()).ifPresent(s -> each.accept(new Digest(hex), s));
            }
          }
        }
      }
    }
  }

  /**
   * Moves an object out of the store, to be removed by {@link #emptyTrash} or brought back by
   * {@link #restore}. Whoever needs it from now on puts it again.
   *
   * @return false if somebody renewed it since {@code cutoffNanos}: it stays
   */
  public boolean trash(Digest digest, long cutoffNanos) {
    try (Disk.Dir dir = shard(digest);
        Disk.Dir trash = directory(TRASH)) {
      disk.rename(dir, name(digest), trash, name(digest), Disk.RenameMode.REPLACE);
      // Renewed between the look and the rename: whoever did so relies on it.
      boolean renewed =
          disk.stat(trash, name(digest)).filter(s -> s.modifiedNanos() >= cutoffNanos).isPresent();
      if (renewed) {
        restore(digest);
      }
      return !renewed;
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** Brings an object back that was moved out. */
  public void restore(Digest digest) {
    try (Disk.Dir dir = shard(digest);
        Disk.Dir trash = directory(TRASH)) {
      disk.rename(trash, name(digest), dir, name(digest), Disk.RenameMode.NOREPLACE);
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  /** What a collection that died had moved out, and nobody has judged since. */
  public List<Digest> trashed() {
    try (Disk.Dir trash = directory(TRASH)) {
      return disk.list(trash).stream()
          .map(e -> e.name().lossyText())
          .filter(n -> n.matches("[0-9a-f]{64}"))
          .map(Digest::new)
          .toList();
    }
  }

  /** Removes for good what was moved out, and files that a dead process left half written. */
  public void emptyTrash(long cutoffNanos) {
    try (Disk.Dir objects = disk.open(root)) {
      Directories.remove(disk, objects, TRASH);
      try (Disk.Dir tmp = directory(Bytes.utf8("tmp"))) {
        for (Disk.DirEntry entry : disk.list(tmp)) {
          if (disk.stat(tmp, entry.name())
              .filter(s -> s.modifiedNanos() < cutoffNanos)
              .isPresent()) {
            disk.unlink(tmp, entry.name());
          }
        }
      }
    }
  }

  /**
   * Copies and syncs every object that was put or renewed since; what a failed sync may have lost.
   */
  public void writeAnew(long sinceNanos) {
    try (Disk.Dir objects = disk.open(root)) {
      for (Disk.DirEntry shard : disk.list(objects)) {
        if (!shard.name().lossyText().matches("[0-9a-f]{2}")) {
          continue;
        }
        try (Disk.Dir dir = disk.open(objects, RelativePath.of(shard.name()))) {
          for (Disk.DirEntry entry : disk.list(dir)) {
            boolean recent =
                disk.stat(dir, entry.name())
                    .filter(s -> s.kind() == FileKind.REGULAR && s.modifiedNanos() >= sinceNanos)
                    .isPresent();
            if (recent && entry.name().lossyText().matches("[0-9a-f]{64}")) {
              boolean _ = writeAnew(dir, entry.name());
            }
          }
          disk.fsync(dir);
        }
      }
    }
  }

  private boolean writeAnew(Disk.Dir dir, Bytes name) {
    Bytes temporary = temporaryName();
    try (Disk.DiskFile from = disk.open(dir, name, Disk.OpenMode.READ);
        Disk.DiskFile to = disk.create(dir, temporary, Sharing.immutable(disk, dir))) {
      Digest digest = copyHashing(from, to, Long.MAX_VALUE);
      if (!name(digest).equals(name)) {
        disk.unlink(dir, temporary); // damaged: to write it anew would only look like a repair
        return false;
      }
      disk.fsync(to);
    }
    disk.rename(dir, temporary, dir, name, Disk.RenameMode.REPLACE);
    return true;
  }

  private void publish(Disk.Dir dir, Bytes temporary, Digest digest) {
    moveIn(dir, temporary, dir, digest);
  }

  /** What is there already stays if it is whole; a damaged one goes, for a copy on the disk. */
  private void moveIn(Disk.Dir from, Bytes temporary, Disk.Dir shard, Digest digest) {
    try {
      disk.rename(from, temporary, shard, name(digest), Disk.RenameMode.NOREPLACE);
    } catch (DiskException e) {
      if (e.errno() != Errno.EEXIST) {
        disk.unlink(from, temporary);
        throw e;
      }
      if (renew(digest)) {
        disk.unlink(from, temporary);
      } else {
        try (Disk.DiskFile copy = disk.open(from, temporary, Disk.OpenMode.READ)) {
          disk.fsync(copy);
        }
        disk.rename(from, temporary, shard, name(digest), Disk.RenameMode.REPLACE);
      }
    }
  }

  private Disk.Dir shard(Digest digest) {
    return directory(Bytes.utf8(digest.hex().substring(0, 2)));
  }

  private Disk.Dir directory(Bytes name) {
    try {
      return disk.open(root.resolve(name.lossyText()));
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    try (Disk.Dir objects = disk.open(root)) {
      return Directories.openOrMake(disk, objects, name);
    }
  }

  private static Bytes name(Digest digest) {
    return Bytes.utf8(digest.hex());
  }

  private static Bytes temporaryName() {
    return Bytes.utf8(".new-" + ProcessHandle.current().pid() + "-" + TEMPORARY.incrementAndGet());
  }

  private static RunnerException missing(Digest digest) {
    return new RunnerException(
        FailureCode.INTEGRITY,
        "object " + digest.brief() + " is not in the store",
        "restore the state directory from a backup; `tarscli audit verify` lists all that is missing");
  }
}
