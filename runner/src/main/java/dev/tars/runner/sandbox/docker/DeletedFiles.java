package dev.tars.runner.sandbox.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Files of a box's layers that were deleted while a process holds them open or mapped: they take
 * space, and no directory names them. What the kernel says of the processes is read; nothing of
 * theirs is opened.
 */
final class DeletedFiles {
  private static final String DELETED = " (deleted)";

  /** Threads may have open files of their own. */
  private static final int MOST_FILES = 100_000;

  private final Path proc;
  private final List<String> targets;

  /**
   * @param targets where the layers are mounted in the box; files elsewhere are on file systems
   *     that have limits of their own
   */
  DeletedFiles(List<String> targets) {
    this(Path.of("/proc"), targets);
  }

  private DeletedFiles(Path proc, List<String> targets) {
    this.proc = proc;
    this.targets = List.copyOf(targets);
  }

  /** Bytes that the deleted files of all processes in the namespace of {@code init} may take. */
  long bytes(long init) {
    Map<Object, Long> sizes = new HashMap<>();
    Path space = link(proc.resolve(init + "/ns/pid"));
    Path root = link(proc.resolve(init + "/root"));
    if (space == null || root == null) {
      return 0; // it has ended
    }
    // Where an engine runs in a chroot, the kernel names a box's files from outside of that.
    String above = root.getNameCount() == 0 ? "" : root.toString();
    List<String> ours = targets.stream().map(target -> above + target + "/").toList();
    each(
        proc,
        process -> {
          if (isNumber(process) && Objects.equals(space, link(process.resolve("ns/pid")))) {
            each(process.resolve("task"), thread -> files(thread, ours, sizes));
            mapped(process, ours, sizes);
          }
        });
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void files(Path thread, List<String> ours, Map<Object, Long> sizes) {
    each(
        thread.resolve("fd"),
        fd -> {
          Path target = link(fd);
          if (target != null && isOurs(target.toString(), ours) && sizes.size() < MOST_FILES) {
            try {
              Map<String, Object> stat = Files.readAttributes(fd, "unix:ino,size,nlink");
              if (Integer.valueOf(0).equals(stat.get("nlink"))) {
                sizes.merge(stat.get("ino"), (Long) stat.get("size"), Math::max);
              }
            } catch (IOException e) {
              // closed meanwhile
            }
          }
        });
  }

  /** A line: {@code from-to perms offset device inode path}; a mapping outlives its descriptor. */
  private static void mapped(Path process, List<String> ours, Map<Object, Long> sizes) {
    try (Stream<String> lines = Files.lines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
      lines
          .limit(MOST_FILES)
          .map(line -> line.split(" +", 6))
          .filter(part -> part.length == 6 && isOurs(part[5], ours))
          .forEach(part -> {
            String[] range = part[0].split("-", 2);
            long end =
                Long.parseUnsignedLong(part[2], 16)
                    + Long.parseUnsignedLong(range[1], 16)
                    - Long.parseUnsignedLong(range[0], 16);
            sizes.merge(Long.parseLong(part[4]), end, Math::max);
          });
    } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
      // ended meanwhile
    }
  }

  private static boolean isOurs(String path, List<String> ours) {
    return path.endsWith(DELETED) && ours.stream().anyMatch(path::startsWith);
  }

  private static boolean isNumber(Path path) {
    return String.valueOf(path.getFileName()).matches("[0-9]+");
  }

  private static @org.jspecify.annotations.Nullable Path link(Path path) {
    try {
      return Files.readSymbolicLink(path);
    } catch (IOException e) {
      return null;
    }
  }

  private static void each(Path directory, java.util.function.Consumer<Path> action) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(action);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // ended meanwhile, or not ours to look at
    }
  }
}
