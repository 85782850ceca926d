package dev.tars.runner.sandbox;

import java.nio.file.Path;
import java.util.List;

/**
 * An overlay that the box sees as one directory. Paths are on the host; below the state directory
 * their names are made by us.
 *
 * @param target absolute path in the box
 * @param lowers immutable, topmost first
 * @param upper takes the writes
 * @param work belongs to the kernel; on the same file system as {@code upper}
 */
public record LayerMount(String target, List<Path> lowers, Path upper, Path work) {
  public LayerMount {
    lowers = List.copyOf(lowers);
  }
}
