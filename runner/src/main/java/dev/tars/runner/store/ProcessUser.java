package dev.tars.runner.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who this process is to the kernel.
 *
 * @param groups its own and all further groups
 */
public record ProcessUser(int uid, Set<Integer> groups) {
  public ProcessUser {
    groups = Set.copyOf(groups);
  }

  /** It never changes: nothing in this process becomes another user. */
  public static ProcessUser current() {
    return Once.CURRENT;
  }

  private static final class Once {
    private static final ProcessUser CURRENT = read();
  }

  private static ProcessUser read() {
    try {
      Set<Integer> groups = new HashSet<>();
      int uid = -1;
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        String[] fields = line.split("\\s+");
        switch (fields[0]) {
          case "Uid:" -> uid = Integer.parseUnsignedInt(fields[2]); // the effective one
          case "Gid:" -> groups.add(Integer.parseUnsignedInt(fields[2]));
          case "Groups:" ->
              groups.addAll(
                  Arrays.stream(fields)
                      .skip(1)
                      .map(Integer::parseUnsignedInt)
                      .collect(Collectors.toSet()));
          default -> {}
        }
      }
      return new ProcessUser(uid, groups);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** True if the kernel lets it do everything to files. */
  public boolean isRoot() {
    return uid == 0;
  }
}
