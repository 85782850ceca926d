package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.SimEffect.Entries;
import dev.tars.runner.store.SimEffect.Metadata;
import dev.tars.runner.store.SimEffect.Slot;
import dev.tars.runner.store.SimEffect.Truncate;
import dev.tars.runner.store.SimEffect.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Two file systems in memory, {@code state} and {@code ws}, that know what a power cut would leave:
 * what an operation did is {@linkplain SimEffect pending} until a sync covers it. A file is synced
 * by {@code fsync} of the file, a name by {@code fsync} of its directory, everything of one file
 * system by {@code syncfs}, and nothing by anything else; no file system is weaker than that.
 * {@link DiskContractTest} holds it against the kernel.
 */
public final class SimulatedDisk implements Disk {
  static final long[] ROOTS = {1, 2};

  /** Real directories, empty: only for code that asks the operating system where a path leads. */
  public static final Path BASE = base();

  private final Map<Long, SimNode> now;
  private final Map<Long, SimNode> durable;
  private final Map<Long, SimNode> born = new HashMap<>();
  private final Map<Long, Integer> links;
  private final Map<Long, Handle> locks = new HashMap<>();
  private final List<SimEffect> pending = new ArrayList<>();
  private UnaryOperator<Bytes> folding = UnaryOperator.identity();
  private boolean folds;
  private Watcher watcher = Watcher.NONE;
  private long nextInode;
  private long clock = 1_700_000_000_000_000_000L;
  private boolean watching;

  /** Sees every call before and after; may call the disk itself, as another process would. */
  public interface Watcher {
    Watcher NONE = new Watcher() {};

    /**
     * @param changes true if the call may change something
     */
    default void before(String call, boolean changes) {}

    default void after(String call, boolean changes) {}
  }

  private SimulatedDisk(Map<Long, SimNode> nodes, Map<Long, Integer> links) {
    this.now = new HashMap<>(nodes);
    this.durable = new HashMap<>(nodes);
    this.links = new HashMap<>(links);
    this.nextInode = nodes.keySet().stream().mapToLong(n -> n).max().orElse(2) + 1;
  }

  /** Two empty file systems, below {@link #BASE}. */
  public static SimulatedDisk empty() {
    return empty(2);
  }

  /** Both directories on one file system. */
  public static SimulatedDisk emptyOnOne() {
    return empty(1);
  }

  private static SimulatedDisk empty(int device) {
    return of(
        new SimImage(
            Map.of(
                1L, SimNode.made(1, FileKind.DIRECTORY, 0700, 0),
                2L, SimNode.made(device, FileKind.DIRECTORY, 0755, 0))));
  }

  /** The disk after a power cut: no process, no lock, all that is there is durable. */
  public static SimulatedDisk of(SimImage image) {
    return new SimulatedDisk(image.nodes(), image.links());
  }

  static SimulatedDisk of(
      Map<Long, SimNode> durable, List<SimEffect> pending, Map<Long, SimNode> born) {
    Map<Long, SimNode> now = new HashMap<>(durable);
    pending.forEach(e -> e.apply(now, born));
    SimulatedDisk disk = of(new SimImage(now));
    disk.durable.clear();
    disk.durable.putAll(durable);
    disk.pending.addAll(pending);
    disk.born.putAll(born);
    long last = born.keySet().stream().mapToLong(n -> n).max().orElse(0);
    disk.nextInode = Math.max(disk.nextInode, last + 1);
    return disk;
  }

  private static Path base() {
    try {
      Path base = Files.createTempDirectory("tars-simulated").toRealPath();
      for (Path path : List.of(base, base.resolve("state"), base.resolve("ws"))) {
        if (!path.equals(base)) {
          Files.createDirectory(path);
        }
        path.toFile().deleteOnExit();
      }
      return base;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long rootOf(String top) {
    return top.equals("state") ? 1 : 2;
  }

  public void watch(Watcher next) {
    watcher = next;
  }

  /** Makes {@code ws} a file system that holds two names for one if they fold to the same. */
  public void fold(UnaryOperator<Bytes> fold) {
    folding = fold;
    folds = true;
  }

  /** What a power cut at this moment may leave. */
  public PowerCut powerCut() {
    return new PowerCut(new HashMap<>(durable), List.copyOf(pending), born);
  }

  /** Both trees as they are, nothing lost: what the end of a process alone leaves. */
  public SimImage image() {
    return new SimImage(now);
  }

  /** True if a process holds the lock of a file of this name, wherever it is. */
  public boolean isLocked(String name) {
    return locks.values().stream().anyMatch(h -> h.where.endsWith("/" + name));
  }

  /** Everything that was done survives from here on. */
  public void syncAll() {
    pending.clear();
    durable.clear();
    durable.putAll(now);
  }

  // ---- handles

  private static final class Handle implements Dir, DiskFile {
    private final SimulatedDisk disk;
    private final long inode;
    private final String where;
    private final boolean append;
    private long position;

    private Handle(SimulatedDisk disk, long inode, String where, boolean append) {
      this.disk = disk;
      this.inode = inode;
      this.where = where;
      this.append = append;
    }

    @Override
    public String where() {
      return where;
    }

    @Override
    public void close() {
      disk.locks.remove(inode, this);
    }
  }

  private static long inode(Dir dir) {
    return ((Handle) dir).inode;
  }

  private static long inode(DiskFile file) {
    return ((Handle) file).inode;
  }

  private void before(String call, boolean changes) {
    if (!watching) {
      watching = true;
      try {
        watcher.before(call, changes);
      } finally {
        watching = false;
      }
    }
  }

  private void after(String call, boolean changes) {
    if (!watching) {
      watching = true;
      try {
        watcher.after(call, changes);
      } finally {
        watching = false;
      }
    }
  }

  private void did(String call, SimEffect effect) {
    if (!effect.apply(now, born)) {
      throw new IllegalStateException(call + " was checked and cannot be done");
    }
    pending.add(effect);
    after(call, true);
  }

  // ---- opening and looking

  @Override
  public Dir open(Path directory) {
    before("open", false);
    Path below = BASE.relativize(directory);
    if (!directory.startsWith(BASE) || below.getNameCount() < 1) {
      throw new DiskException(Errno.ENOENT, "open", directory.toString());
    }
    long inode = rootOf(below.getName(0).toString());
    for (int i = 1; i < below.getNameCount(); i++) {
      inode = step(inode, Bytes.utf8(below.getName(i).toString()), directory.toString());
    }
    return new Handle(this, inode, directory.toString(), false);
  }

  @Override
  public Dir open(Dir base, RelativePath path) {
    before("open", false);
    long inode = inode(base);
    String where = path.isRoot() ? base.where() : base.where() + "/" + path;
    List<Bytes> names = path.components();
    for (int i = 0; i < names.size(); i++) {
      boolean last = i == names.size() - 1;
      long next = lookup(inode, names.get(i));
      if (last && next != 0 && now.get(next).kind() == FileKind.SYMLINK) {
        throw new DiskException(Errno.ENOTDIR, "open", where); // not followed, so not a directory
      }
      inode = step(inode, names.get(i), where);
    }
    return new Handle(this, inode, where, false);
  }

  private long step(long inode, Bytes name, String where) {
    long next = lookup(inode, name);
    if (next == 0) {
      throw new DiskException(Errno.ENOENT, "open", where);
    }
    FileKind kind = now.get(next).kind();
    if (kind != FileKind.DIRECTORY) {
      throw new DiskException(
          kind == FileKind.SYMLINK ? Errno.ELOOP : Errno.ENOTDIR, "open", where);
    }
    return next;
  }

  /** The inode that a name stands for; 0 if there is none. */
  private long lookup(long directory, Bytes name) {
    return now.get(directory).entry(stored(directory, name));
  }

  /** The name as the directory holds it, which differs only where names are folded. */
  private Bytes stored(long directory, Bytes name) {
    SimNode node = now.get(directory);
    if (!folds || node.device() != 2) {
      return name;
    }
    Bytes folded = folding.apply(name);
    return node.entries().keySet().stream()
        .filter(n -> folding.apply(n).equals(folded))
        .findFirst()
        .orElse(name);
  }

  private static void requireName(Bytes name) {
    boolean dots = name.length() <= 2 && name.toString().matches("\\.{1,2}");
    if (name.length() == 0 || dots) {
      throw new DiskException(Errno.EINVAL, "name", name.toString());
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.at(i) == '/' || name.at(i) == 0) {
        throw new DiskException(Errno.EINVAL, "name", name.toString());
      }
    }
    if (name.length() > 255) {
      throw new DiskException(Errno.ENAMETOOLONG, "name", name.toString());
    }
  }

  private long require(Dir dir, Bytes name, String call) {
    requireName(name);
    long inode = lookup(inode(dir), name);
    if (inode == 0) {
      throw new DiskException(Errno.ENOENT, call, dir.where() + "/" + name);
    }
    return inode;
  }

  /** Where a new name shall be: in a directory that is still linked. */
  private long free(Dir dir, Bytes name, String call) {
    requireName(name);
    long directory = inode(dir);
    requireLinked(directory, call, dir);
    if (lookup(directory, name) != 0) {
      throw new DiskException(Errno.EEXIST, call, dir.where() + "/" + name);
    }
    return directory;
  }

  private void requireLinked(long directory, String call, Dir dir) {
    if (links.getOrDefault(directory, 0) == 0) {
      throw new DiskException(Errno.ENOENT, call, dir.where());
    }
  }

  @Override
  public List<DirEntry> list(Dir dir) {
    before("list", false);
    List<DirEntry> found = new ArrayList<>();
    now.get(inode(dir)).entries().forEach((n, i) -> found.add(new DirEntry(n, now.get(i).kind())));
    return found;
  }

  @Override
  public Optional<FileStat> stat(Dir dir, Bytes name) {
    before("stat", false);
    requireName(name);
    long inode = lookup(inode(dir), name);
    return inode == 0 ? Optional.empty() : Optional.of(stat(inode));
  }

  @Override
  public FileStat stat(Dir dir) {
    before("stat", false);
    return stat(inode(dir));
  }

  @Override
  public FileStat stat(DiskFile file) {
    before("stat", false);
    return stat(inode(file));
  }

  private FileStat stat(long inode) {
    SimNode n = now.get(inode);
    long size = n.isDirectory() ? 4096 : n.data().length;
    return new FileStat(
        n.kind(),
        n.mode(),
        n.uid(),
        n.gid(),
        size,
        (size + 4095) / 4096 * 4096,
        n.modified(),
        n.modified(),
        inode,
        n.device(),
        n.isDirectory() ? 2 : links.getOrDefault(inode, 0),
        0,
        n.device(),
        0);
  }

  @Override
  public FsStat statfs(Dir dir) {
    return new FsStat(1L << 40, Long.MAX_VALUE, 0, false);
  }

  // ---- content

  @Override
  public DiskFile open(Dir dir, Bytes name, OpenMode mode) {
    before("open", false);
    long inode = require(dir, name, "open");
    String where = dir.where() + "/" + name;
    FileKind kind = now.get(inode).kind();
    if (kind != FileKind.REGULAR) {
      throw new DiskException(kind == FileKind.SYMLINK ? Errno.ELOOP : Errno.EINVAL, "open", where);
    }
    return new Handle(this, inode, where, mode == OpenMode.APPEND);
  }

  @Override
  public DiskFile create(Dir dir, Bytes name, int mode) {
    before("create", true);
    long inode = make(dir, name, FileKind.REGULAR, 0600, new byte[0], "create");
    Handle file = new Handle(this, inode, dir.where() + "/" + name, false);
    if (mode != 0600) {
      setMode(inode, mode);
    }
    return file;
  }

  /** A new inode under a new name; its mode may be set afterwards, which is a call of its own. */
  private long make(Dir dir, Bytes name, FileKind kind, int mode, byte[] data, String call) {
    long directory = free(dir, name, call);
    long inode = nextInode++;
    int device = now.get(directory).device();
    born.put(inode, SimNode.made(device, kind, mode, ++clock).withData(data, clock));
    links.put(inode, 1);
    did(call, new Entries(device, List.of(new Slot(directory, name, 0, inode)), 0));
    return inode;
  }

  @Override
  public int read(DiskFile file, byte[] into, int offset, int length) {
    before("read", false);
    Handle handle = (Handle) file;
    byte[] data = now.get(handle.inode).data();
    int n = (int) Math.min(length, Math.max(0, data.length - handle.position));
    System.arraycopy(data, (int) Math.min(handle.position, data.length), into, offset, n);
    handle.position += n;
    return n == 0 && length > 0 ? -1 : n;
  }

  @Override
  public void write(DiskFile file, byte[] from, int offset, int length) {
    before("write", true);
    Handle handle = (Handle) file;
    SimNode node = now.get(handle.inode);
    long at = handle.append ? node.data().length : handle.position;
    if (at > node.data().length) { // a hole, as the kernel makes one
      did("write", new Truncate(node.device(), handle.inode, at, ++clock));
    }
    byte[] bytes = Arrays.copyOfRange(from, offset, offset + length);
    handle.position = at + length;
    did("write", new Write(node.device(), handle.inode, at, bytes, ++clock));
  }

  @Override
  public void seek(DiskFile file, long position) {
    ((Handle) file).position = position;
  }

  @Override
  public void truncate(DiskFile file, long size) {
    before("truncate", true);
    did("truncate", new Truncate(now.get(inode(file)).device(), inode(file), size, ++clock));
  }

  @Override
  public void copy(DiskFile from, DiskFile to) {
    byte[] data = now.get(inode(from)).data();
    write(to, data, 0, data.length);
  }

  @Override
  public void allocate(DiskFile file, long size) {
    before("allocate", true); // space is not modelled
  }

  // ---- syncing

  @Override
  public void fsync(DiskFile file) {
    before("fsync", true);
    settle(pending.stream().filter(e -> e.touches(inode(file))).toList());
    after("fsync", true);
  }

  @Override
  public void fdatasync(DiskFile file) {
    before("fdatasync", true);
    settle(
        pending.stream().filter(e -> e.touches(inode(file)) && !(e instanceof Metadata)).toList());
    after("fdatasync", true);
  }

  @Override
  public void fsync(Dir dir) {
    before("fsync", true);
    settle(pending.stream().filter(e -> e.touches(inode(dir))).toList());
    after("fsync", true);
  }

  @Override
  public void syncfs(Dir dir) {
    before("syncfs", true);
    int device = now.get(inode(dir)).device();
    settle(pending.stream().filter(e -> e.device() == device).toList());
    after("syncfs", true);
  }

  /** Makes effects durable, and with them what they cannot be without. */
  private void settle(List<SimEffect> chosen) {
    List<SimEffect> all = new ArrayList<>();
    for (int i = pending.size() - 1; i >= 0; i--) {
      SimEffect effect = pending.get(i);
      boolean needed =
          effect instanceof Entries earlier
              && all.stream()
                  .anyMatch(e -> e instanceof Entries later && needs(later, earlier, chosen));
      if (needed || isAmong(chosen, effect)) {
        all.add(effect);
      }
    }
    for (SimEffect effect : all.reversed()) {
      boolean _ = effect.apply(durable, born);
    }
    pending.removeIf(e -> isAmong(all, e));
  }

  /** A move takes the directories along that it moves into; a sync of a directory does not. */
  private static boolean needs(Entries later, Entries earlier, List<SimEffect> chosen) {
    boolean withDirectories = later.isMove() || !isAmong(chosen, later);
    return later.needs(earlier) || (withDirectories && later.isInside(earlier));
  }

  private static boolean isAmong(Collection<SimEffect> effects, SimEffect one) {
    return effects.stream().anyMatch(e -> e == one);
  }

  // ---- names

  @Override
  public void mkdir(Dir dir, Bytes name, int mode) {
    before("mkdir", true);
    long inode = make(dir, name, FileKind.DIRECTORY, 0700, new byte[0], "mkdir");
    if (mode != 0700) {
      setMode(inode, mode);
    }
  }

  @Override
  public void symlink(Dir dir, Bytes name, Bytes target) {
    before("symlink", true);
    make(dir, name, FileKind.SYMLINK, 0777, target.toArray(), "symlink");
  }

  @Override
  public void whiteout(Dir dir, Bytes name) {
    before("mknod", true);
    make(dir, name, FileKind.CHARACTER_DEVICE, 0, new byte[0], "mknod");
  }

  @Override
  public void unlink(Dir dir, Bytes name) {
    before("unlink", true);
    long inode = require(dir, name, "unlink");
    if (now.get(inode).isDirectory()) {
      throw new DiskException(Errno.EISDIR, "unlink", dir.where() + "/" + name);
    }
    links.merge(inode, -1, Integer::sum);
    gone(dir, name, inode, 0, "unlink");
  }

  @Override
  public void rmdir(Dir dir, Bytes name) {
    before("rmdir", true);
    long inode = require(dir, name, "rmdir");
    SimNode node = now.get(inode);
    if (!node.isDirectory() || !node.entries().isEmpty()) {
      Errno errno = node.isDirectory() ? Errno.ENOTEMPTY : Errno.ENOTDIR;
      throw new DiskException(errno, "rmdir", dir.where() + "/" + name);
    }
    links.put(inode, 0);
    gone(dir, name, inode, inode, "rmdir");
  }

  private void gone(Dir dir, Bytes name, long inode, long emptied, String call) {
    Slot slot = new Slot(inode(dir), stored(inode(dir), name), inode, 0);
    did(call, new Entries(now.get(inode).device(), List.of(slot), emptied));
  }

  @Override
  public void link(Dir from, Bytes name, Dir to, Bytes newName) {
    before("link", true);
    long inode = require(from, name, "link");
    SimNode node = now.get(inode);
    long directory = free(to, newName, "link");
    if (node.isDirectory() || now.get(directory).device() != node.device()) {
      Errno errno = node.isDirectory() ? Errno.EPERM : Errno.EXDEV;
      throw new DiskException(errno, "link", to.where() + "/" + newName);
    }
    links.merge(inode, 1, Integer::sum);
    did("link", new Entries(node.device(), List.of(new Slot(directory, newName, 0, inode)), 0));
  }

  @Override
  public void rename(Dir from, Bytes name, Dir to, Bytes newName, RenameMode mode) {
    before("rename", true);
    String where = from.where() + "/" + name + " to " + to.where() + "/" + newName;
    long moved = require(from, name, "rename");
    requireName(newName);
    long target = inode(to);
    requireLinked(target, "rename", to);
    SimNode node = now.get(moved);
    if (node.device() != now.get(target).device()) {
      throw new DiskException(Errno.EXDEV, "rename", where);
    }
    long there = lookup(target, newName);
    Bytes old = stored(inode(from), name);
    Bytes kept = stored(target, newName);
    boolean sameSlot = inode(from) == target && old.equals(kept);
    problem(mode, moved, there, target, inode(from))
        .ifPresent(errno -> {
          throw new DiskException(errno, "rename", where);
        });
    if (there == moved && (mode != RenameMode.REPLACE || old.equals(newName) || !sameSlot)) {
      return; // two names of one file, or a name and itself: nothing happens
    }
    List<Slot> slots = new ArrayList<>();
    long back = mode == RenameMode.EXCHANGE ? there : 0;
    slots.add(new Slot(inode(from), old, moved, back));
    slots.add(
        sameSlot ? new Slot(target, newName, 0, moved) : new Slot(target, kept, there, moved));
    boolean emptied = mode == RenameMode.REPLACE && there != 0 && now.get(there).isDirectory();
    if (mode == RenameMode.REPLACE && there != 0 && !sameSlot) {
      links.merge(there, emptied ? -links.get(there) : -1, Integer::sum);
    }
    did("rename", new Entries(node.device(), slots, emptied ? there : 0));
  }

  /** Why it cannot be done, in the order in which the kernel looks. */
  private Optional<Errno> problem(
      RenameMode mode, long moved, long there, long target, long source) {
    if (mode == RenameMode.NOREPLACE && there != 0) {
      return Optional.of(Errno.EEXIST);
    }
    if (mode == RenameMode.EXCHANGE && there == 0) {
      return Optional.of(Errno.ENOENT);
    }
    if (now.get(moved).isDirectory() && isInside(target, moved)) {
      return Optional.of(Errno.EINVAL);
    }
    if (there == 0 || there == moved) {
      return Optional.empty();
    }
    boolean directory = now.get(there).isDirectory();
    if (directory && isInside(source, there)) {
      return Optional.of(mode == RenameMode.EXCHANGE ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    if (mode == RenameMode.EXCHANGE) {
      return Optional.empty();
    }
    if (directory != now.get(moved).isDirectory()) {
      return Optional.of(directory ? Errno.EISDIR : Errno.ENOTDIR);
    }
    return directory && !now.get(there).entries().isEmpty()
        ? Optional.of(Errno.ENOTEMPTY)
        : Optional.empty();
  }

  private boolean isInside(long inode, long top) {
    if (inode == top) {
      return true;
    }
    SimNode node = now.get(top);
    return node.entries().values().stream().anyMatch(i -> isInside(inode, i));
  }

  // ---- metadata

  @Override
  public Bytes readlink(Dir dir, Bytes name) {
    before("readlink", false);
    SimNode node = now.get(require(dir, name, "readlink"));
    if (node.kind() != FileKind.SYMLINK) {
      throw new DiskException(Errno.EINVAL, "readlink", dir.where() + "/" + name);
    }
    return Bytes.of(node.data());
  }

  private void setMode(long inode, int mode) {
    change("chmod", inode, n -> n.withMode(mode));
  }

  private void change(String call, long inode, UnaryOperator<SimNode> change) {
    before(call, true);
    did(call, new Metadata(now.get(inode).device(), inode, change));
  }

  @Override
  public void chmod(Dir dir, Bytes name, int mode) {
    long inode = require(dir, name, "chmod");
    if (now.get(inode).kind() == FileKind.SYMLINK) {
      throw new DiskException(Errno.EOPNOTSUPP, "chmod", dir.where() + "/" + name);
    }
    setMode(inode, mode);
  }

  @Override
  public void chown(Dir dir, Bytes name, int uid, int gid) {
    change("chown", require(dir, name, "chown"), n -> n.withOwner(uid, gid));
  }

  @Override
  public void setModified(Dir dir, Bytes name, long nanos) {
    change("utimens", require(dir, name, "utimens"), n -> n.withModified(nanos));
  }

  @Override
  public List<Bytes> xattrs(Dir dir, Bytes name) {
    before("listxattr", false);
    return List.copyOf(now.get(require(dir, name, "listxattr")).xattrs().keySet());
  }

  @Override
  public Bytes xattr(Dir dir, Bytes name, Bytes attribute) {
    before("getxattr", false);
    Bytes value = now.get(require(dir, name, "getxattr")).xattrs().get(attribute);
    if (value == null) {
      throw new DiskException(Errno.ENODATA, "getxattr", dir.where() + "/" + name);
    }
    return value;
  }

  @Override
  public void setXattr(Dir dir, Bytes name, Bytes attribute, Bytes value) {
    long inode = require(dir, name, "setxattr");
    if (now.get(inode).kind() == FileKind.SYMLINK) {
      throw new DiskException(Errno.EPERM, "setxattr", dir.where() + "/" + name);
    }
    attributes("setxattr", inode, attribute, value);
  }

  @Override
  public void removeXattr(Dir dir, Bytes name, Bytes attribute) {
    Bytes _ = xattr(dir, name, attribute);
    attributes("removexattr", require(dir, name, "removexattr"), attribute, null);
  }

  private void attributes(String call, long inode, Bytes attribute, Bytes value) {
    change(
        call,
        inode,
        n -> {
          Map<Bytes, Bytes> next = new TreeMap<>(n.xattrs());
          next.remove(attribute);
          if (value != null) {
            next.put(attribute, value);
          }
          return n.withXattrs(next);
        });
  }

  @Override
  public boolean tryLock(DiskFile file) {
    return lock((Handle) file);
  }

  @Override
  public boolean tryLock(Dir dir) {
    return lock((Handle) dir);
  }

  private boolean lock(Handle handle) {
    before("flock", false);
    Handle holder = locks.putIfAbsent(handle.inode, handle);
    return holder == null || holder == handle;
  }
}
