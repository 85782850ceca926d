package dev.tars.runner.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What overlayfs shows of a layer, and what it does to the upper directory when a process writes:
 * parents are copied up, a deleted file of the baseline is a device 0:0, a directory made over one
 * is opaque. Nothing is mounted.
 */
final class FakeOverlay {
  private static final int FORMAT = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final String OPAQUE = "overlay.opaque"; // below "user."

  private final Disk disk = LinuxDisk.create();
  private final LayerMount mount;
  private final int uid;

  FakeOverlay(LayerMount mount, int uid) {
    this.mount = mount;
    this.uid = uid;
  }

  /** Where the content of a path is on the host; empty if a process sees nothing there. */
  Optional<Path> find(Path path) {
    return find(path, Stream.concat(Stream.of(mount.upper()), mount.lowers().stream()).toList());
  }

  private static Optional<Path> find(Path path, List<Path> layers) {
    for (Path layer : layers) {
      boolean opaque = false;
      Path at = layer;
      for (Path name : path) {
        at = at.resolve(name);
        if (!exists(at)) {
          break;
        }
        if (isWhiteout(at)) {
          return Optional.empty();
        }
        if (at.equals(layer.resolve(path))) {
          return Optional.of(at);
        }
        if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
          return Optional.empty();
        }
        opaque |= isOpaque(at);
      }
      if (opaque) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  String read(Path path) {
    return call(() -> Files.readString(found(path)));
  }

  /** Writes in place, as a shell does: an existing file keeps its mode. */
  void write(Path path, String text) {
    Optional<Path> before = find(path);
    Path file = inUpper(path);
    run(() -> {
      Set<PosixFilePermission> mode =
          before.isPresent()
              ? Files.getPosixFilePermissions(before.get())
              : PosixFilePermissions.fromString("rw-r--r--");
      if (before.isEmpty()) {
        Files.deleteIfExists(file); // a whiteout
      }
      Files.write(file, text.getBytes(UTF_8));
      Files.setPosixFilePermissions(file, mode);
      own(file);
    });
  }

  void chmod(Path path, String mode) {
    write(path, read(path)); // copied up whole
    run(() ->
        Files.setPosixFilePermissions(
            mount.upper().resolve(path), PosixFilePermissions.fromString(mode)));
  }

  void link(Path path, String target) {
    Path link = inUpper(path);
    run(() -> {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(target));
      own(link);
    });
  }

  void mkdir(Path path) {
    if (find(path).isPresent()) {
      throw new IllegalStateException("mkdir: it is there: " + path);
    }
    Path directory = inUpper(path);
    run(() -> {
      boolean overWhiteout = Files.deleteIfExists(directory);
      make(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      if (overWhiteout) {
        view(directory).write(OPAQUE, UTF_8.encode("y"));
      }
    });
  }

  /** Removes what stands at a path, a directory with all in it. */
  void delete(Path path) {
    Path _ = found(path);
    Path at = inUpper(path);
    run(() -> {
      if (exists(at)) {
        try (Stream<Path> all = Files.walk(at)) {
          for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(one);
          }
        }
      }
    });
    if (find(path).isPresent()) {
      try (Disk.Dir parent = disk.open(at.getParent())) {
        disk.whiteout(parent, Bytes.utf8(at.getFileName().toString()));
      }
    }
  }

  private Path found(Path path) {
    return find(path)
        .orElseThrow(() -> new IllegalStateException("no such file or directory: " + path));
  }

  /** The place of a path in the upper directory; the directories it is in are copied up. */
  private Path inUpper(Path path) {
    List<Path> missing = new ArrayList<>();
    for (Path at = path.getParent(); at != null; at = at.getParent()) {
      if (!Files.isDirectory(mount.upper().resolve(at), LinkOption.NOFOLLOW_LINKS)) {
        missing.addFirst(at);
      }
    }
    for (Path directory : missing) {
      Path shown = found(directory);
      run(() -> make(mount.upper().resolve(directory), Files.getPosixFilePermissions(shown)));
    }
    return mount.upper().resolve(path);
  }

  private void make(Path directory, Set<PosixFilePermission> mode) throws IOException {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, mode);
    own(directory);
  }

  private void own(Path path) throws IOException {
    if ((int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) != uid) {
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isWhiteout(Path path) {
    return call(() ->
        ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FORMAT)
                == CHARACTER_DEVICE
            && (long) Files.getAttribute(path, "unix:rdev", LinkOption.NOFOLLOW_LINKS) == 0);
  }

  private static boolean isOpaque(Path directory) {
    return call(() -> view(directory).list().contains(OPAQUE));
  }

  private static UserDefinedFileAttributeView view(Path path) {
    return Files.getFileAttributeView(
        path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private interface Call<T> {
    T call() throws IOException;
  }

  private interface Run {
    void run() throws IOException;
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Run run) {
    try {
      run.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
