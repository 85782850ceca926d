package dev.tars.runner.store;

import dev.tars.runner.model.Escape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The process that has a lock, as far as the kernel tells this one. It took the lock; a child of it
 * may have inherited it since.
 *
 * @param user escaped; empty if it is not known
 * @param stopped true if somebody stopped it, so that it cannot let go by itself
 */
public record LockHolder(long pid, String user, boolean stopped) {
  private static final Path PROC = Path.of("/proc");

  /**
   * Looks for who holds {@code flock} on a file. Empty if nobody does, if the process is in another
   * pid namespace, or if the file system numbers its devices otherwise there (btrfs, overlayfs).
   */
  static Optional<LockHolder> of(FileStat file) {
    String place =
        "%02x:%02x:%d".formatted(file.device() >>> 32, file.device() & 0xffffffffL, file.inode());
    try (Stream<String> locks = Files.lines(PROC.resolve("locks"))) {
      return locks
          .map(line -> List.of(line.trim().split(" +", -1)))
          .filter(lock -> lock.size() > 5 && lock.get(1).equals("FLOCK"))
          .filter(lock -> lock.get(5).equals(place))
          .map(lock -> Long.parseLong(lock.get(4)))
          .filter(pid -> pid > 0)
          .findFirst()
          .map(LockHolder::process);
    } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
      return Optional.empty(); // only a message lacks it
    }
  }

  private static LockHolder process(long pid) {
    Path process = PROC.resolve(Long.toString(pid));
    try {
      String stat = Files.readString(process.resolve("stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2); // its name before may hold anything
      String user = Escape.line(Files.getOwner(process).getName());
      return new LockHolder(pid, user, state == 'T' || state == 't');
    } catch (IOException | IndexOutOfBoundsException e) {
      return new LockHolder(pid, "", false);
    }
  }

  @Override
  public String toString() {
    return "process " + pid + (user.isEmpty() ? "" : " of " + user) + (stopped ? ", stopped" : "");
  }
}
