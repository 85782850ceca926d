package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.SimulatedDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One process on a workspace and a state directory of a {@link SimulatedDisk}. */
final class Sim {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

  final Disk disk;
  final StoreLayout layout;
  final WorkspaceDir workspace;
  final AuditLog log;
  private final Disk.Dir root;

  private Sim(Disk disk) {
    this.disk = disk;
    this.layout = StoreLayout.open(disk, SimulatedDisk.BASE.resolve("state"));
    this.workspace = layout.workspace(SimulatedDisk.BASE.resolve("ws"));
    this.log = AuditLog.open(layout, workspace, CLOCK);
    this.root = disk.open(SimulatedDisk.BASE.resolve("ws"));
  }

  static Sim on(Disk disk) {
    return new Sim(disk);
  }

  // ---- a person

  Sim file(String path, String content, int mode) {
    return file(RelativePath.of(path), content.getBytes(UTF_8), mode);
  }

  Sim file(RelativePath path, byte[] bytes, int mode) {
    try (Disk.Dir dir = disk.open(root, path.parent());
        Disk.DiskFile file = disk.create(dir, path.name(), mode)) {
      disk.write(file, bytes, 0, bytes.length);
    }
    return this;
  }

  Sim dir(String path, int mode) {
    RelativePath p = RelativePath.of(path);
    try (Disk.Dir dir = disk.open(root, p.parent())) {
      disk.mkdir(dir, p.name(), mode);
    }
    return this;
  }

  Sim link(String path, String target) {
    RelativePath p = RelativePath.of(path);
    try (Disk.Dir dir = disk.open(root, p.parent())) {
      disk.symlink(dir, p.name(), Bytes.utf8(target));
    }
    return this;
  }

  Sim unlink(String path) {
    RelativePath p = RelativePath.of(path);
    try (Disk.Dir dir = disk.open(root, p.parent())) {
      disk.unlink(dir, p.name());
    }
    return this;
  }

  Sim chmod(String path, int mode) {
    RelativePath p = RelativePath.of(path);
    try (Disk.Dir dir = disk.open(root, p.parent())) {
      disk.chmod(dir, p.name(), mode);
    }
    return this;
  }

  /** Writes another content into the file that is there. */
  Sim inPlace(String path, String content) {
    RelativePath p = RelativePath.of(path);
    try (Disk.Dir dir = disk.open(root, p.parent());
        Disk.DiskFile file = disk.open(dir, p.name(), Disk.OpenMode.WRITE)) {
      disk.truncate(file, 0);
      disk.write(file, content.getBytes(UTF_8), 0, content.getBytes(UTF_8).length);
    }
    return this;
  }

  /** Writes beside, then renames over what is there. */
  Sim save(String path, String content) {
    RelativePath p = RelativePath.of(path);
    Bytes beside = Bytes.utf8(".editor.tmp");
    try (Disk.Dir dir = disk.open(root, p.parent())) {
      try (Disk.DiskFile file = disk.create(dir, beside, 0644)) {
        disk.write(file, content.getBytes(UTF_8), 0, content.getBytes(UTF_8).length);
      }
      disk.rename(dir, beside, dir, p.name(), Disk.RenameMode.REPLACE);
    }
    return this;
  }

  /** The editor, or the operating system a while later, writes all of it back. */
  Sim synced() {
    disk.syncfs(root);
    return this;
  }

  Disk.DiskFile append(String path) {
    RelativePath p = RelativePath.of(path);
    try (Disk.Dir dir = disk.open(root, p.parent())) {
      return disk.open(dir, p.name(), Disk.OpenMode.APPEND);
    }
  }

  // ---- what is asked of the runner

  /** From what stands at each path to what is given: an empty value deletes. */
  ChangeSet changes(Map<String, Optional<TreeEntry>> wanted) {
    List<Change> changes =
        new TreeMap<>(wanted)
            .entrySet().stream()
                .map(e -> new Change(RelativePath.of(e.getKey()), entry(e.getKey()), e.getValue()))
                .sorted(java.util.Comparator.comparing(Change::path))
                .toList();
    return new ChangeSet(PromotionFixture.BASE, changes, List.of(), List.of());
  }

  Optional<TreeEntry> entry(String path) {
    try (HostTree tree = HostTree.open(disk, workspace)) {
      return tree.entry(RelativePath.of(path));
    }
  }

  /** A file whose content is in the store. */
  Optional<TreeEntry> of(String content, int mode) {
    byte[] bytes = content.getBytes(UTF_8);
    return Optional.of(new TreeEntry.RegularFile(mode, layout.objects().put(bytes), bytes.length));
  }

  static Optional<TreeEntry> linkTo(String target) {
    return Optional.of(new TreeEntry.Symlink(Bytes.utf8(target)));
  }

  static Optional<TreeEntry> directory(int mode) {
    return Optional.of(new TreeEntry.Directory(mode));
  }

  PromotionOutcome promote(ChangeSet changeSet) {
    return new Promoter(layout, workspace, log)
        .promote(
            new Promoter.Request(
                "CTX-1",
                new ReviewDecision.Approved(
                    ChangeSets.digest(changeSet),
                    PromotionFixture.BASE,
                    "sha256:image",
                    List.of("ann")),
                changeSet,
                List::of,
                Duration.ZERO,
                Duration.ZERO));
  }

  Rollback rollback() {
    return new Rollback(layout, workspace, log);
  }

  PromotionOutcome rollback(boolean force, Optional<String> only, String... ids) {
    return rollback()
        .rollback(
            new Rollback.Request(
                "CTX-1",
                Set.of(ids),
                only.map(RelativePath::of),
                force,
                Duration.ZERO,
                Duration.ZERO));
  }

  PromotionOutcome rollback(String... ids) {
    return rollback(false, Optional.empty(), ids);
  }

  Recovery.Report recover(boolean settle) {
    return Recovery.of(layout, workspace, log).recover(Duration.ZERO, settle);
  }

  List<Journal.Transaction> transactions() {
    return rollback().since("CTX-1");
  }

  Optional<String> newest() {
    List<Journal.Transaction> all = transactions();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().id().text());
  }

  boolean holds(byte[] content) {
    Digest digest = Digest.of(content);
    return layout.objects().has(digest)
        && java.util.Arrays.equals(layout.objects().read(digest, Integer.MAX_VALUE), content);
  }
}
