package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one class that knows where things lie in the state directory; {@code docs/formats.md} has the
 * picture. Directories are made when they are first needed, mode 0700, or as {@link Sharing} says.
 */
public final class StoreLayout {
  /** In the directory of a workspace: the files that its transactions displaced. */
  public static final String DISPLACED = "displaced";

  /**
   * What transactions rely on. Made before there is a log, which makes its own place durable when
   * it begins, and these with it: who finds one that a killed process made may believe it.
   */
  private static final List<String> STANDING =
      List.of("objects", "transactions", "keys", "workspaces");

  private static final Pattern TRANSACTION = Pattern.compile("TX-[1-9][0-9]{0,9}");

  private final Disk disk;
  private final Path root;

  private StoreLayout(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  /**
   * Refuses a state directory that is in a workspace, or a workspace that is in it, before either
   * is touched: a box would see the state, or a run would copy it.
   *
   * @param home the home directory of the user, who may have meant to be elsewhere
   * @throws RunnerException CONFIG_INVALID
   */
  public static void requireApart(Path stateDir, Path workspace, Optional<Path> home) {
    Path state = resolved(stateDir);
    Path place = resolved(workspace);
    if (state.startsWith(place)) {
      RunnerException.Builder error =
          RunnerException.of(
                  FailureCode.CONFIG_INVALID, "the state directory is inside the workspace")
              .at(Escape.line(stateDir.toString()))
              .note("the workspace is " + Escape.line(workspace.toString()));
      if (home.map(StoreLayout::resolved).filter(place::equals).isPresent()) {
        error.note("that is your home directory: a run would copy all of it into boxes");
      }
      throw error.help(
          "go to a project, or name it with --workspace; or name another state directory with"
              + " --state-dir");
    }
    if (place.startsWith(state)) {
      throw RunnerException.of(
              FailureCode.CONFIG_INVALID, "the workspace is inside the state directory")
          .at(Escape.line(workspace.toString()))
          .note("the state directory is " + Escape.line(stateDir.toString()))
          .help("name a workspace that is a project, or another state directory with --state-dir");
    }
  }

  /** True if neither is in the other. */
  public static boolean areApart(Path stateDir, Path workspace) {
    Path state = resolved(stateDir);
    Path place = resolved(workspace);
    return !state.startsWith(place) && !place.startsWith(state);
  }

  /** The real path of as much of it as there is. */
  private static Path resolved(Path path) {
    Path at = path.toAbsolutePath().normalize();
    Path there = at;
    while (there.getParent() != null && Files.notExists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(there.relativize(at)).normalize();
    } catch (IOException e) {
      return at; // a dangling link, say: opening it will tell
    }
  }

  /**
   * Opens a state directory, making it if it is not there.
   *
   * @throws RunnerException CONFIG_INVALID if it is another user's, or others may write to it, and
   *     it is not shared with a group of ours
   */
  public static StoreLayout open(Disk disk, Path stateDir) {
    try {
      if (!Files.exists(stateDir, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(
            stateDir,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path real = stateDir.toRealPath();
      StoreLayout layout = new StoreLayout(disk, real);
      layout.requireOurs();
      STANDING.forEach(layout::made);
      return layout;
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.CONFIG_INVALID, "the state directory cannot be used: " + e)
          .at(Escape.line(stateDir.toString()))
          .cause(e)
          .help("name a directory that you own with --state-dir");
    }
  }

  /** By its path, for who may not look into it is told why. */
  private void requireOurs() throws IOException {
    int mode = (int) Files.getAttribute(root, "unix:mode");
    int uid = (int) Files.getAttribute(root, "unix:uid");
    int gid = (int) Files.getAttribute(root, "unix:gid");
    Sharing.refusal(mode, uid, gid, ProcessUser.current())
        .ifPresent(refusal -> {
          throw RunnerException.of(FailureCode.CONFIG_INVALID, refusal.why())
              .at(Escape.line(root.toString()))
              .help(refusal.help() + ", or name another one with --state-dir");
        });
  }

  /** True if the people of a group share it, and nobody else reaches it: mode 2770. */
  public boolean isShared() {
    try (Disk.Dir dir = disk.open(root)) {
      return Sharing.isShared(disk, dir);
    }
  }

  /** Opens a file of the state directory itself to append to. */
  public OutputStream appendTo(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.jsonl")) {
      throw new IllegalArgumentException("not a file of the state directory: " + name);
    }
    try (Disk.Dir dir = disk.open(root)) {
      return new AppendStream(disk, dir, Bytes.utf8(name));
    }
  }

  public Disk disk() {
    return disk;
  }

  public Path root() {
    return root;
  }

  public ObjectStore objects() {
    return new ObjectStore(disk, made("objects"));
  }

  /**
   * Baselines: {@code trees/<tree digest>/}; each person's own in a shared state directory, for the
   * files of a tree belong to who made it, and boxes must be able to read them.
   */
  public Path trees() {
    Path all = made("trees");
    if (!isShared()) {
      return all;
    }
    Bytes ours = Bytes.utf8("u" + ProcessUser.current().uid());
    try (Disk.Dir parent = disk.open(all)) {
      if (disk.stat(parent, ours).isEmpty()) {
        disk.mkdir(parent, ours, Sharing.READABLE_DIRECTORY);
      }
    } catch (DiskException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    return all.resolve(ours.lossyText());
  }

  /** Every directory that may hold baselines: the one of this process, and those of others. */
  public List<Path> allTrees() {
    List<Path> all = new ArrayList<>(List.of(trees()));
    for (String name : names("trees")) {
      Path path = root.resolve("trees").resolve(name);
      if (name.matches("u[0-9]+") && !path.equals(all.getFirst())) {
        all.add(path);
      }
    }
    return all;
  }

  /** Imported caches: {@code caches/<name>/<tree digest>/}. */
  public Path caches() {
    return made("caches");
  }

  /** Results that may be thrown away at any time, for example of gates on a baseline. */
  public Path derived() {
    return made("derived");
  }

  /** The signing key of the audit log. */
  public Path keys() {
    return made("keys");
  }

  // ---- contexts

  /** Takes the next free number; two processes never get the same. */
  public ContextDir newContext() {
    made("contexts");
    long next = lastContext().map(ContextId::number).orElse(0L) + 1;
    try (Disk.Dir contexts = disk.open(root.resolve("contexts"))) {
      while (true) {
        ContextId id = ContextId.of(next++);
        try {
          disk.mkdir(contexts, Bytes.utf8(id.text()), Sharing.directory(disk, contexts));
          return new ContextDir(disk, id, root.resolve("contexts").resolve(id.text()));
        } catch (DiskException e) {
          if (e.errno() != Errno.EEXIST) {
            throw e;
          }
        }
      }
    }
  }

  /**
   * An existing context.
   *
   * @throws RunnerException NOT_FOUND; INTEGRITY if others may have written to it
   */
  public ContextDir context(ContextId id) {
    try (Disk.Dir contexts = disk.open(root.resolve("contexts"))) {
      Bytes name = Bytes.utf8(id.text());
      Optional<FileStat> found = disk.stat(contexts, name);
      if (found.filter(s -> s.kind() == FileKind.DIRECTORY).isPresent()) {
        Sharing.requireTrusted(disk, contexts, name, found.get());
        return new ContextDir(disk, id, root.resolve("contexts").resolve(id.text()));
      }
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    throw RunnerException.of(FailureCode.NOT_FOUND, "there is no context " + id)
        .at(Escape.line(root.toString()))
        .help("list the contexts with `tarscli execute status`");
  }

  /** All contexts, the newest last. */
  public List<ContextId> contexts() {
    return ids("contexts");
  }

  private List<ContextId> ids(String directory) {
    List<ContextId> ids = new ArrayList<>();
    for (String name : names(directory)) {
      if (name.matches("CTX-[1-9][0-9]{0,9}")) {
        ids.add(new ContextId(name));
      }
    }
    ids.sort(Comparator.comparingLong(ContextId::number));
    return ids;
  }

  public Optional<ContextId> lastContext() {
    List<ContextId> ids = contexts();
    return ids.isEmpty() ? Optional.empty() : Optional.of(ids.getLast());
  }

  /** Notes that a context may have containers and layers; durable enough to survive its process. */
  public void markRunning(ContextId id) {
    made("running");
    try (Disk.Dir dir = disk.open(root.resolve("running"))) {
      disk.create(dir, Bytes.utf8(id.text()), Sharing.file(disk, dir)).close();
    } catch (DiskException e) {
      if (e.errno() != Errno.EEXIST) { // noted by a process that died
        throw e;
      }
    }
  }

  /** True if that was noted, and nobody has come to the end of it since. */
  public boolean isMarkedRunning(ContextId id) {
    return Files.exists(root.resolve("running").resolve(id.text()), LinkOption.NOFOLLOW_LINKS);
  }

  /** Notes that nothing of it is left. */
  public void unmarkRunning(ContextId id) {
    try (Disk.Dir dir = disk.open(root.resolve("running"))) {
      disk.unlink(dir, Bytes.utf8(id.text()));
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  /** Contexts that run, or whose process died or lost its engine; few, however many there were. */
  public List<ContextId> running() {
    return ids("running");
  }

  // ---- transactions and workspaces

  /**
   * Takes the next transaction number, at the same cost however many came before: one directory
   * bears the last number that was given, and only one process can rename it to the next. The
   * number is taken for good when this returns: after a power cut it is not given again.
   */
  public TransactionId newTransactionId() {
    made("transactions");
    try (Disk.Dir dir = disk.open(root.resolve("transactions"))) {
      while (true) {
        long last = lastTransaction(dir);
        TransactionId id = TransactionId.of(last + 1);
        // Who was slow may have made a number again that others have long gone past.
        if (isClaimed(dir, last, id) && lastTransaction(dir) == id.number()) {
          disk.fsync(dir);
          return id;
        }
      }
    }
  }

  private boolean isClaimed(Disk.Dir dir, long last, TransactionId id) {
    Bytes name = Bytes.utf8(id.text());
    try {
      if (last == 0) {
        disk.mkdir(dir, name, Sharing.directory(disk, dir));
      } else {
        Bytes before = Bytes.utf8(TransactionId.of(last).text());
        disk.rename(dir, before, dir, name, Disk.RenameMode.NOREPLACE);
      }
      return true;
    } catch (DiskException e) {
      boolean gone = e.errno() == Errno.ENOENT && last > 0;
      if (gone || e.errno() == Errno.EEXIST) {
        return false; // another process was faster
      }
      throw e;
    }
  }

  /** 0 if none was given yet. */
  private long lastTransaction(Disk.Dir dir) {
    return disk.list(dir).stream()
        .map(entry -> entry.name().lossyText())
        .filter(TRANSACTION.asMatchPredicate())
        .mapToLong(name -> new TransactionId(name).number())
        .max()
        .orElse(0);
  }

  /** The workspace at {@code workspaceRoot}, known by its device and inode. */
  public WorkspaceDir workspace(Path workspaceRoot) {
    WorkspaceDir place = at(workspaceRoot);
    Path _ = made("workspaces", place.id(), DISPLACED);
    return place;
  }

  /** The same if something is kept of it already; makes nothing. */
  public Optional<WorkspaceDir> known(Path workspaceRoot) {
    return Optional.of(at(workspaceRoot)).filter(place -> Files.isDirectory(place.path()));
  }

  private WorkspaceDir at(Path workspaceRoot) {
    try (Disk.Dir dir = disk.open(workspaceRoot)) {
      FileStat stat = disk.stat(dir);
      Path real = workspaceRoot.toRealPath();
      requireApart(root, real, Optional.empty());
      String id = Long.toHexString(stat.device()) + "-" + Long.toHexString(stat.inode());
      return new WorkspaceDir(id, real, stat, root.resolve("workspaces").resolve(id));
    } catch (DiskException | IOException e) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "there is no workspace: " + e.getMessage())
          .at(Escape.line(workspaceRoot.toString()))
          .cause(e)
          .help(
              e instanceof DiskException disk && disk.errno() == Errno.EACCES
                  ? "ask its owner to let you read it, or name another one with --workspace"
                  : "name a directory that is not a symbolic link with --workspace");
    }
  }

  /** As {@link Stamp} says, for the whole state directory. */
  public boolean isDue(String job, Duration every, Instant now) {
    try (Disk.Dir dir = disk.open(root)) {
      return Stamp.isDue(disk, dir, job, every, now);
    }
  }

  /** What is kept of every workspace that this state directory knows; their roots may be gone. */
  public List<WorkspaceDir> workspaces() {
    List<WorkspaceDir> found = new ArrayList<>();
    for (String name : names("workspaces")) {
      if (name.matches("[0-9a-f]{1,16}-[0-9a-f]{1,16}")) {
        Path path = root.resolve("workspaces").resolve(name);
        try (Disk.Dir dir = disk.open(path)) {
          // INVARIANT: nobody opens its root through this; only what is in `path` is looked at.
          found.add(new WorkspaceDir(name, path, disk.stat(dir), path));
        }
      }
    }
    return found;
  }

  private List<String> names(String directory) {
    try (Disk.Dir dir = disk.open(root.resolve(directory))) {
      return disk.list(dir).stream().map(e -> e.name().lossyText()).toList();
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return List.of();
      }
      throw e;
    }
  }

  private Path made(String... names) {
    Path path = root;
    for (String name : names) {
      try (Disk.Dir parent = disk.open(path)) {
        Directories.makeDurably(disk, parent, Bytes.utf8(name));
      }
      path = path.resolve(name);
    }
    return path;
  }
}
