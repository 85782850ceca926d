package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When something was last looked at: the time of an empty file, {@code <job>.stamp}. */
public final class Stamp {
  private Stamp() {}

  /**
   * True once in each period, beginning with the second; notes that it was asked. A time that is
   * still to come says only that the clock was set back.
   */
  public static boolean isDue(Disk disk, Disk.Dir dir, String job, Duration every, Instant now) {
    Bytes name = Bytes.utf8(job + ".stamp");
    Optional<Instant> last =
        disk.stat(dir, name).map(s -> Instant.ofEpochSecond(0, s.modifiedNanos()));
    if (last.isPresent() && !last.get().isAfter(now) && last.get().plus(every).isAfter(now)) {
      return false;
    }
    // Made anew each time: nobody sets the time of another person's file.
    last.ifPresent(_ -> disk.unlink(dir, name));
    disk.create(dir, name, Sharing.file(disk, dir)).close();
    disk.setModified(dir, name, now.getEpochSecond() * 1_000_000_000L);
    return last.isPresent();
  }
}
