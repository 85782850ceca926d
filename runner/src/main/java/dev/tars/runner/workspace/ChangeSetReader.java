package dev.tars.runner.workspace;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.StoreLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads what a run changed from the upper directory, after its last container is dead. Believes no
 * marker but the overlay's own, follows nothing, and reads nothing past the limits.
 */
public final class ChangeSetReader {
  private static final Set<String> OWN_MARKERS =
      Set.of(
          "user.overlay.opaque", "user.overlay.origin", "user.overlay.impure", "user.overlay.uuid");
  private static final int MAX_ENTRIES = 200_000;
  private static final int MAX_PATH = 4095; // PATH_MAX, without its end
  private static final int MAX_DEPTH = 200;
  private static final int MAX_FINDINGS = 200;

  private final StoreLayout layout;
  private final Disk disk;
  private final Layer layer;
  private final Scope scope;
  private final TreeMap<RelativePath, Change> changes = new TreeMap<>();
  private final List<DroppedPath> dropped = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final byte[] buffer = BoundedReads.buffer();
  private final IgnoreRules ignoreRules;
  private final Set<RelativePath> neverIgnored = new HashSet<>();
  private final ScratchRules scratch;
  private long totalBytes;
  private int entries;

  /**
   * What is read, and how far.
   *
   * @param named paths that a file step named: they are never dropped as ignored
   */
  public record Scope(PathRules rules, ChangeLimits limits, Set<RelativePath> named) {
    public Scope {
      named = Set.copyOf(named);
    }
  }

  private ChangeSetReader(StoreLayout layout, Layer layer, Scope scope) {
    this.layout = layout;
    this.disk = layout.disk();
    this.layer = layer;
    this.scope = scope;
    this.ignoreRules = new IgnoreRules(layer.baseline());
    // A baseline holds nothing scratch but what was source when it was captured.
    this.scratch =
        new ScratchRules(scope.rules(), path -> layer.baseline().entry(path).isPresent());
    for (RelativePath named : scope.named()) { // and what it is in
      for (RelativePath at = named; !at.isRoot() && neverIgnored.add(at); at = at.parent()) {}
    }
  }

  /** Reads the layer; the content of what changed, before and after, is in the store then. */
  public static ChangeSet read(StoreLayout layout, Layer layer, Scope scope) {
    ChangeSetReader reader = new ChangeSetReader(layout, layer, scope);
    try (Disk.Dir upper = layout.disk().open(layer.upper())) {
      reader.walk(upper, RelativePath.ROOT, true);
    }
    List<Change> changes = new ArrayList<>(reader.changes.values());
    changes.sort(Comparator.comparing(Change::path));
    return new ChangeSet(layer.baseline().digest(), changes, reader.dropped, reader.findings);
  }

  private void walk(Disk.Dir dir, RelativePath at, boolean lowerShows) {
    if (at.components().size() > MAX_DEPTH) {
      reject("limit.depth", at, "is deeper than " + MAX_DEPTH + " directories");
      return;
    }
    for (Disk.DirEntry entry : disk.list(dir)) {
      if (++entries > MAX_ENTRIES) {
        if (entries == MAX_ENTRIES + 1) {
          reject("limit.entries", at, "the run left more than " + MAX_ENTRIES + " entries");
        }
        return;
      }
      RelativePath path = at.resolve(entry.name());
      Optional<FileStat> stat = disk.stat(dir, entry.name());
      if (stat.isPresent()) {
        visit(dir, path, stat.get(), lowerShows);
      }
    }
  }

  private void visit(Disk.Dir dir, RelativePath path, FileStat stat, boolean lowerShows) {
    if (path.bytes().length() > MAX_PATH) {
      // A box reaches it one directory at a time; by its name no program of any host can.
      reject(
          "limit.path-length",
          RelativePath.of(path.components().getFirst()),
          "has an entry with a path of "
              + path.bytes().length()
              + " bytes; no host takes more than "
              + MAX_PATH);
      return;
    }
    boolean directory = stat.kind() == FileKind.DIRECTORY;
    PathRules rules = scope.rules();
    if (directory ? scratch.takesDirectory(path) : scratch.takes(path)) {
      dropped.add(new DroppedPath(path, DroppedPath.Reason.SCRATCH));
      return;
    }
    if (directory ? rules.hidesDirectory(path) : rules.hides(path)) {
      reject("path.hidden", path, "was hidden from the run and can never be in a change set");
      return;
    }
    Optional<TreeEntry> before = lowerShows ? layer.baseline().entry(path) : Optional.empty();
    Optional<TreeEntry> original = layer.baseline().entry(path);
    if (stat.isWhiteout()) {
      deleted(path, original);
      return;
    }
    if (isDropped(path, stat)) {
      dropped.add(new DroppedPath(path, DroppedPath.Reason.IGNORED));
      return;
    }
    if (!isPlain(dir, path, stat)) {
      return;
    }
    switch (stat.kind()) {
      case REGULAR -> changed(path, original, file(dir, path, stat, original));
      case SYMLINK ->
          changed(
              path, original, Optional.of(new TreeEntry.Symlink(disk.readlink(dir, path.name()))));
      case DIRECTORY -> directory(dir, path, stat, original, before.isPresent());
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN ->
          reject(
              "file.special",
              path,
              "is a " + stat.kind().name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private void directory(
      Disk.Dir dir, RelativePath path, FileStat stat, Optional<TreeEntry> original, boolean shows) {
    boolean opaque = Overlay.isOpaque(disk, dir, path.name());
    boolean wasDirectory = original.filter(TreeEntry.Directory.class::isInstance).isPresent();
    boolean lowerShows = shows && wasDirectory && !opaque;
    changed(path, original, Optional.of(new TreeEntry.Directory(stat.permissions())));
    if (wasDirectory && !lowerShows) {
      layer.baseline().below(path).forEach(p -> deletedQuietly(p));
    }
    try (Disk.Dir below = disk.open(dir, RelativePath.of(path.name()))) {
      walk(below, path, lowerShows);
    }
  }

  /** What stood there and everything below it; a later entry at the same path overrides. */
  private void deleted(RelativePath path, Optional<TreeEntry> original) {
    if (original.isEmpty()) {
      return; // a whiteout over nothing hides nothing
    }
    deletedQuietly(path);
    if (original.get() instanceof TreeEntry.Directory) {
      layer.baseline().below(path).forEach(this::deletedQuietly);
    }
  }

  private void deletedQuietly(RelativePath path) {
    Optional<TreeEntry> original = layer.baseline().entry(path);
    storeBefore(path, original);
    changes.put(path, new Change(path, original, Optional.empty()));
  }

  private void changed(RelativePath path, Optional<TreeEntry> original, Optional<TreeEntry> after) {
    if (after.isEmpty()) {
      return; // it is a finding already
    }
    changes.remove(path);
    if (original.equals(after)) {
      return; // copied up, and equal
    }
    storeBefore(path, original);
    changes.put(path, new Change(path, original, after));
    boolean wasDirectory = original.filter(TreeEntry.Directory.class::isInstance).isPresent();
    if (wasDirectory && !(after.get() instanceof TreeEntry.Directory)) {
      layer.baseline().below(path).forEach(this::deletedQuietly);
    }
  }

  private Optional<TreeEntry> file(
      Disk.Dir dir, RelativePath path, FileStat stat, Optional<TreeEntry> original) {
    if (stat.size() > scope.limits().fileSize().bytes()) {
      reject(
          "limit.file-size",
          path,
          limit("has " + stat.size() + " bytes, more than", scope.limits().fileSize()));
      return Optional.empty();
    }
    totalBytes += stat.size();
    if (totalBytes > scope.limits().totalSize().bytes()) {
      reject("limit.total-size", path, limit("takes the change past", scope.limits().totalSize()));
      return Optional.empty();
    }
    try (Disk.DiskFile file = disk.open(dir, path.name(), Disk.OpenMode.READ)) {
      // Hashed first: a clean room reads again what is in the store already.
      Digest digest = BoundedReads.hash(disk, file, buffer);
      boolean isOriginal =
          original.orElse(null) instanceof TreeEntry.RegularFile was
              && was.content().equals(digest);
      if (!isOriginal && !layout.objects().renew(digest)) {
        disk.seek(file, 0);
        digest = layout.objects().put(file, scope.limits().fileSize().bytes());
      }
      return Optional.of(new TreeEntry.RegularFile(stat.permissions(), digest, stat.size()));
    } catch (RunnerException e) {
      String why = String.valueOf(e.getMessage());
      reject("limit.file-size", path, new Told(why, "has become larger than the limit"));
      return Optional.empty();
    }
  }

  /** The old content goes into the store too: a diff needs it, and a baseline may be collected. */
  private void storeBefore(RelativePath path, Optional<TreeEntry> original) {
    if (original.orElse(null) instanceof TreeEntry.RegularFile file
        && !layout.objects().renew(file.content())) {
      try (Disk.DiskFile content = layer.baseline().open(path)) {
        Digest _ = layout.objects().put(content, Long.MAX_VALUE);
      }
    }
  }

  /** Rejects what a change set can never hold: special bits, attributes, foreign owners. */
  private boolean isPlain(Disk.Dir dir, RelativePath path, FileStat stat) {
    boolean plain = true;
    if ((stat.mode() & 07000) != 0 && stat.kind() != FileKind.SYMLINK) {
      plain = reject("file.special-bits", path, "has setuid, setgid or sticky bits");
    }
    if (stat.uid() != layer.uid() || stat.gid() != layer.gid()) {
      plain = reject("file.owner", path, "belongs to " + stat.uid() + ":" + stat.gid());
    }
    for (Bytes attribute : disk.xattrs(dir, path.name())) {
      if (!isOwnMarker(attribute, stat.kind())) {
        plain = reject("file.attribute", path, "has the extended attribute " + attribute);
      }
    }
    return plain;
  }

  private static boolean isOwnMarker(Bytes attribute, FileKind kind) {
    String name = attribute.lossyText();
    if (!OWN_MARKERS.contains(name)) {
      return false;
    }
    boolean forDirectories =
        name.equals("user.overlay.opaque") || name.equals("user.overlay.impure");
    return !forDirectories || kind == FileKind.DIRECTORY;
  }

  private static Told limit(String what, ByteCount limit) {
    return new Told(what + " the limit of " + limit, what + " the limit");
  }

  private boolean reject(String rule, RelativePath path, String why) {
    return reject(rule, path, Told.plain(why));
  }

  private boolean reject(String rule, RelativePath path, Told why) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(rule, Severity.REJECT, path.toString(), 0, why.full(), why.brief()));
    }
    return false;
  }

  /**
   * Ignored by the baseline's own ignore files, new, and named by no step. Asked before anything is
   * read: what is dropped has no limits to keep.
   */
  private boolean isDropped(RelativePath path, FileStat stat) {
    if (layer.baseline().entry(path).isPresent() || neverIgnored.contains(path)) {
      return false;
    }
    return ignoreRules.isIgnored(path, stat.kind() == FileKind.DIRECTORY);
  }
}
