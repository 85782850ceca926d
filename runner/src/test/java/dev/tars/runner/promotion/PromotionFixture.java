package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A workspace and a state directory on a real file system, and a change set of every kind. */
final class PromotionFixture {
  static final Digest BASE = Digest.of("base".getBytes(UTF_8));

  final Path root;
  final Path state;
  final StoreLayout layout;
  final WorkspaceDir workspace;
  final AuditLog log;

  private PromotionFixture(Path base, Disk disk) {
    this.root = base.resolve("ws");
    this.state = base.resolve("state");
    this.layout = StoreLayout.open(disk, state);
    this.workspace = layout.workspace(root);
    this.log = AuditLog.open(layout, workspace, Clock.systemUTC());
  }

  /** Makes the workspace with something of every kind in it. */
  static PromotionFixture make(Path base) {
    Path ws = base.resolve("ws");
    dir(ws, 0755);
    file(ws, "modified.txt", "old", 0644);
    file(ws, "script.sh", "run", 0644);
    file(ws, "deleted.txt", "gone", 0600);
    link(ws, "link", "modified.txt");
    file(ws, "file-to-dir", "was a file", 0640);
    file(ws, "dir-to-file/x", "x", 0644);
    file(ws, "dir-to-file/sub/y", "y", 0644);
    file(ws, "dir-to-link/z", "z", 0600);
    file(ws, "file-to-link", "was a file too", 0644);
    file(ws, "dir-mode/stays", "stays", 0644);
    file(ws, "dir-gone/a/b", "b", 0755);
    file(ws, "stranger.txt", "not ours", 0644);
    file(ws, "strangers/in.txt", "nor this", 0400);
    return open(base, LinuxDisk.create());
  }

  /** The same workspace and state, as another process would see them. */
  static PromotionFixture open(Path base, Disk disk) {
    return new PromotionFixture(base, disk);
  }

  PromotionFixture reopened() {
    return open(root.getParent(), LinuxDisk.create());
  }

  PromotionFixture through(Disk disk) {
    return open(root.getParent(), disk);
  }

  /** Every kind of change that there is. */
  ChangeSet everyKind() {
    return changeSet(
        change("modified.txt", of("new and longer", 0644)),
        change("script.sh", of("run", 0755)),
        change("deleted.txt", Optional.empty()),
        change("link", Optional.of(new TreeEntry.Symlink(Bytes.utf8("stranger.txt")))),
        change("link-new", Optional.of(new TreeEntry.Symlink(Bytes.utf8("nowhere")))),
        change("file-to-dir", Optional.of(new TreeEntry.Directory(0750))),
        change("file-to-dir/inner", of("inner", 0644)),
        change("file-to-link", Optional.of(new TreeEntry.Symlink(Bytes.utf8("link")))),
        change("dir-to-file", of("now a file", 0600)),
        change("dir-to-file/x", Optional.empty()),
        change("dir-to-file/sub", Optional.empty()),
        change("dir-to-file/sub/y", Optional.empty()),
        change("dir-to-link", Optional.of(new TreeEntry.Symlink(Bytes.utf8("dir-mode")))),
        change("dir-to-link/z", Optional.empty()),
        change("dir-mode", Optional.of(new TreeEntry.Directory(0711))),
        change("dir-gone", Optional.empty()),
        change("dir-gone/a", Optional.empty()),
        change("dir-gone/a/b", Optional.empty()),
        change("added", Optional.of(new TreeEntry.Directory(0755))),
        change("added/deep", Optional.of(new TreeEntry.Directory(0700))),
        change("added/deep/file", of("added", 0755)),
        change("added/empty", of("", 0644)));
  }

  /** A few files only, so that the barriers sync file by file. */
  ChangeSet few() {
    return changeSet(
        change("modified.txt", of("new and longer", 0644)),
        change("deleted.txt", Optional.empty()),
        change("added.txt", of("added", 0600)));
  }

  static ChangeSet changeSet(Change... changes) {
    List<Change> sorted = new ArrayList<>(List.of(changes));
    sorted.sort(java.util.Comparator.comparing(Change::path));
    return new ChangeSet(BASE, sorted, List.of(), List.of());
  }

  /** From what stands there to {@code after}. */
  Change change(String path, Optional<TreeEntry> after) {
    return new Change(RelativePath.of(path), entry(path), after);
  }

  /** A file whose content is in the store. */
  Optional<TreeEntry> of(String content, int mode) {
    byte[] bytes = content.getBytes(UTF_8);
    return Optional.of(new TreeEntry.RegularFile(mode, layout.objects().put(bytes), bytes.length));
  }

  Optional<TreeEntry> entry(String path) {
    try (HostTree tree = HostTree.open(layout.disk(), workspace)) {
      return tree.entry(RelativePath.of(path));
    }
  }

  PromotionOutcome promote(ChangeSet changeSet) {
    return promote(changeSet, Duration.ZERO);
  }

  PromotionOutcome promote(ChangeSet changeSet, Duration grace) {
    return new Promoter(layout, workspace, log)
        .promote(
            new Promoter.Request(
                "CTX-1",
                new ReviewDecision.Approved(
                    ChangeSets.digest(changeSet), BASE, "sha256:image", List.of("ann")),
                changeSet,
                List::of,
                Duration.ZERO,
                grace));
  }

  Rollback rollback() {
    return new Rollback(layout, workspace, log);
  }

  static Rollback.Request request(String id, boolean force) {
    return request(id, Optional.empty(), force);
  }

  static Rollback.Request request(String id, Optional<RelativePath> only, boolean force) {
    return new Rollback.Request("CTX-1", Set.of(id), only, force, Duration.ZERO, Duration.ZERO);
  }

  PromotionOutcome rollback(String id) {
    return rollback().rollback(request(id, false));
  }

  Recovery.Report recover() {
    return Recovery.of(layout, workspace, log).recover(Duration.ZERO, false);
  }

  Journal.State state(String id) {
    return rollback().since("CTX-1").stream()
        .filter(t -> t.id().text().equals(id))
        .findFirst()
        .orElseThrow()
        .state();
  }

  /** Every path with its kind, mode and content; what a staging directory holds as well. */
  SortedMap<String, String> tree() {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        String mode =
            Integer.toOctalString(
                (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS));
        String content = "";
        if (Files.isSymbolicLink(path)) {
          content = " -> " + Files.readSymbolicLink(path);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          content = " " + Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1);
        }
        found.put(root.relativize(path).toString(), mode + content);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String path, String content) {
    try {
      Files.writeString(root.resolve(path), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean holds(String content) {
    return layout.objects().has(Digest.of(content.getBytes(UTF_8)));
  }

  static void file(Path root, String path, String content, int mode) {
    try {
      Path file = root.resolve(path);
      for (Path parent = file.getParent(); !Files.exists(parent); ) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, content);
      mode(file, mode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void dir(Path dir, int mode) {
    try {
      Files.createDirectories(dir);
      mode(dir, mode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void link(Path root, String path, String target) {
    try {
      Files.createSymbolicLink(root.resolve(path), Path.of(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void mode(Path path, int mode) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 8; i >= 0; i--) {
      text.append((mode >> i & 1) == 1 ? "xwr".charAt(i % 3) : '-');
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(text.toString()));
  }
}
