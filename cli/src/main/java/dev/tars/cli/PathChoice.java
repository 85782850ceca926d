package dev.tars.cli;

import dev.tars.runner.context.FileChange;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.util.List;

/**
 * The paths of a change that a person wants to see.
 *
 * @param chosen files or directories, from the root of the workspace; empty means all
 */
record PathChoice(List<RelativePath> chosen) {

  static PathChoice of(List<String> paths) {
    return new PathChoice(paths.stream().map(PathChoice::path).toList());
  }

  private static RelativePath path(String given) {
    try {
      return RelativePath.of(given.endsWith("/") ? given.substring(0, given.length() - 1) : given);
    } catch (IllegalArgumentException e) {
      throw RunnerException.of(FailureCode.USAGE, String.valueOf(e.getMessage()))
          .cause(e)
          .help("give the path from the root of the workspace, as the list of files shows it");
    }
  }

  /** The files at or below what was chosen; a choice that fits none is refused. */
  List<FileChange> among(List<FileChange> files) {
    if (chosen.isEmpty()) {
      return files;
    }
    for (RelativePath one : chosen) {
      if (files.stream().noneMatch(file -> isBelow(file.path(), one))) {
        throw RunnerException.of(FailureCode.NOT_FOUND, "the change has no file at or below " + one)
            .help("see its files with `tarscli execute diff --stat`");
      }
    }
    return files.stream()
        .filter(file -> chosen.stream().anyMatch(one -> isBelow(file.path(), one)))
        .toList();
  }

  private static boolean isBelow(RelativePath path, RelativePath directory) {
    return path.equals(directory) || path.toString().startsWith(directory + "/");
  }
}
