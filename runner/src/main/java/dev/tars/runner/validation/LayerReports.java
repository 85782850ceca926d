package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.validation.tests.ReportFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the report files that a gate wrote into its layer. Follows nothing. */
public final class LayerReports {
  private static final int MOST_ENTRIES = 500_000;
  private static final int DEEPEST = 200;

  private final Disk disk;
  private final Path upper;
  private final List<Glob> globs;
  private final List<RelativePath> roots;
  private final List<ReportFile> found = new ArrayList<>();
  private int entries;

  private LayerReports(Disk disk, Path upper, List<Glob> globs) {
    this.disk = disk;
    this.upper = upper;
    this.globs = globs;
    this.roots = globs.stream().map(LayerReports::fixedPart).toList();
  }

  /** Regular files that a glob matches, in path order. */
  public static List<ReportFile> find(Disk disk, Path upper, List<Glob> globs) {
    LayerReports reports = new LayerReports(disk, upper, globs);
    try (Disk.Dir root = disk.open(upper)) {
      reports.walk(root, RelativePath.ROOT, 0);
    }
    return reports.found;
  }

  private void walk(Disk.Dir dir, RelativePath at, int depth) {
    for (Disk.DirEntry entry : disk.list(dir)) {
      if (++entries > MOST_ENTRIES || depth > DEEPEST) {
        found.add(new Refused("the layer holds more than can be searched for reports"));
        return;
      }
      RelativePath path = at.resolve(entry.name());
      FileKind kind = disk.stat(dir, entry.name()).map(s -> s.kind()).orElse(FileKind.UNKNOWN);
      if (kind == FileKind.DIRECTORY && mayHold(path)) {
        try (Disk.Dir below = disk.open(dir, RelativePath.of(entry.name()))) {
          walk(below, path, depth + 1);
        }
      } else if (globs.stream().anyMatch(glob -> glob.matches(path))) {
        // What matches and is no file (a link to a report elsewhere) is refused, not passed over.
        found.add(
            kind == FileKind.REGULAR
                ? new Written(disk, upper, path)
                : new Refused(path + " is not a regular file"));
      }
    }
  }

  private boolean mayHold(RelativePath directory) {
    return roots.stream().anyMatch(r -> r.contains(directory) || directory.contains(r));
  }

  /** The components of a glob before the first that is a pattern. */
  private static RelativePath fixedPart(Glob glob) {
    RelativePath at = RelativePath.ROOT;
    for (String part : glob.text().split("/", -1)) {
      if (part.isEmpty() || part.chars().anyMatch(c -> "*?[]{},".indexOf(c) >= 0)) {
        return at;
      }
      at = at.resolve(dev.tars.runner.model.Bytes.utf8(part));
    }
    return at.parent();
  }

  private record Written(Disk disk, Path upper, RelativePath path) implements ReportFile {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public InputStream open() throws IOException {
      try (Disk.Dir root = disk.open(upper);
          Disk.Dir dir = disk.open(root, path.parent())) {
        return new FileStream(disk, disk.open(dir, path.name(), Disk.OpenMode.READ));
      } catch (DiskException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  private record Refused(String reason) implements ReportFile {
    @Override
    public String name() {
      return "file";
    }

    @Override
    public InputStream open() throws IOException {
      throw new IOException(reason);
    }
  }

  private static final class FileStream extends InputStream {
    private final Disk disk;
    private final Disk.DiskFile file;

    FileStream(Disk disk, Disk.DiskFile file) {
      this.disk = disk;
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        int n = length == 0 ? 0 : disk.read(file, into, offset, length);
        return length > 0 && n <= 0 ? -1 : n;
      } catch (DiskException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
