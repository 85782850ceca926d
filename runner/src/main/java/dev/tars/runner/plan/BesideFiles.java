package dev.tars.runner.plan;

import dev.tars.runner.files.FilesBeneath;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Files beside an improvement file that hold contents and patches; each is read once. */
final class BesideFiles {
  private static final int MAX_BYTES = 32 << 20;
  private static final long MAX_TOTAL = 64L << 20;

  private final FilesBeneath files;
  private final RelativePath directory;
  private final Set<Digest> digests = new TreeSet<>();
  private long total;

  /**
   * @param directory the plan's own, below the root of {@code files}
   */
  BesideFiles(FilesBeneath files, RelativePath directory) {
    this.files = files;
    this.directory = directory;
  }

  /** The digests of all that was read, sorted. */
  Set<Digest> digests() {
    return digests;
  }

  /** Reads {@code map.key}, a path below the plan's directory, and checks {@code map.sha256}. */
  Optional<Bytes> read(YamlMap map, String key) {
    Optional<RelativePath> path = Values.path(map, key);
    Optional<Digest> wanted = Values.digest(map, "sha256");
    if (wanted.isEmpty() && !map.has("sha256")) {
      map.problem(
          key,
          key + " has no sha256",
          "add the SHA-256 of the file, so that it is part of the plan");
    }
    if (path.isEmpty() || wanted.isEmpty()) {
      return Optional.empty();
    }
    try {
      RelativePath file = directory;
      for (Bytes name : path.get().components()) {
        file = file.resolve(name);
      }
      byte[] bytes = files.read(file, MAX_BYTES);
      total += bytes.length;
      if (total > MAX_TOTAL) {
        throw new IOException(
            "with the files before it there are more than " + MAX_TOTAL + " bytes");
      }
      Digest found = Digest.of(bytes);
      if (!found.equals(wanted.get())) {
        map.problem(
            key,
            path.get() + " is not the file the plan names: its SHA-256 is " + found.hex(),
            "import or write the improvement again");
        return Optional.empty();
      }
      digests.add(found);
      return Optional.of(Bytes.of(bytes));
    } catch (IOException e) {
      String why = e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
      map.problem(
          key,
          path.get() + " cannot be read: " + Escape.line(String.valueOf(why)),
          "put the file beside the improvement file");
      return Optional.empty();
    }
  }
}
