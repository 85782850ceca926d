package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One walk over a workspace. A file is read only if its stat differs from the last scan's, or if it
 * was changed so near to that scan that the clock could not tell.
 */
final class WorkspaceScan {
  /** A change this close to a scan may have happened after it, within the clock's resolution. */
  static final long RACY_NANOS = 2_000_000_000L;

  private static final long MOST_HOLES = 64L << 30;
  private static final Pattern STAGING = Pattern.compile("\\.tars-tx-[1-9][0-9]{0,9}");

  private final Disk disk;
  private final PathRules rules;
  private final long rootMount;
  private final Map<RelativePath, TreeFile.Node> known = new HashMap<>();
  private final long knownScan;
  private final List<TreeFile.Node> nodes = new ArrayList<>();
  private final List<SkippedPath> skipped = new ArrayList<>();
  private final List<Unread> unread = new ArrayList<>();
  private ScratchRules scratch;

  WorkspaceScan(Disk disk, PathRules rules, FileStat root, java.util.Optional<TreeFile> last) {
    this.disk = disk;
    this.rules = rules;
    this.scratch = new ScratchRules(rules, path -> false);
    this.rootMount = root.mountId();
    this.knownScan = last.map(TreeFile::scannedAt).orElse(0L);
    last.ifPresent(tree -> tree.nodes().forEach(node -> known.put(node.path(), node)));
  }

  void walk(Disk.Dir root) {
    scratch = new ScratchRules(rules, new SourceEvidence(disk, root)::isSource);
    walk(root, RelativePath.ROOT);
    unread.sort(Comparator.comparing(Unread::path));
    TreeFile.@Nullable Node[] read = new TreeFile.Node[unread.size()];
    boolean _ = FileWork.all(read.length, () -> new Reader(root, read));
    for (TreeFile.Node node : read) {
      if (node != null) {
        nodes.add(node);
      }
    }
    nodes.sort(Comparator.comparing(TreeFile.Node::path));
  }

  /** A file that must be read to know what it holds. */
  private record Unread(RelativePath path, FileStat stat) {}

  /** Hashes files; each thread has one of its own. */
  private final class Reader implements FileWork.Worker {
    private final OpenDirectory from;
    private final TreeFile.@Nullable Node[] read;
    private final byte[] buffer = BoundedReads.buffer();

    Reader(Disk.Dir root, TreeFile.@Nullable Node[] read) {
      this.from = new OpenDirectory(disk, disk.open(root, RelativePath.ROOT));
      this.read = read;
    }

    @Override
    public boolean item(int number) {
      RelativePath path = unread.get(number).path();
      FileStat stat = unread.get(number).stat();
      try (Disk.DiskFile file = disk.open(from.of(path), path.name(), Disk.OpenMode.READ)) {
        Digest digest = BoundedReads.hash(disk, file, buffer);
        long size = disk.stat(file).size();
        read[number] =
            node(path, stat, new TreeEntry.RegularFile(stat.permissions(), digest, size));
      } catch (DiskException e) {
        // Gone between the listing and now: it is as if it had never been there.
        if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
          throw unreadable(path, e);
        }
      }
      return true;
    }

    @Override
    public void close() {
      from.close();
    }
  }

  /** The entries in path order. */
  List<TreeFile.Node> nodes() {
    return nodes;
  }

  List<SkippedPath> skipped() {
    return skipped;
  }

  /** How many files had to be read. */
  long hashedFiles() {
    return unread.size();
  }

  private void walk(Disk.Dir dir, RelativePath at) {
    for (Disk.DirEntry entry : disk.list(dir)) {
      RelativePath path = at.resolve(entry.name());
      // What hides a directory hides a file of that name too; the rest is asked when it is known.
      if (rules.hidesDirectory(path)) {
        skipped.add(new SkippedPath(path, SkippedPath.Reason.HIDDEN));
      } else if (scratch.takesDirectory(path)) {
        rules.leavesScratch(path);
        skipped.add(new SkippedPath(path, SkippedPath.Reason.SCRATCH));
      } else if (!(at.isRoot() && isStaging(entry.name()))) {
        // Gone between the listing and now: it is as if it had never been there.
        disk.stat(dir, entry.name()).ifPresent(stat -> visit(dir, entry.name(), path, stat));
      }
    }
  }

  /** A transaction's own directory: in no baseline, and no drift. */
  private static boolean isStaging(Bytes name) {
    return STAGING.matcher(name.lossyText()).matches();
  }

  private void visit(Disk.Dir dir, Bytes name, RelativePath path, FileStat stat) {
    if (stat.kind() != FileKind.DIRECTORY && rules.hides(path)) {
      skipped.add(new SkippedPath(path, SkippedPath.Reason.HIDDEN));
      return;
    }
    if (stat.kind() != FileKind.DIRECTORY && scratch.takes(path)) {
      rules.leavesScratch(path);
      skipped.add(new SkippedPath(path, SkippedPath.Reason.SCRATCH));
      return;
    }
    if (stat.mountId() != rootMount) {
      skipped.add(new SkippedPath(path, SkippedPath.Reason.NESTED_MOUNT));
      return;
    }
    switch (stat.kind()) {
      case REGULAR -> file(path, stat);
      case SYMLINK -> nodes.add(node(path, stat, new TreeEntry.Symlink(disk.readlink(dir, name))));
      case DIRECTORY -> {
        nodes.add(node(path, stat, new TreeEntry.Directory(stat.permissions())));
        try (Disk.Dir below = disk.open(dir, RelativePath.of(name))) {
          walk(below, path);
        } catch (DiskException e) {
          throw unreadable(path, e);
        }
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN ->
          skipped.add(new SkippedPath(path, SkippedPath.Reason.SPECIAL_FILE));
    }
  }

  private static TreeFile.Node node(RelativePath path, FileStat stat, TreeEntry entry) {
    return new TreeFile.Node(path, entry, stat.modifiedNanos(), stat.changedNanos(), stat.inode());
  }

  private void file(RelativePath path, FileStat stat) {
    TreeFile.Node before = known.get(path);
    if (before != null
        && before.entry() instanceof TreeEntry.RegularFile file
        && before.isAsScanned(stat)
        && before.changed() < knownScan - RACY_NANOS) {
      nodes.add(
          node(
              path,
              stat,
              new TreeEntry.RegularFile(stat.permissions(), file.content(), file.size())));
    } else {
      requireReadable(path, stat);
      unread.add(new Unread(path, stat));
    }
  }

  /** Holes take no room and can be made for nothing, but each byte of them is hashed. */
  private static void requireReadable(RelativePath path, FileStat stat) {
    if (stat.size() - stat.allocated() > MOST_HOLES) {
      throw RunnerException.of(
              FailureCode.RESOURCE_LIMIT,
              path + " is " + stat.size() + " bytes long, and nearly all of them are holes")
          .note("every byte would be hashed; at most " + MOST_HOLES + " bytes of holes are")
          .help("hide it in the policy, or move it out of the workspace");
    }
  }

  private static RunnerException unreadable(RelativePath path, DiskException e) {
    return RunnerException.of(FailureCode.WORKSPACE_UNREADABLE, path + " cannot be read")
        .note(String.valueOf(e.getMessage()))
        .cause(e)
        .help("make it readable, or hide it in the policy");
  }
}
