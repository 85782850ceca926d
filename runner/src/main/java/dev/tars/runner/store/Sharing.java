package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.Optional;

/**
 * Who may reach what is made in the state directory. That is its owner alone, or, where the
 * directory around it is a group's, the people of that group: they approve each other's runs, so
 * each must be able to write what the others have made.
 *
 * <p>It goes from directory to directory: one that is made in a shared one is shared. Layers, trees
 * and keys are made with modes of their own and end it.
 */
public final class Sharing {
  private static final int SETGID = 02000;

  /** A directory in a shared one that its owner alone writes to and the group may look into. */
  static final int READABLE_DIRECTORY = 0750;

  private Sharing() {}

  /** Why a state directory is not used, and what to do. */
  record Refusal(String why, String help) {}

  /** Refuses one that people reach who should not, or that could not be shared as it says. */
  static Optional<Refusal> refusal(int mode, int uid, int gid, ProcessUser us) {
    if ((mode & 0002) != 0) {
      return refused("others may write to the state directory", "chmod o-w it");
    }
    if (!isShared(mode)) {
      if ((mode & 0020) != 0) {
        return refused(
            "a group may write to the state directory, which is not made to be shared",
            "chmod g-w it, or chmod 2770 it to share it");
      }
      return uid == us.uid() || us.isRoot()
          ? Optional.empty()
          : refused("the state directory is another user's", "let its owner share it");
    }
    return us.isRoot() || us.groups().contains(gid)
        ? Optional.empty()
        : refused(
            "the state directory is shared with a group that you are not in",
            "ask to be taken into the group " + gid);
  }

  private static Optional<Refusal> refused(String why, String help) {
    return Optional.of(new Refusal(why, help));
  }

  /**
   * Refuses what stands in a directory of ours if somebody may have written it who may not write
   * there: it belongs to another user, or others may write to it. The directory is trusted.
   *
   * @throws RunnerException INTEGRITY
   */
  public static void requireTrusted(Disk disk, Disk.Dir in, Bytes name, FileStat found) {
    ProcessUser us = ProcessUser.current();
    if ((found.mode() & 0022) == 0 && found.uid() == us.uid()) {
      return; // nearly always, and without another call
    }
    doubt(found, disk.stat(in), us)
        .ifPresent(refusal -> {
          throw untrusted(in, name, refusal);
        });
  }

  /**
   * @param around the directory that it stands in
   */
  static Optional<Refusal> doubt(FileStat found, FileStat around, ProcessUser us) {
    boolean shared = isShared(around.mode());
    if ((found.mode() & 0002) != 0) {
      return refused("others may write to it", "chmod o-w it");
    }
    if (!shared && (found.mode() & 0020) != 0) {
      return refused("a group may write to it", "chmod g-w it");
    }
    if (!shared && found.uid() != us.uid() && found.uid() != around.uid()) {
      return refused(
          "it belongs to user " + found.uid() + ", its directory to user " + around.uid(),
          "chown it to user " + around.uid() + " if root once ran tarscli for that user");
    }
    return Optional.empty();
  }

  private static RunnerException untrusted(Disk.Dir in, Bytes name, Refusal refusal) {
    return RunnerException.of(
            FailureCode.INTEGRITY,
            "what is in the state directory cannot be trusted: " + refusal.why())
        .at(Escape.line(in.where() + "/" + name))
        .note("nothing was changed")
        .help("see what changed it, and " + refusal.help() + "; then run `tarscli audit verify`");
  }

  /** True if it is a group's and nobody else's: 2770. */
  static boolean isShared(int mode) {
    return (mode & (SETGID | 0077)) == (SETGID | 0070);
  }

  static boolean isShared(Disk disk, Disk.Dir in) {
    return isShared(disk.stat(in).mode());
  }

  /** Mode of a file that is made in a directory of the state directory. */
  public static int file(Disk disk, Disk.Dir in) {
    return isShared(disk, in) ? 0660 : 0600;
  }

  /** Mode of a file there that is never written again. */
  static int immutable(Disk disk, Disk.Dir in) {
    return isShared(disk, in) ? 0440 : 0400;
  }

  /** Mode of a file that others may read where they may look into the directory around it. */
  public static int readable(Disk disk, Disk.Dir in) {
    return (disk.stat(in).mode() & 0050) == 0050 ? 0644 : 0600;
  }

  /** Mode of a directory that is made there. */
  static int directory(Disk disk, Disk.Dir in) {
    return isShared(disk, in) ? 02770 : 0700;
  }
}
