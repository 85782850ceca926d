package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Original tests and a tool to planted files. Pure. */
public final class Planter {
  /** Test files that are looked through for assertions. */
  private static final int MOST_FILES = 400;

  private final Originals originals;
  private final Map<RelativePath, Change> changes = new HashMap<>();
  private final Set<String> ran;

  /**
   * @param ran names of tests that the gate reported
   */
  public Planter(Originals originals, ChangeSet changeSet, Set<String> ran) {
    this.originals = originals;
    this.ran = ran;
    changeSet.changes().forEach(change -> changes.put(change.path(), change));
  }

  /**
   * What is planted for a command: a pair in a file of its own, one in an original file.
   *
   * @param argv the gate's command
   */
  public Planting plant(List<String> argv, SentinelNames names) {
    Optional<ControlTool> tool = ControlTool.of(argv);
    if (tool.isEmpty()) {
      return new Planting.Impossible("no test can be planted for its tool");
    }
    Sower sower = tool.get().sower();
    List<Sower.Original> found =
        originals.files().stream()
            .filter(sower::mayBeTest)
            .filter(this::canStand)
            .limit(MOST_FILES)
            .flatMap(path -> originals.text(path).map(t -> new Sower.Original(path, t)).stream())
            .toList();
    Set<AssertionTable.Row> calls = new TreeSet<>();
    found.forEach(original -> calls.addAll(sower.calls(original.text())));
    Optional<Sower.Original> best = found.stream().filter(sower::takes).min(order(sower));
    if (best.isEmpty()) {
      return new Planting.Impossible("no original test file was found to plant one beside");
    }
    Sentinel.Place place =
        changes.containsKey(best.get().path()) ? Sentinel.Place.ALTERED : Sentinel.Place.ORIGINAL;
    List<Sower.Sown> sown = new ArrayList<>();
    sown.add(sower.added(best.get(), new Sower.Field(names, place)));
    sower.own(best.get(), calls, new Sower.Field(names, Sentinel.Place.OWN)).ifPresent(sown::add);
    return new Planting.Planted(
        sown.stream().map(Sower.Sown::file).toList(),
        sown.stream().flatMap(s -> s.sentinels().stream()).toList());
  }

  /** True if the change leaves the file and each directory that it is in what they are. */
  private boolean canStand(RelativePath path) {
    Change own = changes.get(path);
    if (own != null && !(own.after().orElse(null) instanceof TreeEntry.RegularFile)) {
      return false;
    }
    for (RelativePath p = path.parent(); !p.isRoot(); p = p.parent()) {
      Change change = changes.get(p);
      if (change != null && !(change.after().orElse(null) instanceof TreeEntry.Directory)) {
        return false;
      }
    }
    return true;
  }

  /** One that the change leaves alone, that was seen to run, near the change, with assertions. */
  private Comparator<Sower.Original> order(Sower sower) {
    return Comparator.<Sower.Original, Boolean>comparing(o -> changes.containsKey(o.path()))
        .thenComparing(o -> ran.stream().noneMatch(name -> name.contains(o.stem())))
        .thenComparingInt(o -> -nearness(o.path()))
        .thenComparingInt(o -> -sower.calls(o.text()).size())
        .thenComparing(Sower.Original::path);
  }

  /** Names that the path has in common with the changed path that is nearest. */
  private int nearness(RelativePath path) {
    int most = 0;
    for (RelativePath changed : changes.keySet()) {
      int common = 0;
      int shorter = Math.min(path.components().size(), changed.components().size());
      while (common < shorter
          && path.components().get(common).equals(changed.components().get(common))) {
        common++;
      }
      most = Math.max(most, common);
    }
    return most;
  }
}
