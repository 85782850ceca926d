package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes planted tests in the language of one tool. */
interface Sower {
  /** A test file of the baseline. */
  record Original(RelativePath path, String text) {
    String name() {
      String all = path.toString();
      return all.substring(all.lastIndexOf('/') + 1);
    }

    /** Its name up to the first dot. */
    String stem() {
      int dot = name().indexOf('.');
      return dot < 0 ? name() : name().substring(0, dot);
    }

    RelativePath beside(String name) {
      return path.parent().resolve(dev.tars.runner.model.Bytes.utf8(name));
    }
  }

  /** A planted file and what is in it. */
  record Sown(PlantedFile file, List<Sentinel> sentinels) {
    public Sown {
      sentinels = List.copyOf(sentinels);
    }
  }

  /** True if the tool may run a file of this name. */
  boolean mayBeTest(RelativePath path);

  /** True if a test can be added to it. */
  boolean takes(Original original);

  /** The assertions of the table that a text calls. */
  Set<AssertionTable.Row> calls(String text);

  /** The original with tests in it. */
  Sown added(Original original, Field field);

  /** A file of its own beside an original; empty if the tool would not run any. */
  Optional<Sown> own(Original beside, Set<AssertionTable.Row> calls, Field field);

  /** Collects what is planted in one file. */
  final class Field {
    private final SentinelNames names;
    private final Sentinel.Place place;
    private final List<Sentinel> sentinels = new ArrayList<>();

    Field(SentinelNames names, Sentinel.Place place) {
      this.names = names;
      this.place = place;
    }

    SentinelNames names() {
      return names;
    }

    /** A test that must fail, under a new name with this in front. */
    String red(String prefix, String way) {
      return add(prefix, true, way);
    }

    /** Code that fails, as no other planted code does. */
    String fill(String code) {
      return names.fill(code);
    }

    /** A test that must pass. */
    String green(String prefix) {
      return add(prefix, false, "nothing");
    }

    private String add(String prefix, boolean red, String way) {
      String name = prefix + (prefix.equals("Test") ? names.nextType() : names.next());
      sentinels.add(new Sentinel(name, red, way, place));
      return name;
    }

    Sown sown(RelativePath path, String text) {
      return new Sown(new PlantedFile(path, text), sentinels);
    }
  }
}
