package dev.tars.runner.validation.control;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.workspace.ChangeSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Planting in files that are held in memory, with words that can be foreseen. */
final class Planted {
  static final ChangeSet NO_CHANGE =
      new ChangeSet(Digest.of(new byte[0]), List.of(), List.of(), List.of());

  private Planted() {}

  static Planting in(Map<String, String> files, String... argv) {
    return in(files, NO_CHANGE, argv);
  }

  static Planting in(Map<String, String> files, ChangeSet change, String... argv) {
    return new Planter(originals(files), change, Set.of()).plant(List.of(argv), words());
  }

  /** The same words each time. */
  static SentinelNames words() {
    return new SentinelNames(new Random(15));
  }

  static Originals originals(Map<String, String> files) {
    TreeMap<RelativePath, String> all = new TreeMap<>();
    files.forEach((path, text) -> all.put(RelativePath.of(path), text));
    return new Originals() {
      @Override
      public List<RelativePath> files() {
        return List.copyOf(all.keySet());
      }

      @Override
      public Optional<String> text(RelativePath path) {
        return Optional.ofNullable(all.get(path));
      }
    };
  }
}
